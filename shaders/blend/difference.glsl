// B = |cb - cs|
ivec3 blend_difference(ivec3 cb, ivec3 cs) { return abs(cb - cs); }
