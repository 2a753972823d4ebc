// B = 1 where cb + cs >= 1 and cb > 0, else 0: vivid light at 1/2, but cb where both are 0 or 1
ivec3 blend_hard_mix(ivec3 cb, ivec3 cs) {
    ivec3 mixed = choose(ivec3(0), ivec3(ONE), greaterThanEqual(cb + cs, ivec3(ONE)));
    return choose(mixed, ivec3(0), equal(cb, ivec3(0)));
}
