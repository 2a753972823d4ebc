// B = min(1, cb / (1 - cs)), 0 where cb is 0
#include "lib/ratio.glsl"
ivec3 blend_color_dodge(ivec3 cb, ivec3 cs) { return ratio(cb, ONE - cs); }
