// B = min(cb, cs)
ivec3 blend_darken(ivec3 cb, ivec3 cs) { return min(cb, cs); }
