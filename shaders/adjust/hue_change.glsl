// What changes of hue and saturation have in common.
#include "adjust/hues.glsl"

// Nearer to white, or below 0 to black.
ivec3 lightened(ivec3 c, int light) {
    ivec3 part = mul(light >= 0 ? ONE - c : c, abs(light));
    return light >= 0 ? c + part : c - part;
}

// A colour of a hue and a chroma that is multiplied twice, in 2^-9 steps, and has room at the lightness of its ends'
// sum.
ivec3 saturated(int hue, int both, int chroma, int saturation, int factor) {
    int room = min(both, 2 * ONE - both);
    chroma = min((chroma * saturation + 256) >> 9, room);
    chroma = min((chroma * factor + 256) >> 9, room);
    return painted(hue, (both + chroma + 1) >> 1, chroma);
}
