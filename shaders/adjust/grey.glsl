// A grey by the weights of red, yellow, green, cyan, blue and magenta, in 2^-12 steps.
#include "adjust/hues.glsl"

ivec3 apply_grey(ivec3 c, int offset) {
    int high = largest(c), low = smallest(c);
    int middle = c.r + c.g + c.b - high - low;
    ivec3 one = ivec3(parameters[offset], parameters[offset + 2], parameters[offset + 4]);
    ivec3 two = ivec3(parameters[offset + 3], parameters[offset + 5], parameters[offset + 1]);
    int total = (high - middle) * of_largest(c, high, one) + (middle - low) * of_smallest(c, low, two);
    return ivec3(clamp(low + ((total + (1 << 11)) >> 12), 0, ONE));
}
