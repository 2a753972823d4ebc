// B = min(cb, 2 cs) where cs <= 1/2, else max(cb, 2 cs - 1): as 2 cs - 1 is then at most 0, and 2 cs else at least 1,
// one formula holds for both.
ivec3 blend_pin_light(ivec3 cb, ivec3 cs) {
    ivec3 twice = cs << 1;
    return max(min(cb, twice), twice - ONE);
}
