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

// A colour moved to a luminosity t; what then lies beyond 0..ONE is brought back along the line to the grey of t: the
// distances from there shrink to what fits below it or above it.
ivec3 set_lum(ivec3 c, int t) {
    ivec3 apart = c - lum(c);
    int fits = min(ratio(t, -least(apart)), ratio(ONE - t, most(apart)));
    return clamp(t + mul(apart, fits), 0, ONE);
}
