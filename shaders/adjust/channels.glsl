// A curve for each channel: three word offsets in the tables, and whether the luminosity stays.
#include "adjust/luminosity.glsl"
#include "adjust/table.glsl"

ivec3 apply_channels(ivec3 c, int offset) {
    ivec3 found = ivec3(
        table_value(parameters[offset], c.r),
        table_value(parameters[offset + 1], c.g),
        table_value(parameters[offset + 2], c.b));
    return parameters[offset + 3] == 1 ? with_luminosity(found, luminosity_of(c)) : found;
}
