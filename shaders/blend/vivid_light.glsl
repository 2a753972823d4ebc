// B = color burn with 2 cs where cs < 1/2, else color dodge with 2 cs - 1; but cs where it is 0 or 1
// Where cs < 1/2 that is 1 - (1 - cb) / 2 cs, else cb / 2 (1 - cs), and what divides is twice the smaller of cs and
// 1 - cs. Where that is 0, both take the fraction for 1.
#include "lib/ratio.glsl"
ivec3 blend_vivid_light(ivec3 cb, ivec3 cs) {
    bvec3 burns = lessThan(cs, ivec3(HALF));
    ivec3 divisor = min(cs, ONE - cs) << 1;
    ivec3 part = choose(choose(cb, ONE - cb, burns), ivec3(ONE), equal(divisor, ivec3(0)));
    ivec3 fraction = ratio(part, divisor);
    return choose(fraction, ONE - fraction, burns);
}
