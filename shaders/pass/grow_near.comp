// For each pixel, what of its column (AXIS 0) or row (AXIS 1) counts when a plane grows: the nearest value above 0, the
// nearest of HALF or more, the nearest of ONE, each up to `reach` pixels away; of two at one distance the larger value.
// Each is a word, (reach + 1 - distance) << 16 | value: the more the nearer. Where the upper part is 0 there is none.
// Of the third that part is enough: it is the highest byte of the first.
//
// An invocation writes RUN pixels along the axis. What is nearest on one side is the pixel itself, or what was nearest
// to the one before it and is one further away: so it goes along them once from either end.
#include "lib/fixed.glsl"
#include "lib/source.glsl"

layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;

// The source pixel under the target's first (x, y), and the reach.
uniform int parameters[PARAMETERS];

ivec3 nearest(ivec3 near, ivec2 at) {
    int value = load_premultiplied(at), word = (parameters[2] + 1) << 16 | value;
    ivec3 here = ivec3(value > 0 ? word : 0, value >= HALF ? word : 0, value == ONE ? word : 0);
    return max(max(near - (1 << 16), 0), here);
}

void main() {
    ivec2 step = AXIS == 0 ? ivec2(0, 1) : ivec2(1, 0);
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    at[1 - AXIS] *= RUN;
    ivec2 first = at + ivec2(parameters[0], parameters[1]);
    int reach = parameters[2];
    ivec3 near = ivec3(0), before[RUN];
    for (int i = -reach; i < 0; i++) near = nearest(near, first + i * step);
    for (int i = 0; i < RUN; i++) {
        near = nearest(near, first + i * step);
        before[i] = near;
    }
    near = ivec3(0);
    for (int i = RUN - 1 + reach; i >= RUN; i--) near = nearest(near, first + i * step);
    for (int i = RUN - 1; i >= 0; i--) {
        near = nearest(near, first + i * step);
        uvec3 words = uvec3(max(near, before[i]));
        imageStore(target_image, at + i * step, uvec4(words.x | (words.z >> 16) << 24, words.y, 0u, 0u));
    }
}
