// The weighted sum about a position, along one axis, with one side of a symmetric kernel that sums to 2^16.
// Nothing lies outside the source.
ivec4 gaussian(ivec2 centre, ivec2 step, int radius, ivec2 size) {
    uvec4 total = within(centre, size) ? uvec4(load_premultiplied(centre)) * weights[0] : uvec4(0u);
    for (int d = 1; d <= radius; d++) {
        ivec2 before = centre - d * step, after = centre + d * step;
        uvec4 pair = uvec4(0u);
        if (within(before, size)) pair += uvec4(load_premultiplied(before));
        if (within(after, size)) pair += uvec4(load_premultiplied(after));
        total += pair * weights[d];
    }
    return ivec4((total + (1u << 15)) >> 16);
}
