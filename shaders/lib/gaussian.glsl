// The weighted sums about BLOCK neighbouring positions along one axis, with a kernel that sums to 2^16; every value
// is read once for all of them. Beyond the source a load gives 0: nothing lies there.
void gaussian(ivec2 first, ivec2 step, int radius, out UVALUE sums[BLOCK]) {
    for (int i = 0; i < BLOCK; i++) sums[i] = UVALUE(1u << 15);
    for (int d = -radius; d < radius + BLOCK; d++) {
        UVALUE value = UVALUE(load_premultiplied(first + d * step));
        for (int i = 0; i < BLOCK; i++) sums[i] += value * weight(d - i);
    }
    for (int i = 0; i < BLOCK; i++) sums[i] >>= 16;
}
