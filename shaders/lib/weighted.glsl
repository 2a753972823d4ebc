// Sums of values weighted in 2^-14 steps. The kernel is below 0 in places, so beside an edge they go below 0 and
// above ONE, those of alpha and of premultiplied colour alike.

VALUE rounded(VALUE total) { return (total + (1 << 13)) >> 14; }

#if PLANE == 1
// A plane is as alpha.
int halfway(int sum) { return sum; }
int finished(int sum) { return clamp(sum, 0, ONE); }
#else
// Between two axes colour goes beyond 0..ONE no further than its alpha does.
ivec4 halfway(ivec4 sum) { return ivec4(clamp(sum.rgb, min(sum.a, 0), max(sum.a, ONE)), sum.a); }

// After the last the ratio of the sums is the colour, straight; only then is alpha clamped.
ivec4 finished(ivec4 sum) {
    ivec4 straight = straightened(max(sum, 0));
    return ivec4(straight.rgb, min(straight.a, ONE));
}
#endif
