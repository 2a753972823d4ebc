// The saturation of all colours, after their lightness, and the word offset of what each half degree of hue changes.
#include "adjust/hue_change.glsl"
#include "lib/tables.glsl"

int of_degree(int word, int part) {
    int here = int(table_word(word)), next = int(table_word(word + 3));
    return here + (((next - here) * part + HALF) >> 15);
}

ivec3 apply_hue_saturation(ivec3 c, int offset) {
    int high = largest(c), low = smallest(c);
    int hue = turned_hue(c, high, low, 0);
    int word = parameters[offset + 2] + 3 * (hue * 120 >> 15), part = hue * 120 & (ONE - 1);
    int turn = of_degree(word, part), factor = of_degree(word + 1, part), lift = of_degree(word + 2, part);
    int chroma = high - low;
    int kept = chroma - mul(chroma, abs(lift));
    int both = lift >= 0 ? 2 * high - kept : 2 * low + kept;
    return saturated((hue + turn * 16 + 36 * ONE) % (6 * ONE), both, kept, parameters[offset + 1], factor);
}
