// The fused pass: every layer of an area, bottom first, read once; the result written once.
// TARGET is 8 or 15. BACKDROP is 1 where the pass goes on from an earlier one.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/composite.glsl"

uniform int parameters[PARAMETERS];
layout(std430, binding = 0) readonly buffer Tables { uint tables[]; };

#include "adjust/table.glsl"
#include "adjust/matrix.glsl"
#include "lib/mask.glsl"

#if TARGET == 8
layout(r32ui, binding = 0) writeonly uniform uimage2D target_image;
#else
layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;
#endif

#if BACKDROP == 1
layout(rg32ui, binding = 1) readonly uniform uimage2D backdrop_image;
#endif

#include <layers>

// The last groups reach beyond the target. There a load gives 0 and a store does nothing (OpenGL 4.3, image load
// and store), so no invocation returns early: llvmpipe would mask all that follows, which costs a third more.
void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
#if BACKDROP == 1
    ivec4 color = unpack15(imageLoad(backdrop_image, at).xy);
#else
    ivec4 color = ivec4(parameters[0], parameters[1], parameters[2], parameters[3]);
#endif
    composite_layers(at, color);
    // llvmpipe stores one pixel after another, and LLVM draws arithmetic into that loop, but no choices: this one
    // keeps eight pixels packed side by side, and changes none.
    bool inside = all(lessThan(at, imageSize(target_image)));
#if TARGET == 8
    imageStore(target_image, at, uvec4(inside ? pack8(color) : 0u, 0u, 0u, 0u));
#else
    imageStore(target_image, at, uvec4(inside ? pack15(color) : uvec2(0u), 0u, 0u));
#endif
}
