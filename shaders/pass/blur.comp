// Gaussian blur along one axis (AXIS 0: vertical, first; 1: horizontal, second), on premultiplied values.
// An invocation writes BLOCK pixels, one after another along the axis.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

// The source pixel under the target's first (x, y); the radius; the weights from one side of the kernel to the
// other, between BLOCK - 1 zeros on either side.
uniform int parameters[PARAMETERS];

uint weight(int distance) { return uint(parameters[3 + BLOCK - 1 + parameters[2] + distance]); }

#include "lib/gaussian.glsl"

// No invocation returns early: see compose.comp. Beyond the target a store does nothing.
void main() {
    ivec2 step = AXIS == 0 ? ivec2(0, 1) : ivec2(1, 0);
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    at[1 - AXIS] *= BLOCK;
    UVALUE sums[BLOCK];
    gaussian(at + ivec2(parameters[0], parameters[1]), step, parameters[2], sums);
    for (int i = 0; i < BLOCK; i++) {
#if AXIS == 0
        store15(at + i * step, VALUE(sums[i]));
#else
        store_straight(at + i * step, VALUE(sums[i]));
#endif
    }
}
