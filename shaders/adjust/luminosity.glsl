// The luminosity of a colour, in 2^-14 steps, and a colour given another: SetLum of W3C Compositing, 10.2.
#include "lib/components.glsl"

int luminosity_of(ivec3 c) { return (c.r * 4915 + c.g * 9667 + c.b * 1802 + (1 << 13)) >> 14; }

ivec3 with_luminosity(ivec3 c, int wanted) { return fitted(c - luminosity_of(c), wanted); }
