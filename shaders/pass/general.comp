// The general pass: interprets up to COUNT instructions, whatever they are, so that a stack whose shape is new need
// not wait for a program of its own. It computes what the programs that `compose.comp` is made into compute.
//
// TARGET is 8 or 15; STORED is 1 where level 0 was stored by an earlier pass; SAMPLED is 1 where images are read as
// textures, of either format, and 0 where all are 8-bit and read by image units. MASKS, OPS and LEVELS are 1 where an
// instruction has a mask, colour operations or a level of its own; BIT_DEPTH is 8 where levels are rounded to that
// after an instruction, else 16; DISSOLVE is the number of that mode, and -1 where
// the program does not have it: what a program has not it need not skip, and
// llvmpipe skips nothing, it computes both sides of each choice. For the same reason the instructions are written one
// after another (the include <steps>) and not looped over: the numbers of each are then in known places.
#include "lib/fixed.glsl"
#include "lib/pixel.glsl"
#include "lib/composite.glsl"

uniform int parameters[PARAMETERS];

#if OPS == 1
#include "adjust/table.glsl"
#include "adjust/matrix.glsl"
#endif
#include "lib/coverage.glsl"

#if TARGET == 8
layout(r32ui, binding = 0) writeonly uniform uimage2D target_image;
#else
layout(rg32ui, binding = 0) writeonly uniform uimage2D target_image;
#endif
#if STORED == 1
layout(rg32ui, binding = 1) readonly uniform uimage2D stored_image;
#endif

#include <blending>

// The level that is drawn on, and those below it, the nearest first.
ivec4 level;
ivec4 below_1, below_2, below_3, below_4;

ivec2 pair(int first) { return ivec2(parameters[first], parameters[first + 1]); }

ivec4 four(int first) { return ivec4(pair(first), pair(first + 2)); }

// A position in a texture of an instruction, that lies inside it.
ivec2 place(int first, ivec2 at) { return clamp(at - pair(first), ivec2(0), pair(first + 2)); }

int covered(int record, uint value) {
    int coverage = parameters[record + MASK_FORMAT] == 8 ? coverage8(value) : int(value);
    coverage = parameters[record + MASK_INVERTED] == 1 ? ONE - coverage : coverage;
    return parameters[record + MASKED] == 1 ? coverage : ONE;
}

#if OPS == 1
ivec3 adjusted(ivec3 color, int record) {
    int op = parameters[record + OPS_FIRST];
    for (int i = 0; i < parameters[record + OPS_COUNT]; i++) {
        if (parameters[op] == 0) {
            color = apply_table(color, parameters[op + 1]);
            op += 2;
        } else {
            color = apply_matrix(color, op + 1);
            op += 10;
        }
    }
    return color;
}
#endif

// A source onto a level. known: of the level, for the program and not for the pixels: NOTHING, OPAQUE or ANY.
ivec4 put(int record, ivec4 onto, ivec4 source, int alpha, int known) {
    if (known == NOTHING) return over_nothing(source.rgb, alpha);
#if BIT_DEPTH == 8
    int bits = parameters[record + ROUNDED] == 1 ? 8 : 16;
#else
    const int bits = 16;
#endif
    ivec3 blended = blended_by(parameters[record + BLEND], onto.rgb, source.rgb);
    if (known == OPAQUE) return over_opaque(onto, blended, alpha);
#if LEVELS == 0
    return over(onto, source.rgb, blended, alpha, bits);
#else
    // All the ways of lib/composite.glsl in one.
    int way = parameters[record + WAY];
    ivec3 mixed = way == OVER ? lerp(source.rgb, blended, onto.a) : blended;
    int over_alpha = alpha + onto.a - mul(onto.a, alpha);
    int out_alpha = way == OVER ? over_alpha : way == RECOLOR ? onto.a : lerp(onto.a, source.a, alpha);
    int part = way == MIX_BACK ? mul(source.a, alpha) : alpha;
    int share = way == RECOLOR ? alpha : weight(part, out_alpha, bits);
    ivec3 color = way == MIX_BACK && out_alpha == 0 ? ivec3(0) : lerp(onto.rgb, mixed, share);
    return ivec4(color, out_alpha);
#endif
}

void execute(int record, ivec2 at, uvec2 words, int coverage, int known) {
    int op = parameters[record + OP];
#if SAMPLED == 1
    ivec4 pixel = parameters[record + FORMAT] == 8 ? unpack8(words.x) : unpack15(words);
#else
    ivec4 pixel = unpack8(words.x);
#endif
#if LEVELS == 1
    ivec4 source = op == DRAW_TEXTURE ? pixel : op == DRAW_SOLID ? four(record + COLOR) : level;
#else
    ivec4 source = op == DRAW_TEXTURE ? pixel : four(record + COLOR);
#endif
#if OPS == 1
    source.rgb = adjusted(source.rgb, record);
#endif
    int alpha = parameters[record + WHOLE] == 1 ? ONE : source.a;
#if MASKS == 1
    alpha = mul(alpha, coverage);
#endif
    alpha = mul(alpha, parameters[record + OPACITY]);
#if DISSOLVE >= 0
    alpha = parameters[record + BLEND] == DISSOLVE ? dissolved(alpha, at + pair(ORIGIN)) : alpha;
#endif
#if BIT_DEPTH == 8
    alpha = parameters[record + ROUNDED] == 1 ? share8(alpha) : alpha;
#endif
#if LEVELS == 1
    ivec4 onto = op == POP ? below_1 : level;
#else
    ivec4 onto = level;
#endif
    bool within = all(greaterThanEqual(at, pair(record + AREA))) && all(lessThan(at, pair(record + AREA + 2)));
    ivec4 result = put(record, onto, source, within ? alpha : 0, known);  // nothing of a source changes nothing
#if BIT_DEPTH == 8
    result = within && parameters[record + ROUNDED] == 1 ? rounded8(result) : result;
#endif
#if LEVELS == 1
    bool pushes = op == PUSH_NOTHING || op == PUSH_BACKDROP;
    bool pops = op == POP;
    ivec4 first = below_1, second = below_2, third = below_3;
    below_1 = pushes ? level : pops ? second : first;
    below_2 = pushes ? first : pops ? third : second;
    below_3 = pushes ? second : pops ? below_4 : third;
    below_4 = pushes ? third : below_4;
    level = op == PUSH_NOTHING ? ivec4(0) : op == PUSH_BACKDROP ? level : result;
#else
    level = result;
#endif
}

#include <steps>

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    bool inside = all(lessThan(at, imageSize(target_image)));
#if STORED == 1
    level = unpack15(imageLoad(stored_image, at).xy);
#else
    level = four(0);
#endif
    execute_all(at);
#if TARGET == 8
    imageStore(target_image, at, uvec4(inside ? pack8(level) : 0u, 0u, 0u, 0u));
#else
    imageStore(target_image, at, uvec4(inside ? pack15(level) : uvec2(0u), 0u, 0u));
#endif
}
