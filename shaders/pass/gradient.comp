// A gradient: each pixel's place by two sums of a column's and a row's term, and its colour in the ramp.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/target.glsl"

layout(std430, binding = 0) readonly buffer Parameters { int width, height, bits, left, top; };
layout(std430, binding = 1) readonly buffer Columns { ivec2 columns[]; };
layout(std430, binding = 2) readonly buffer Rows { ivec2 rows[]; };
layout(std430, binding = 3) readonly buffer Ramp { uvec2 ramp[]; };
layout(std430, binding = 4) readonly buffer Arctangents { uint arctangents[]; };

#include "lib/root.glsl"
#include "lib/gradient.glsl"

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= width || at.y >= height) return;
    ivec2 position = columns[at.x] + rows[at.y];
    ivec4 value = unpack15(ramp[entry(position.x, position.y, bits)]);
#if DITHER == 1
    value = dithered(value, uvec2(at + ivec2(left, top)));
#endif
    store15(at, value);
}
