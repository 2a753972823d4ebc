// How much light falls on a plane that is taken as a height: see Relief in planning/planes.py, and reference/relief.py
// for how far each number goes.
#include "lib/fixed.glsl"
#include "lib/root.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

// The source pixel under the target's first (x, y), scale and shift of slopes, and the light's vector.
uniform int parameters[PARAMETERS];

const int SLOPE_BITS = 11;
const int STEEPEST = 1 << 15;

int slope(int difference) {
    int shift = parameters[3];
    return clamp((difference * parameters[2] + (1 << (shift - 1))) >> shift, -STEEPEST, STEEPEST);
}

int lit(int a, int b) {
    int length = int(root(uint(a * a) + uint(b * b) + (1u << (2 * SLOPE_BITS))));
    int inverse = int(((1u << (SLOPE_BITS + SHIFT)) + uint(length >> 1)) / uint(length));
    int along = (a * parameters[4] + b * parameters[5] + HALF) >> SHIFT;
    int cosine = mul(parameters[6], inverse) - ((along * inverse + (1 << (SLOPE_BITS - 1))) >> SLOPE_BITS);
    return clamp(cosine, 0, ONE);
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 from = at + ivec2(parameters[0], parameters[1]);
    int left = load_premultiplied(from - ivec2(1, 0)), right = load_premultiplied(from + ivec2(1, 0));
    int above = load_premultiplied(from - ivec2(0, 1)), below = load_premultiplied(from + ivec2(0, 1));
    store15(at, lit(slope(right - left), slope(below - above)));
}
