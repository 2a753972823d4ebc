// c + (c - s) * amount where they differ by more than threshold; amount in 2^-12 steps.
ivec3 sharpened(ivec3 c, ivec3 s, int amount, int threshold) {
    ivec3 difference = c - s;
    ivec3 sharp = clamp(c + ((difference * amount + (1 << 11)) >> 12), 0, ONE);
    return choose(c, sharp, greaterThan(abs(difference), ivec3(threshold)));
}
