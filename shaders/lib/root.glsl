// floor(sqrt(n)), n below 2^31 + 2^23. n turns into a float within 2^-24 of itself, and GLSL takes a root, one over an
// inverse root, within 2 + 2.5 ULP, so that of at most 46432 it is out by less than 2^-5 and a little: its whole part by
// at most one. The squares, below 2^32, say which way.
uint root(uint n) {
    uint q = uint(sqrt(float(n)));
    q -= q * q > n ? 1u : 0u;
    q += (q + 1u) * (q + 1u) <= n ? 1u : 0u;
    return q;
}
