// Values weighted in 2^-14 steps: rounded, and back in range.
VALUE weighted(VALUE total) { return clamp((total + (1 << 13)) >> 14, 0, ONE); }
