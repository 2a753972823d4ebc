// A mask's 8-bit value as 15-bit coverage.
int mask_value(uint v8) { return to15(int(v8)); }
int mask_value_inverted(uint v8) { return to15(255 - int(v8)); }
