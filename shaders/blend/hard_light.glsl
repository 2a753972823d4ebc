// B = overlay(cs, cb)
#include "blend/overlay.glsl"
ivec3 blend_hard_light(ivec3 cb, ivec3 cs) { return blend_overlay(cs, cb); }
