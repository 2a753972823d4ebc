// A cube of colours, tetrahedrally interpolated: its size and its word offset in the tables.
#include "adjust/table.glsl"

ivec3 cube_node(int offset, int index) {
    return ivec3(table_value(offset, index), table_value(offset, index + 1), table_value(offset, index + 2));
}

ivec3 apply_cube(ivec3 c, int offset) {
    int size = parameters[offset], at = parameters[offset + 1];
    ivec3 place = c * (size - 1);
    ivec3 node = min(place >> 15, ivec3(size - 2));
    ivec3 f = place - (node << 15);
    ivec3 steps = ivec3(3, 3 * size, 3 * size * size);
    int start = node.r * steps.r + node.g * steps.g + node.b * steps.b;
    bool rg = f.r >= f.g, gb = f.g >= f.b, rb = f.r >= f.b;
    int first = rg && rb ? steps.r : !rg && gb ? steps.g : steps.b;
    int last = !rg && !rb ? steps.r : rg && !gb ? steps.g : steps.b;
    int whole = steps.r + steps.g + steps.b;
    int most = max(max(f.r, f.g), f.b), least = min(min(f.r, f.g), f.b);
    int middle = f.r + f.g + f.b - most - least;
    ivec3 total = cube_node(at, start) * (ONE - most) + cube_node(at, start + first) * (most - middle)
        + cube_node(at, start + whole - last) * (middle - least) + cube_node(at, start + whole) * least;
    return (total + HALF) >> 15;
}
