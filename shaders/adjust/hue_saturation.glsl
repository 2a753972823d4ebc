// Lightness of all, their saturation, and the word offset of what each degree of hue changes.
#include "adjust/hues.glsl"
#include "lib/tables.glsl"

int of_degree(int word, int part) {
    int here = int(table_word(word)), next = int(table_word(word + 3));
    return here + (((next - here) * part + HALF) >> 15);
}

ivec3 apply_hue_saturation(ivec3 c, int offset) {
    int light = parameters[offset];
    c = light >= 0 ? c + (((ONE - c) * light + HALF) >> 15) : c - ((c * -light + HALF) >> 15);
    int high = largest(c), low = smallest(c);
    int hue = hue_of(c, high, low);
    int word = parameters[offset + 2] + 3 * (hue * 60 >> 15), part = hue * 60 & (ONE - 1);
    int turn = of_degree(word, part), factor = of_degree(word + 1, part), lift = of_degree(word + 2, part);
    int chroma = high - low;
    int kept = chroma - mul(chroma, abs(lift));
    int both = lift >= 0 ? 2 * high - kept : 2 * low + kept;
    int room = min(both, 2 * ONE - both);
    chroma = min((kept * parameters[offset + 1] + 256) >> 9, room);
    chroma = min((chroma * factor + 256) >> 9, room);
    return painted((hue + turn * 16 + 36 * ONE) % (6 * ONE), (both + chroma + 1) >> 1, chroma);
}
