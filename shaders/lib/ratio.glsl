// min(1, a / b) of 0..ONE; where b is 0 it is 1, but 0 where a is 0.
int ratio(int a, int b) {
    int whole = max(b, 1);
    return divide(min(a, whole), whole);
}

ivec3 ratio(ivec3 a, ivec3 b) { return ivec3(ratio(a.r, b.r), ratio(a.g, b.g), ratio(a.b, b.b)); }
