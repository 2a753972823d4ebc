// The one input of a spatial pass. SOURCE is 8 (8-bit straight), 15 (15-bit straight), 16 (15-bit premultiplied,
// between the two passes of a blur) or 17 (the same with BIAS, of resampling). A load beyond its edges gives 0
// (OpenGL 4.3, image load and store), but for 17, where no tap lies beyond.

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
