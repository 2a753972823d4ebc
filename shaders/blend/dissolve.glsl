#include "lib/threshold.glsl"

// B = cs; what dissolves is the source's alpha.
ivec3 blend_dissolve(ivec3 cb, ivec3 cs) { return cs; }

// An alpha made ONE or 0, by the threshold of its position in pixels of the canvas.
int dissolved(int alpha, ivec2 at) { return alpha > threshold(at) ? ONE : 0; }
