// B = cb + 2 cs - 1, from 0 to 1
ivec3 blend_linear_light(ivec3 cb, ivec3 cs) { return clamp(cb + (cs << 1) - ONE, 0, ONE); }
