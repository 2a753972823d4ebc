// B = multiply(2 cb, cs) where cb <= 1/2, else screen(2 cb - 1, cs)
// With u = 2 cb - 1 the first is cs + u cs, the second cs + u - u cs, each rounded alike. Where u is negative so
// are both u cs and u - u cs; so one formula holds for both.
ivec3 blend_overlay(ivec3 cb, ivec3 cs) {
    ivec3 upper = (cb << 1) - ONE;
    ivec3 product = mul(upper, cs);
    return cs + min(product, 0) + max(upper - product, 0);
}
