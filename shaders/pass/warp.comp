// Affine gather: sixteen neighbours about a 16.16 position, cubic weights at 1/256-pixel phases, on
// premultiplied values. Beyond the source a load gives 0: nothing lies there.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"
#include "lib/weighted.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int width, height; };
layout(std430, binding = 1) readonly buffer Columns { ivec2 columns[]; };
layout(std430, binding = 2) readonly buffer Rows { ivec2 rows[]; };
layout(std430, binding = 3) readonly buffer Phases { int phases[]; };

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    ivec2 position = columns[at.x] + rows[at.y];
    ivec2 first = (position >> 16) - 1;
    ivec2 phase = ((position >> 8) & 255) * 4;
    VALUE total = VALUE(0);
    for (int y = 0; y < 4; y++) {
        VALUE across = VALUE(1 << 13);
        for (int x = 0; x < 4; x++) {
            across += load_premultiplied(first + ivec2(x, y)) * phases[phase.x + x];
        }
        total += (across >> 14) * phases[phase.y + y];
    }
    store15(at, finished(rounded(total)));
}
