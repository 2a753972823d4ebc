// Blending options: ranges of values, fill that is not opacity, knockouts.

// way / whole, from 0 to ONE; where there is no way to go, ONE from 0 on.
int risen(int way, int whole) {
    int part = divide(clamp(way, 0, whole), whole);
    return whole == 0 && way >= 0 ? ONE : part;
}

// What a source shows by a value: nothing below the first slider and above the fourth, all from the second to the third.
int shown(int value, ivec4 sliders) {
    return mul(risen(value - sliders.x, sliders.y - sliders.x), risen(sliders.w - value, sliders.w - sliders.z));
}

// A source whose fill enters the blending, and is opacity only where there is no backdrop.
ivec4 over_filled(ivec4 backdrop, ivec3 source, ivec3 blended, int alpha, int fill, int bits) {
    int faded = mul(alpha, fill);
    int out_alpha = faded + backdrop.a - mul(faded, backdrop.a);
    int within = mul(alpha, backdrop.a);
    int heavy = within + mul(faded, ONE - backdrop.a);
    ivec3 mixed = lerp(source, blended, divide(within, heavy));
    return ivec4(lerp(backdrop.rgb, mixed, weight(min(heavy, out_alpha), out_alpha, bits)), out_alpha);
}
