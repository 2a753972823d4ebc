// Three rows of three weights and a constant, in 2^-12 steps, from an offset in the parameters.

int mixed_row(ivec3 c, int offset) {
    int total = c.r * parameters[offset] + c.g * parameters[offset + 1] + c.b * parameters[offset + 2];
    return clamp((total + parameters[offset + 3] * ONE + (1 << 11)) >> 12, 0, ONE);
}

ivec3 apply_mixer(ivec3 c, int offset) {
    return ivec3(mixed_row(c, offset), mixed_row(c, offset + 4), mixed_row(c, offset + 8));
}
