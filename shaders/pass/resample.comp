// Separable resampling along one axis (AXIS 0: rows, first; 1: columns, second), on premultiplied values.
// An invocation writes BLOCK pixels side by side across the axis, which share their weights.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"
#include "lib/weighted.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int length, taps; };
layout(std430, binding = 1) readonly buffer Starts { int starts[]; };
layout(std430, binding = 2) readonly buffer Weights { int weights[]; };

// No invocation returns early: see compose.comp. Beyond the target a store does nothing.
void main() {
    ivec2 across = AXIS == 0 ? ivec2(1, 0) : ivec2(0, 1);
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    at[AXIS] *= BLOCK;
    int place = min(at[1 - AXIS], length - 1);
    int start = starts[place];
    VALUE totals[BLOCK];
    for (int i = 0; i < BLOCK; i++) totals[i] = VALUE(0);
    ivec2 from = at;
    for (int k = 0; k < taps; k++) {
        int weight = weights[place * taps + k];
        from[1 - AXIS] = start + k;
        for (int i = 0; i < BLOCK; i++) totals[i] += load_premultiplied(from + i * across) * weight;
    }
    for (int i = 0; i < BLOCK; i++) {
#if AXIS == 0
        store15(at + i * across, halfway(rounded(totals[i])) + BIAS);
#else
        store15(at + i * across, finished(rounded(totals[i])));
#endif
    }
}
