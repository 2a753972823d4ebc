// An image repeated: each pixel is that of the source at a position modulo its size.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int width, height, left, top, period_x, period_y; };

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    store15(at, load_straight((at + ivec2(left, top)) % ivec2(period_x, period_y)));
}
