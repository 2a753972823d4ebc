// The one input of a spatial pass. SOURCE is 8 (8-bit, an image's pixels straight), 15 (15-bit, straight), 16 (15-bit
// premultiplied, between the two passes of a blur) or 17 (the same with BIAS, of resampling). PLANE is 1 for one channel
// of coverage: VALUE is then an int, else the four of an image. A load beyond the edges gives 0 (OpenGL 4.3, image load
// and store), but for 17, where no tap lies beyond.

// Added to what goes from -1/3 to 4/3 between the axes of resampling (OVERSHOOT in numbers/kernels.py), for 16 bits
// to hold it.
const int BIAS = 1 << 14;

#if PLANE == 1
#define VALUE int
#define UVALUE uint
#if SOURCE == 8
layout(r8ui, binding = 1) readonly uniform uimage2D source_image;
int load_premultiplied(ivec2 at) { return to15(int(imageLoad(source_image, at).x)); }
#else
layout(r16ui, binding = 1) readonly uniform uimage2D source_image;
int load_premultiplied(ivec2 at) { return int(imageLoad(source_image, at).x) - (SOURCE == 17 ? BIAS : 0); }
#endif
#else
#define VALUE ivec4
#define UVALUE uvec4
#if SOURCE == 8
layout(r32ui, binding = 1) readonly uniform uimage2D source_image;
ivec4 load_straight(ivec2 at) { return unpack8(imageLoad(source_image, at).x); }
#else
layout(rg32ui, binding = 1) readonly uniform uimage2D source_image;
ivec4 load_straight(ivec2 at) { return unpack15(imageLoad(source_image, at).xy); }
#endif

#if SOURCE == 16
ivec4 load_premultiplied(ivec2 at) { return unpack15(imageLoad(source_image, at).xy); }
#elif SOURCE == 17
ivec4 load_premultiplied(ivec2 at) { return unpack15(imageLoad(source_image, at).xy) - BIAS; }
#else
ivec4 load_premultiplied(ivec2 at) { return premultiplied(load_straight(at)); }
#endif
#endif
