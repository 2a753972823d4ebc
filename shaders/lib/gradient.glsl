// Where in its ramp a pixel of a gradient lies. Same names as numbers/gradients.py, which says what u and v are;
// |u| and |v| are below 2^30. STYLE is 0 linear, 1 radial, 2 angle, 3 reflected, 4 diamond.

const int PLACE_BITS = 16;
const int RAMP_BITS = 14;
const int TURN = 1 << PLACE_BITS;
const int RATIO_BITS = 14;

#if STYLE == 2
// The angle of (u, v) in 2^-16 turns, by the arctangent of the smaller over the larger, which is brought below 2^16.
int turned(int u, int v) {
    int x = abs(u);
    int y = abs(v);
    int a = max(x, y);
    int b = min(x, y);
    int shift = max(findMSB(a) - 15, 0);
    a >>= shift;
    b >>= shift;
    uint ratio = (uint(b << RATIO_BITS) + uint(a >> 1)) / uint(max(a, 1));
    int angle = int(arctangents[ratio]);
    angle = y > x ? TURN / 4 - angle : angle;
    angle = u < 0 ? TURN / 2 - angle : angle;
    angle = v < 0 ? -angle : angle;
    return angle & (TURN - 1);
}
#endif

int place(int u, int v, int bits) {
    int one = 1 << bits;
    int up = PLACE_BITS - bits;
#if STYLE == 0
    return clamp(u, 0, one) << up;
#elif STYLE == 1
    uint x = uint(((min(abs(u), one) << up) + 1) >> 1);
    uint y = uint(((min(abs(v), one) << up) + 1) >> 1);
    return min((int(root(x * x + y * y)) << 1) + 1, TURN);
#elif STYLE == 2
    return turned(u, v);
#elif STYLE == 3
    return min(abs(u), one) << up;
#else
    return min(min(abs(u), one) + min(abs(v), one), one) << up;
#endif
}

// The nearest entry of the ramp.
int entry(int u, int v, int bits) {
    return (place(u, v, bits) + (1 << (PLACE_BITS - RAMP_BITS - 1))) >> (PLACE_BITS - RAMP_BITS);
}

// A value moved by up to half an 8-bit step, by a hash of the pixel's column and row; alpha stays where it is 0 or ONE.
ivec4 dithered(ivec4 value, uvec2 at) {
    uint mixed = at.x * 0xBB67AE85u + at.y * 0x510E527Fu;
    mixed ^= mixed >> 16;
    mixed *= 0x1F83D9ABu;
    mixed ^= mixed >> 15;
    mixed *= 0x5BE0CD19u;
    mixed ^= mixed >> 16;
    ivec4 bytes = ivec4(mixed & 255u, (mixed >> 8) & 255u, (mixed >> 16) & 255u, mixed >> 24);
    ivec4 moved = clamp(value + (((2 * bytes - 255) * 254 + 512) >> 10), 0, ONE);
    moved.a = value.a == 0 || value.a == ONE ? value.a : moved.a;
    return moved;
}
