// B = min(1, cb + cs)
ivec3 blend_add(ivec3 cb, ivec3 cs) { return min(cb + cs, ivec3(ONE)); }
