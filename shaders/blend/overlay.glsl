// B = multiply(2 cb, cs) where cb <= 1/2, else screen(2 cb - 1, cs)
ivec3 blend_overlay(ivec3 cb, ivec3 cs) {
    ivec3 twice = cb << 1;
    ivec3 upper = twice - ONE;
    ivec3 dark = mul(twice, cs);
    ivec3 light = upper + (cs - mul(upper, cs));
    return choose(light, dark, lessThanEqual(cb, ivec3(HALF)));
}
