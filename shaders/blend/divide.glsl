// B = min(1, cb / cs), 0 where cb is 0
#include "lib/ratio.glsl"
ivec3 blend_divide(ivec3 cb, ivec3 cs) { return ratio(cb, cs); }
