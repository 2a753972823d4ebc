// B = cb + cs - cb * cs
ivec3 blend_screen(ivec3 cb, ivec3 cs) { return cb + (cs - mul(cb, cs)); }
