// B = 1 where cb + cs >= 1 and cb > 0, else 0: vivid light at 1/2, but cb where both are 0 or 1
ivec3 blend_hard_mix(ivec3 cb, ivec3 cs) {
    ivec3 mixed = choose(ivec3(0), ivec3(ONE), greaterThanEqual(cb + cs, ivec3(ONE)));
    return choose(mixed, ivec3(0), equal(cb, ivec3(0)));
}

// B = (cb - fill (1 - cs)) / (1 - fill), from 0 to 1, where fill is below 1; all of it below 2^31
ivec3 blend_hard_mix_filled(ivec3 cb, ivec3 cs, int fill) {
    int divisor = max(ONE - fill, 1);
    ivec3 rest = max((cb << SHIFT) - (ONE - cs) * fill, 0);
    return min((rest + (divisor >> 1)) / divisor, ONE);
}
