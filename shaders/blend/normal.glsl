// B = cs
ivec3 blend_normal(ivec3 cb, ivec3 cs) { return cs; }
