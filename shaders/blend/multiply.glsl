// B = cb * cs
ivec3 blend_multiply(ivec3 cb, ivec3 cs) { return mul(cb, cs); }
