// Distances from the luminosity: vibrance and saturation in 2^-12 steps.
#include "adjust/luminosity.glsl"
#include "adjust/hues.glsl"

ivec3 apply_vibrance(ivec3 c, int offset) {
    int grey = luminosity_of(c);
    int factor = (1 << 12) + mul(ONE - (largest(c) - smallest(c)), parameters[offset]);
    factor = (factor * ((1 << 12) + parameters[offset + 1]) + (1 << 11)) >> 12;
    return clamp(grey + (((c - grey) * factor + (1 << 11)) >> 12), ivec3(0), ivec3(ONE));
}
