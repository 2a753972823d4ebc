// The one output of a spatial pass, 15-bit: premultiplied after the first pass of a separable filter,
// straight after the last.

layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;

void store15(ivec2 at, ivec4 value) { imageStore(target_image, at, uvec4(pack15(value), 0u, 0u)); }
