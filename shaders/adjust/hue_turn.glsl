// The saturation of all colours, after their lightness, and how far all hues turn: where the hue changes nothing else,
// no degree need be looked up.
#include "adjust/hue_change.glsl"

ivec3 apply_hue_turn(ivec3 c, int offset) {
    int high = largest(c), low = smallest(c);
    int hue = turned_hue(c, high, low, parameters[offset + 2]);
    return saturated(hue, high + low, high - low, parameters[offset + 1], 1 << 9);
}
