// B = cs; what dissolves is the source's alpha.
ivec3 blend_dissolve(ivec3 cb, ivec3 cs) { return cs; }

// C. Wellons' mixer lowbias32: each bit of what it takes turns about half of the bits of what it gives.
uint mixed_bits(uint v) {
    v ^= v >> 16;
    v *= 0x7feb352du;
    v ^= v >> 15;
    v *= 0x846ca68bu;
    return v ^ (v >> 16);
}

// An alpha made ONE or 0, by a threshold of 0..ONE - 1 that a position has. at: in pixels of the canvas.
int dissolved(int alpha, ivec2 at) {
    uint threshold = mixed_bits(mixed_bits(uint(at.y)) + uint(at.x)) >> 17;
    return alpha > int(threshold) ? ONE : 0;
}
