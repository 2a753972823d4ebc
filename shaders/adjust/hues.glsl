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

// 0 ... 6 ONE, red at 0, green at 2 ONE.
int hue_of(ivec3 c, int high, int low) {
    int middle = c.r + c.g + c.b - high - low;
    int part = divide(middle - low, high - low);
    int place = of_largest(c, high, ivec3(0, 2 * ONE, 4 * ONE));
    bool after = c.r == high ? c.g >= c.b : c.g == high ? c.b >= c.r : c.r >= c.g;
    return after ? place + part : (place + 6 * ONE - part) % (6 * ONE);
}

ivec3 painted(int hue, int high, int chroma) {
    int sector = hue >> 15;
    int part = mul(hue & (ONE - 1), chroma);
    int low = high - chroma;
    int middle = (sector & 1) == 1 ? high - part : low + part;
    if (sector == 0) return ivec3(high, middle, low);
    if (sector == 1) return ivec3(middle, high, low);
    if (sector == 2) return ivec3(low, high, middle);
    if (sector == 3) return ivec3(low, middle, high);
    if (sector == 4) return ivec3(middle, low, high);
    return ivec3(high, low, middle);
}
