// B = cb + cs - 2 cb cs
ivec3 blend_exclusion(ivec3 cb, ivec3 cs) { return cb + cs - ((cb * cs + (1 << 13)) >> 14); }
