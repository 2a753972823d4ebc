// The alpha of an image. SOURCE is 8 or 15, what a channel of it is stored in.
#include "lib/fixed.glsl"
#define PLANE 1
#include "lib/target.glsl"

#if SOURCE == 8
layout(r32ui, binding = 1) readonly uniform uimage2D source_image;
int alpha(ivec2 at) { return to15(int(imageLoad(source_image, at).x >> 24)); }
#else
layout(rg32ui, binding = 1) readonly uniform uimage2D source_image;
int alpha(ivec2 at) { return int(imageLoad(source_image, at).y >> 16); }
#endif

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    store15(at, alpha(at));
}
