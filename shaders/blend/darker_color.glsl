// B = cs where its luminosity is the smaller, else cb
#include "lib/components.glsl"
ivec3 blend_darker_color(ivec3 cb, ivec3 cs) { return hundredfold_lum(cs) < hundredfold_lum(cb) ? cs : cb; }
