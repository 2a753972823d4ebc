// An image's colour without its alpha.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    store15(at, ivec4(load_straight(at).rgb, ONE));
}
