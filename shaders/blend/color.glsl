// B = the hue and saturation of cs, the luminosity of cb
#include "lib/components.glsl"
ivec3 blend_color(ivec3 cb, ivec3 cs) { return set_lum(cs, lum(cb)); }
