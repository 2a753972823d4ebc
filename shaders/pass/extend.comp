// An image that goes on beyond its border: each pixel is the source's nearest one, or where it is mirrored the
// one as far on this side of the border.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int width, height, left, top, source_width, source_height; };

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    ivec2 size = ivec2(source_width, source_height);
    ivec2 place = at + ivec2(left, top);
#if MIRRORED
    ivec2 turned = place % (2 * size);
    store15(at, load_straight(min(turned, 2 * size - 1 - turned)));
#else
    store15(at, load_straight(clamp(place, ivec2(0), size - 1)));
#endif
}
