// What a colour's channels are to one another, as reference/hues.py has it.

int largest(ivec3 c) { return max(max(c.r, c.g), c.b); }

int smallest(ivec3 c) { return min(min(c.r, c.g), c.b); }

// A number by which channel is the largest (of equal ones the first), or the smallest (of equal ones the last).
int of_largest(ivec3 c, int high, ivec3 numbers) {
    return c.r == high ? numbers.r : c.g == high ? numbers.g : numbers.b;
}

int of_smallest(ivec3 c, int low, ivec3 numbers) {
    return c.b == low ? numbers.b : c.g == low ? numbers.g : numbers.r;
}

// The hue, 0 ... 6 ONE - 1, red at 0, green at 2 ONE, turned by -5 ONE ... ONE - 1.
int turned_hue(ivec3 c, int high, int low, int turn) {
    int apart = of_largest(c, high, c.gbr - c.brg);
    int part = divide(abs(apart), high - low);
    int hue = of_largest(c, high, ivec3(0, 2, 4) * ONE) + (apart < 0 ? -part : part) + turn;
    return hue < 0 ? hue + 6 * ONE : hue;
}

// The colour of a hue, a largest channel and a chroma.
ivec3 painted(int hue, int high, int chroma) {
    ivec3 far = abs(hue - ivec3(3, 2, 4) * ONE);
    ivec3 share = clamp(ivec3(far.r - ONE, 2 * ONE - far.gb), 0, ONE);
    return high - chroma + ((share * chroma + HALF - (hue >> SHIFT & 1)) >> SHIFT);
}
