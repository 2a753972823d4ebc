// B = the saturation of cs, the hue and luminosity of cb
#include "lib/components.glsl"
ivec3 blend_saturation(ivec3 cb, ivec3 cs) { return set_lum(set_sat(cb, sat(cs)), lum(cb)); }
