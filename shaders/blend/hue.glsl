// B = the hue of cs, the saturation and luminosity of cb
#include "lib/components.glsl"
ivec3 blend_hue(ivec3 cb, ivec3 cs) { return set_lum(set_sat(cs, sat(cb)), lum(cb)); }
