// B = max(cb, cs)
ivec3 blend_lighten(ivec3 cb, ivec3 cs) { return max(cb, cs); }
