// C. Wellons' mixer lowbias32: each bit of what it takes turns about half of the bits of what it gives.
uint mixed_bits(uint v) {
    v ^= v >> 16;
    v *= 0x7feb352du;
    v ^= v >> 15;
    v *= 0x846ca68bu;
    return v ^ (v >> 16);
}

// 0..ONE - 1, any as often as any other. at: in pixels of the canvas.
int threshold(ivec2 at) { return int(mixed_bits(mixed_bits(uint(at.y)) + uint(at.x)) >> 17); }
