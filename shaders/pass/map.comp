// A plane's values looked up in a table: 16-bit values, two in a word.
#include "lib/fixed.glsl"
#include "lib/source.glsl"
#include "lib/target.glsl"

#include "adjust/table.glsl"

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    store15(at, table_value(0, load_premultiplied(at)));
}
