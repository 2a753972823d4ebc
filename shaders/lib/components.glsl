// Luminosity and saturation of colours, and colours that are given another: W3C Compositing and Blending Level 1, 10.2.
#include "lib/ratio.glsl"

// Luminosity in steps of a hundredth of one: exact, at most 100 ONE.
int hundredfold_lum(ivec3 c) { return 30 * c.r + 59 * c.g + 11 * c.b; }

int lum(ivec3 c) { return (hundredfold_lum(c) + 50) / 100; }

int least(ivec3 c) { return min(min(c.r, c.g), c.b); }
int most(ivec3 c) { return max(max(c.r, c.g), c.b); }
int sat(ivec3 c) { return most(c) - least(c); }

// A colour's channels spread from 0 to s: the largest is s, the smallest 0, and that between keeps its share.
ivec3 set_sat(ivec3 c, int s) { return mul(ratio(c - least(c), ivec3(sat(c))), s); }

// The grey of t and what channels are apart from it, shrunk to what fits below it or above it. They are apart from their
// own luminosity: never do both the smallest and the largest lie beyond 0..ONE, and shrunk none does.
ivec3 fitted(ivec3 apart, int t) {
    int low = least(apart);
    bool below = t + low < 0;
    return t + mul(apart, ratio(below ? t : ONE - t, below ? -low : most(apart)));
}

// A colour moved to a luminosity t.
ivec3 set_lum(ivec3 c, int t) { return fitted(c - lum(c), t); }
