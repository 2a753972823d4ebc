// B = max(0, cb + cs - 1)
ivec3 blend_linear_burn(ivec3 cb, ivec3 cs) { return max(cb + cs - ONE, 0); }
