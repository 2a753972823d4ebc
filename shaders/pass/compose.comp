// The fused pass: a run of a composition's instructions on levels in registers, every image read once, the result
// written once. TARGET is 8 or 15.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/composite.glsl"

uniform int parameters[PARAMETERS];

#include "lib/coverage.glsl"

#if TARGET == 8
layout(r32ui, binding = 0) writeonly uniform uimage2D target_image;
#else
layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;
#endif

#include <program>

// The last groups reach beyond the target. There a load gives 0 and a store does nothing (OpenGL 4.3, image load
// and store), so no invocation returns early: llvmpipe would mask all that follows, which costs a third more.
void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    // llvmpipe stores one pixel after another, and LLVM draws arithmetic into that loop, but no choices: this one
    // keeps eight pixels packed side by side, and changes none.
    bool inside = all(lessThan(at, imageSize(target_image)));
    ivec4 color = composited(at, inside);
#if TARGET == 8
    imageStore(target_image, at, uvec4(inside ? pack8(color) : 0u, 0u, 0u, 0u));
#else
    imageStore(target_image, at, uvec4(inside ? pack15(color) : uvec2(0u), 0u, 0u));
#endif
}
