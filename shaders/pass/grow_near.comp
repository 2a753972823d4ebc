// For each pixel, what of its column (AXIS 0) or row (AXIS 1) counts when a plane grows: the nearest value above 0, the
// nearest of HALF or more, the nearest of ONE, each up to `reach` pixels away, with its distance; of two at one distance
// the larger value. FAR is the distance of what is not there. Two words: distance | value << 8 of the first and the
// second, and the distance of the third in the first word's highest byte.
#include "lib/fixed.glsl"
#include "lib/source.glsl"

layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;

// The source pixel under the target's first (x, y), and the reach.
uniform int parameters[PARAMETERS];

const int FAR = 255;

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy), step = AXIS == 0 ? ivec2(0, 1) : ivec2(1, 0);
    ivec2 middle = at + ivec2(parameters[0], parameters[1]);
    ivec2 some = ivec2(FAR, 0), most = ivec2(FAR, 0);
    int whole = FAR;
    for (int d = 0; d <= parameters[2]; d++) {
        int value = max(load_premultiplied(middle - d * step), load_premultiplied(middle + d * step));
        some = some.x == FAR && value > 0 ? ivec2(d, value) : some;
        most = most.x == FAR && value >= HALF ? ivec2(d, value) : most;
        whole = whole == FAR && value == ONE ? d : whole;
    }
    uvec2 words = uvec2(some.x | some.y << 8, most.x | most.y << 8) | uvec2(uint(whole) << 24, 0u);
    imageStore(target_image, at, uvec4(words, 0u, 0u));
}
