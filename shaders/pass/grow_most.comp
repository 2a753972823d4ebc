// A plane grown: for each pixel the most of radius + value - distance, held within 0..falloff * ONE and divided by
// falloff, over what grow_near.comp found in the columns and rows up to `reach` pixels away. Distances are looked up.
//
// An invocation writes RUN pixels, one below the other. Most are near enough to something to be ONE, or far from
// everything, and stored at once: of the others alone all that is near is gone through, by each invocation of its own.
#include "lib/fixed.glsl"
#include "lib/tables.glsl"
#define PLANE 1
#include "lib/target.glsl"

layout(rg32ui, binding = 1) readonly uniform uimage2D columns_image;
layout(rg32ui, binding = 3) readonly uniform uimage2D rows_image;

// Where in the columns' image the target's first x lies, and in the rows' image its first y; the reach, the radius and
// the falloff.
uniform int parameters[PARAMETERS];

// What is near in the column so far to the right, and in the row so far below. Beyond the images that is nothing, 0.
uvec2 column(ivec2 at, int across) { return imageLoad(columns_image, at + ivec2(parameters[0] + across, 0)).xy; }
uvec2 row(ivec2 at, int across) { return imageLoad(rows_image, at + ivec2(0, parameters[1] + across)).xy; }

// value - distance at most, of the nearest above 0 and of HALF or more. table: where the distances so far across begin.
int most_of(uvec2 near, int table) {
    int some = int(near.x & 65535u) - int(table_word(table + int(near.x >> 16 & 255u)));
    return max(some, int(near.y & 65535u) - int(table_word(table + int(near.y >> 16))));
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy) * ivec2(1, RUN);
    int reach = parameters[2], radius = parameters[3], falloff = parameters[4], enough = falloff * ONE - radius;
    int rows = 0;  // how many within reach have something near
    int waiting = 0;  // a bit for each pixel that is not stored yet
    for (int d = -reach; d < reach; d++) rows += int(row(at, d).x >> 16 != 0u);
    for (int i = 0; i < RUN; i++) {
        ivec2 here = at + ivec2(0, i);
        rows += int(row(here, reach).x >> 16 != 0u);
        int whole = int(max(column(here, 0).x, row(here, 0).x) >> 24);
        bool full = ONE - ((reach + 1 - whole) << SHIFT) >= enough;
        waiting |= rows > 0 && !full ? 1 << i : 0;
        store15(here, full ? ONE : 0);
        rows -= int(row(here, -reach).x >> 16 != 0u);
    }
    for (; waiting != 0; waiting &= waiting - 1) {
        ivec2 here = at + ivec2(0, findLSB(waiting));
        int most = -radius;
        // What lies d columns or rows away comes to ONE - d at most. (So d stays within the reach.)
        for (int d = 0; most < min(enough, ONE - (d << SHIFT)); d++) {
            int table = d * (reach + 2);
            uvec2 left = column(here, -d), right = column(here, d);
            // The nearest of ONE is the same by columns and by rows, and of two columns as far away the nearer one's.
            most = max(most, ONE - int(table_word(table + int(max(left.x, right.x) >> 24))));
            most = max(most, max(most_of(left, table), most_of(right, table)));
            most = max(most, max(most_of(row(here, -d), table), most_of(row(here, d), table)));
        }
        int grown = clamp(radius + most, 0, falloff * ONE);
        store15(here, quotient(grown + (falloff >> 1), falloff));
    }
}
