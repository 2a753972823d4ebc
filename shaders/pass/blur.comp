// Gaussian blur along one axis (AXIS 0: vertical, first; 1: horizontal, second), on premultiplied values.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

layout(std430, binding = 0) readonly buffer Parameters {
    int width, height;                 // of the target
    int left, top;                     // the source pixel under the target's first
    int source_width, source_height;
    int radius;
};
layout(std430, binding = 1) readonly buffer Weights { uint weights[]; };

#include "filter/gaussian.glsl"

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    ivec2 centre = at + ivec2(left, top);
    ivec2 step = AXIS == 0 ? ivec2(0, 1) : ivec2(1, 0);
    ivec4 value = gaussian(centre, step, radius, ivec2(source_width, source_height));
#if AXIS == 0
    store15(at, value);
#else
    store15(at, straightened(value));
#endif
}
