// Numbers that are looked up, in words: an image of rows of 1024, at unit TABLES. llvmpipe gathers from an image where
// it reads a storage buffer lane by lane, which takes three times as long.
layout(r32ui, binding = TABLES) readonly uniform uimage2D tables_image;

uint table_word(int place) { return imageLoad(tables_image, ivec2(place & 1023, place >> 10)).x; }
