// Separable resampling along one axis (AXIS 0: rows, first; 1: columns, second), on premultiplied values.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"
#include "transform/weighted.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int width, height, taps; };
layout(std430, binding = 1) readonly buffer Starts { int starts[]; };
layout(std430, binding = 2) readonly buffer Weights { int weights[]; };

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    int start = starts[at[1 - AXIS]];
    int first = at[1 - AXIS] * taps;
    ivec4 total = ivec4(0);
    for (int k = 0; k < taps; k++) {
        ivec2 from = at;
        from[1 - AXIS] = start + k;
        total += load_premultiplied(from) * weights[first + k];
    }
#if AXIS == 0
    store15(at, weighted(total));
#else
    store15(at, straightened(weighted(total)));
#endif
}
