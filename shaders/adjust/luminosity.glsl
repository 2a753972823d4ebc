// The luminosity of a colour, and a colour given another: SetLum and ClipColor of W3C Compositing, 10.2.

int luminosity_of(ivec3 c) { return (c.r * 4915 + c.g * 9667 + c.b * 1802 + (1 << 13)) >> 14; }

ivec3 with_luminosity(ivec3 c, int wanted) {
    ivec3 moved = c + (wanted - luminosity_of(c));
    int low = min(min(moved.r, moved.g), moved.b);
    int high = max(max(moved.r, moved.g), moved.b);
    int share = ONE;
    if (low < 0) share = divide(wanted, wanted - low);
    if (high > ONE) share = divide(ONE - wanted, high - wanted);
    ivec3 away = moved - wanted;
    return clamp(wanted + ((away * share + HALF) >> 15), ivec3(0), ivec3(ONE));
}
