// What nine ranges add to each channel, in 2^-13 steps, three numbers each, and whether relative to what is there.
#include "adjust/hues.glsl"

ivec3 amounts_of(int offset, int range) {
    int first = offset + 3 * range;
    return ivec3(parameters[first], parameters[first + 1], parameters[first + 2]);
}

ivec3 inked(ivec3 c, int offset, ivec3 amounts, int share) {
    bool relative = parameters[offset + 27] == 1;
    ivec3 ink = relative ? (amounts * (ONE - c) + (1 << 12)) >> 13 : amounts * 4;
    return (clamp(ink, -c, ONE - c) * share + HALF) >> 15;
}

ivec3 apply_selective_color(ivec3 c, int offset) {
    int high = largest(c), low = smallest(c);
    int middle = c.r + c.g + c.b - high - low;
    ivec3 one = amounts_of(offset, of_largest(c, high, ivec3(0, 2, 4)));
    ivec3 two = amounts_of(offset, of_smallest(c, low, ivec3(3, 5, 1)));
    ivec3 total = c + inked(c, offset, one, high - middle) + inked(c, offset, two, middle - low);
    total += inked(c, offset, amounts_of(offset, 6), max(2 * low - ONE, 0));
    total += inked(c, offset, amounts_of(offset, 7), ONE - abs(high - HALF) - abs(low - HALF));
    total += inked(c, offset, amounts_of(offset, 8), max(ONE - 2 * high, 0));
    return clamp(total, ivec3(0), ivec3(ONE));
}
