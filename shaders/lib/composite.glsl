// One layer onto its backdrop, on straight colour: W3C Compositing and Blending Level 1.

// A source's alpha as 8 bits hold it.
int share8(int share) { return to15((share * 255 + HALF) >> SHIFT); }

// a / b as levels of so many bits weigh by it.
int weight(int a, int b, int bits) { return bits == 8 ? share8(divide(a, b)) : divide(a, b); }

// A level as 8 bits hold it: where alpha rounds to 0 the whole pixel is 0.
ivec4 rounded8(ivec4 level) {
    ivec4 bytes = to8(level);
    return bytes.a == 0 ? ivec4(0) : to15(bytes);
}

// Over transparent black the source stands alone.
ivec4 over_nothing(ivec3 source, int alpha) { return alpha == 0 ? ivec4(0) : ivec4(source, alpha); }

// An opaque source leaves of a backdrop only what it blends with.
ivec4 opaque_over(ivec4 backdrop, ivec3 source, ivec3 blended) {
    return ivec4(lerp(source, blended, backdrop.a), ONE);
}

// Over an opaque backdrop the share of the source is its alpha.
ivec4 over_opaque(ivec4 backdrop, ivec3 blended, int alpha) {
    return ivec4(lerp(backdrop.rgb, blended, alpha), ONE);
}

// blended is B(cb, cs); it counts where there is a backdrop.
ivec4 over(ivec4 backdrop, ivec3 source, ivec3 blended, int alpha, int bits) {
    ivec3 mixed = lerp(source, blended, backdrop.a);
    int out_alpha = alpha + backdrop.a - mul(backdrop.a, alpha);
    return ivec4(lerp(backdrop.rgb, mixed, weight(alpha, out_alpha, bits)), out_alpha);
}

// The same onto a backdrop whose alpha stays.
ivec4 recolored(ivec4 backdrop, ivec3 blended, int alpha) {
    return ivec4(lerp(backdrop.rgb, blended, alpha), backdrop.a);
}

// A backdrop mixed with what became of it, by a share: colours weigh by their alpha, and nothing has none.
ivec4 mixed_back(ivec4 before, ivec4 after, int share, int bits) {
    int alpha = lerp(before.a, after.a, share);
    ivec3 mixed = lerp(before.rgb, after.rgb, weight(mul(after.a, share), alpha, bits));
    return alpha == 0 ? ivec4(0) : ivec4(mixed, alpha);
}
