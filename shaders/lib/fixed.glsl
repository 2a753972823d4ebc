// The only rounding arithmetic: channels are integers 0..ONE, ONE = 2^15. Same names as numbers/fixed.py.

const int SHIFT = 15;
const int ONE = 1 << SHIFT;
const int HALF = ONE >> 1;

int to15(int v8) { return (v8 * 257 + 1) >> 1; }
ivec4 to15(ivec4 v8) { return (v8 * 257 + 1) >> 1; }
ivec4 to8(ivec4 v15) { return (v15 * 255 + HALF) >> SHIFT; }

int mul(int a, int b) { return (a * b + HALF) >> SHIFT; }
ivec3 mul(ivec3 a, int b) { return (a * b + HALF) >> SHIFT; }
ivec3 mul(ivec3 a, ivec3 b) { return (a * b + HALF) >> SHIFT; }

int lerp(int a, int b, int t) { return a + (((b - a) * t + HALF) >> SHIFT); }
ivec3 lerp(ivec3 a, ivec3 b, int t) { return a + (((b - a) * t + HALF) >> SHIFT); }

// The whole part of n / d of 0 <= n < 2^31 and d > 0, where that is at most 2^15. n turns into a float within 1 ULP
// (d exactly), GLSL divides within 2.5: the quotient, at most 2^15 + 1/2, is out by less than 3.5 * 2^-23 of itself
// (and a little), so by less than 2^-6, and its whole part by at most one. The remainder, exact in integers, says
// which way, by its sign and that of what it lacks to d.
int quotient(int n, int d) {
    int q = int(float(n) / float(d));
    int r = n - q * d;
    return q + (r >> 31) - ((d - 1 - r) >> 31);
}

// a / b of 0 <= a <= b < 2^16 - 1, and 0 where b is 0. Where b is 0 so is a, and all of it comes to 0.
int divide(int a, int b) { return quotient((a << SHIFT) + (b >> 1), max(b, 1)); }

// Each component of b where the condition holds, else of a.
ivec3 choose(ivec3 a, ivec3 b, bvec3 condition) {
    return ivec3(condition.x ? b.x : a.x, condition.y ? b.y : a.y, condition.z ? b.z : a.z);
}
