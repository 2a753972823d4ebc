// Means of a plane's values, `side` of them one after another along one axis (AXIS 0: vertical, first; 1: horizontal,
// second). An invocation writes RUN pixels along the axis: each sum is the one before it, without its first value and
// with one more.
#include "lib/fixed.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

// The source pixel that the sum for the target's first pixel begins at (x, y), and how many values are added.
uniform int parameters[PARAMETERS];

void main() {
    ivec2 step = AXIS == 0 ? ivec2(0, 1) : ivec2(1, 0);
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    at[1 - AXIS] *= RUN;
    ivec2 first = at + ivec2(parameters[0], parameters[1]);
    int side = parameters[2], sum = side >> 1;
    for (int i = 0; i < side; i++) sum += load_premultiplied(first + i * step);
    for (int i = 0; i < RUN; i++) {
        store15(at + i * step, quotient(sum, side));
        sum += load_premultiplied(first + (i + side) * step) - load_premultiplied(first + i * step);
    }
}
