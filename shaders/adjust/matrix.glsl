// A 3 x 3 colour matrix in 2^-14 steps, row by row, from an offset in the parameters.

int matrix_row(ivec3 c, int offset) {
    int total = c.r * parameters[offset] + c.g * parameters[offset + 1] + c.b * parameters[offset + 2];
    return clamp((total + (1 << 13)) >> 14, 0, ONE);
}

ivec3 apply_matrix(ivec3 c, int offset) {
    return ivec3(matrix_row(c, offset), matrix_row(c, offset + 3), matrix_row(c, offset + 6));
}
