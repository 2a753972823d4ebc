// A mask's 8-bit value as 15-bit coverage.
int coverage8(uint v8) { return to15(int(v8)); }
