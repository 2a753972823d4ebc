// The 3 x 3 kernel (1 1 1 / 1 5 1 / 1 1 1) / 13 on premultiplied values. Beyond the source
// a load gives 0, nothing lies there, and a store does nothing.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    uvec4 total = uvec4(load_premultiplied(at)) * 4u;
    for (int y = -1; y <= 1; y++) {
        for (int x = -1; x <= 1; x++) total += uvec4(load_premultiplied(at + ivec2(x, y)));
    }
    store_straight(at, ivec4((total + 6u) / 13u));
}
