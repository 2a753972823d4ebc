// Unsharp mask: the source against a smoothed copy of its size; alpha stays.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"
#include "lib/sharpened.glsl"

layout(rg32ui, binding = 2) readonly uniform uimage2D smooth_image;
layout(std430, binding = 0) readonly buffer Parameters { int width, height, amount, threshold; };

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    ivec4 source = load_straight(at);
    ivec3 soft = unpack15(imageLoad(smooth_image, at).xy).rgb;
    store15(at, ivec4(sharpened(source.rgb, soft, amount, threshold), source.a));
}
