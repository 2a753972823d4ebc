// A plane grown: for each pixel the most of radius + value - distance, held within 0..ONE (or falloff * ONE, and divided
// by that), over what grow_near.comp found in the columns (AXIS 0) or rows (AXIS 1) up to `reach` pixels away. Distances
// are looked up, in 2^-15 pixels. SECOND is 1 where it is that or what the pass along the other axis has stored,
// whichever is more.
#include "lib/fixed.glsl"
#include "lib/tables.glsl"
#define PLANE 1
#include "lib/target.glsl"

layout(rg32ui, binding = 1) readonly uniform uimage2D near_image;
#if SECOND == 1
layout(r16ui, binding = 3) readonly uniform uimage2D first_image;
#endif

// The near pixel under the target's first (x, y), the reach, the radius and the falloff.
uniform int parameters[PARAMETERS];

const int FAR = 255;

int grown(int across, int along, int value, int reach) {
    int away = int(table_word(across * (reach + 1) + min(along, reach)));
    return along == FAR || value == 0 ? -parameters[3] : value - away;
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy), step = AXIS == 0 ? ivec2(1, 0) : ivec2(0, 1);
    ivec2 middle = at + ivec2(parameters[0], parameters[1]);
    int reach = parameters[2], most = -parameters[3];
    for (int d = -reach; d <= reach; d++) {
        uvec2 words = imageLoad(near_image, middle + d * step).xy;
        int whole = words == uvec2(0u) ? 0 : ONE;  // beyond the image a load gives 0, which no pixel of it is
        most = max(most, grown(abs(d), int(words.x & 255u), int(words.x >> 8 & 65535u), reach));
        most = max(most, grown(abs(d), int(words.y & 255u), int(words.y >> 8), reach));
        most = max(most, grown(abs(d), int(words.x >> 24), whole, reach));
    }
    uint falloff = uint(parameters[4]);
    int value = int((uint(clamp(parameters[3] + most, 0, ONE * parameters[4])) + falloff / 2u) / falloff);
#if SECOND == 1
    value = max(value, int(imageLoad(first_image, at).x));
#endif
    store15(at, value);
}
