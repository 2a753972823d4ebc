// A plane of which a part is made ONE or 0, by the threshold of each position.
#include "lib/fixed.glsl"
#include "lib/threshold.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

// The position of the target's first pixel, and how much of a value is made so.
uniform int parameters[PARAMETERS];

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    int value = load_premultiplied(at);
    int whole = value > threshold(at + ivec2(parameters[0], parameters[1])) ? ONE : 0;
    store15(at, lerp(value, whole, parameters[2]));
}
