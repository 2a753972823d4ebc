// The one output of a spatial pass, 15-bit: an image's values premultiplied after the first pass of a separable
// filter, straight after the last. A plane has one channel, which is neither.

#if PLANE == 1
layout(r16ui, binding = 0) writeonly uniform uimage2D target_image;

void store15(ivec2 at, int value) { imageStore(target_image, at, uvec4(uint(value), 0u, 0u, 0u)); }
void store_straight(ivec2 at, int value) { store15(at, value); }
#else
layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;

void store15(ivec2 at, ivec4 value) { imageStore(target_image, at, uvec4(pack15(value), 0u, 0u)); }
void store_straight(ivec2 at, ivec4 premultiplied) { store15(at, straightened(premultiplied)); }
#endif
