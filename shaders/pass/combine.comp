// One plane, or the product of two or their difference without its sign (DIFFERENCE 1), each moved, inverted or not and
// as dense as it is: lerp(ONE, value, density). BITS_n is 8 or 15, what a value of plane n is stored in. Beyond a plane a
// load gives 0 (OpenGL 4.3, image load and store).
#include "lib/fixed.glsl"
#include "lib/coverage.glsl"

#define PLANE 1
#include "lib/target.glsl"

#if BITS_0 == 8
layout(r8ui, binding = 1) readonly uniform uimage2D plane_0;
#else
layout(r16ui, binding = 1) readonly uniform uimage2D plane_0;
#endif
#if PARTS == 2
#if BITS_1 == 8
layout(r8ui, binding = 2) readonly uniform uimage2D plane_1;
#else
layout(r16ui, binding = 2) readonly uniform uimage2D plane_1;
#endif
#endif

uniform int parameters[PARAMETERS];

int part(int value, int first) {
    int shown = parameters[first + 2] == 1 ? ONE - value : value;
    return lerp(ONE, shown, parameters[first + 3]);
}

ivec2 from(ivec2 at, int first) { return at - ivec2(parameters[first], parameters[first + 1]); }

int value15(uint value, int bits) { return bits == 8 ? coverage8(value) : int(value); }

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    int value = part(value15(imageLoad(plane_0, from(at, 0)).x, BITS_0), 0);
#if PARTS == 2
    int other = part(value15(imageLoad(plane_1, from(at, 4)).x, BITS_1), 4);
    value = DIFFERENCE == 1 ? abs(value - other) : mul(value, other);
#endif
    store15(at, value);
}
