// The 3 x 3 kernel (1 1 1 / 1 5 1 / 1 1 1) / 13 on premultiplied values; nothing lies outside the source.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int width, height; };

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = ivec2(width, height);
    if (!within(at, size)) return;
    uvec4 total = uvec4(load_premultiplied(at)) * 4u;
    for (int y = -1; y <= 1; y++) {
        for (int x = -1; x <= 1; x++) {
            ivec2 near = at + ivec2(x, y);
            if (within(near, size)) total += uvec4(load_premultiplied(near));
        }
    }
    store15(at, straightened(ivec4((total + 6u) / 13u)));
}
