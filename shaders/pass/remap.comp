// Gather by tables: the mean of samples over a small parallelogram about each pixel's own position, by cubic weights
// at 1/256-pixel phases, on premultiplied values, and alpha times a coverage. Beyond its edges the source goes on.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"
#include "lib/weighted.glsl"

// The tables are those of `rows` rows from `top` on.
layout(std430, binding = 0) readonly buffer Parameters { int width, rows, top, source_width, source_height; };
layout(std430, binding = 1) readonly buffer Positions { ivec2 positions[]; };
layout(std430, binding = 2) readonly buffer Spreads { ivec2 spreads[]; };
layout(std430, binding = 3) readonly buffer Covered { uint covered[]; };
layout(std430, binding = 4) readonly buffer Phases { int phases[]; };

// As in numbers/gathering.py.
const int LEAST_SPREAD = 16;
const int MOST_BITS = 5;

int sample_bits(ivec2 side) {
    int longest = max(abs(side.x), abs(side.y));
    int bits = int(longest >= LEAST_SPREAD);
    for (int more = 1; more < MOST_BITS; more++) bits += int(longest > (256 << more));
    return bits;
}

// Two 16-bit numbers of a word, the lower first.
ivec2 halves(int word) { return ivec2(bitfieldExtract(word, 0, 16), bitfieldExtract(word, 16, 16)); }

// From the middle of a side to the middle of one of its 2^bits equal parts.
ivec2 part(ivec2 side, int index, int bits) { return (side * ((2 * index + 1 - (1 << bits)) * 128)) >> bits; }

VALUE gathered(ivec2 position) {
    ivec2 first = (position >> 16) - 1;
    ivec2 phase = ((position >> 8) & 255) * 4;
    ivec2 last = ivec2(source_width, source_height) - 1;
    VALUE total = VALUE(0);
    for (int y = 0; y < 4; y++) {
        VALUE across = VALUE(1 << 13);
        for (int x = 0; x < 4; x++) {
            across += load_premultiplied(clamp(first + ivec2(x, y), ivec2(0), last)) * phases[phase.x + x];
        }
        total += (across >> 14) * phases[phase.y + y];
    }
    return rounded(total);
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= rows) return;
    int index = at.y * width + at.x;
    int coverage = int(covered[index]);
    VALUE value = VALUE(0);
    if (coverage > 0) {
        ivec2 across = halves(spreads[index].x);
        ivec2 down = halves(spreads[index].y);
        int m = sample_bits(across);
        int n = sample_bits(down);
        VALUE sum = VALUE((1 << (m + n)) >> 1);
        for (int j = 0; j < (1 << n); j++) {
            for (int i = 0; i < (1 << m); i++) {
                sum += gathered(positions[index] + part(across, i, m) + part(down, j, n));
            }
        }
        value = finished(sum >> (m + n));
#if PLANE == 1
        value = mul(value, coverage);
#else
        value.a = mul(value.a, coverage);
#endif
    }
    store15(at + ivec2(0, top), value);
}
