// B = 1 - min(1, (1 - cb) / cs), 1 where cb is 1
#include "lib/ratio.glsl"
ivec3 blend_color_burn(ivec3 cb, ivec3 cs) { return ONE - ratio(ONE - cb, cs); }
