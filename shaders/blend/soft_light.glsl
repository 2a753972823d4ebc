// B = cb - (1 - 2 cs) cb (1 - cb) where cs <= 1/2, else cb + (2 cs - 1) (D(cb) - cb);
// D(cb) = ((16 cb - 12) cb + 4) cb where cb <= 1/4, else the root of cb

// The root of cb to nearest, which is k where k k - k < n <= k k + k, for n = cb << 15: no n lies halfway. n turns
// into a float within 1 ULP and GLSL's root is within some 5, of 2^-8 at most: before it is corrected k is out by at
// most one.
int nearest_root(int cb) {
    int n = cb << SHIFT;
    int k = int(sqrt(float(n)) + 0.5);
    k += n > k * k + k ? 1 : 0;
    k -= n <= k * k - k ? 1 : 0;
    return k;
}

ivec3 blend_soft_light(ivec3 cb, ivec3 cs) {
    ivec3 upper = (cs << 1) - ONE;
    // D = 4 ((4 cb - 3) cb + 1) cb, what is in the outer brackets in 2^-17 steps. For cb <= 1/4 all is below 2^30:
    // |4 cb - 3| <= 3 ONE, times 2^13; 2^17 times 2^13.
    ivec3 low = min(cb, ivec3(ONE >> 2));
    ivec3 inner = (ONE << 2) + ((((low << 2) - 3 * ONE) * low + (1 << 12)) >> 13);
    ivec3 curve = mul(inner, low);
    ivec3 root = ivec3(nearest_root(cb.r), nearest_root(cb.g), nearest_root(cb.b));
    ivec3 lighter = choose(root, curve, lessThanEqual(cb, ivec3(ONE >> 2))) - cb;
    ivec3 darker = mul(cb, ONE - cb);
    return cb + mul(upper, choose(darker, lighter, greaterThan(upper, ivec3(0))));
}
