// B = max(0, cb - cs)
ivec3 blend_subtract(ivec3 cb, ivec3 cs) { return max(cb - cs, 0); }
