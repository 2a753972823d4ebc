// A plane's values as colours: entries of a ramp, each two words.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/tables.glsl"
#include "lib/target.glsl"

#if SOURCE == 8
layout(r8ui, binding = 1) readonly uniform uimage2D source_image;
int value(ivec2 at) { return to15(int(imageLoad(source_image, at).x)); }
#else
layout(r16ui, binding = 1) readonly uniform uimage2D source_image;
int value(ivec2 at) { return int(imageLoad(source_image, at).x); }
#endif

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    int word = ((value(at) + 1) >> 1) << 1;
    store15(at, unpack15(uvec2(table_word(word), table_word(word + 1))));
}
