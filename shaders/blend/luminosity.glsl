// B = the luminosity of cs, the hue and saturation of cb
#include "lib/components.glsl"
ivec3 blend_luminosity(ivec3 cb, ivec3 cs) { return set_lum(cb, lum(cs)); }
