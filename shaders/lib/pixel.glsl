// How pixels are packed. 8-bit: one uint, red in the low byte. 15-bit: two uints, red | green << 16 and
// blue | alpha << 16. Fields are joined with |, which no driver miscompiles.

ivec4 unpack8(uint word) {
    return to15(ivec4(word & 255u, (word >> 8) & 255u, (word >> 16) & 255u, word >> 24));
}

// Where alpha rounds to 0 the whole pixel is 0.
uint pack8(ivec4 v15) {
    uvec4 v = uvec4(to8(v15));
    return v.a == 0u ? 0u : v.r | (v.g << 8) | (v.b << 16) | (v.a << 24);
}

ivec4 unpack15(uvec2 words) {
    return ivec4(words.x & 65535u, words.x >> 16, words.y & 65535u, words.y >> 16);
}

uvec2 pack15(ivec4 v15) {
    uvec4 v = uvec4(v15);
    return uvec2(v.r | (v.g << 16), v.b | (v.a << 16));
}

ivec4 premultiplied(ivec4 straight) { return ivec4(mul(straight.rgb, straight.a), straight.a); }

// None below 0; alpha may be above ONE.
ivec4 straightened(ivec4 premultiplied) {
    ivec3 c = min(premultiplied.rgb, ivec3(premultiplied.a));
    int a = premultiplied.a;
    return ivec4(divide(c.r, a), divide(c.g, a), divide(c.b, a), a);
}
