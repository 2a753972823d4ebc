"""What layers draw, as straight RGBA8 with the hash of what decided it: pictures, text, drawings, paints."""
