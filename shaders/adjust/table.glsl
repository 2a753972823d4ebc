// A curve for all three channels: 16-bit values, two in a word, from a word offset in the tables.
#include "lib/tables.glsl"

int table_value(int offset, int v) {
    uint word = table_word(offset + (v >> 1));
    return int((v & 1) == 0 ? word & 65535u : word >> 16);
}

ivec3 apply_table(ivec3 c, int offset) {
    return ivec3(table_value(offset, c.r), table_value(offset, c.g), table_value(offset, c.b));
}
