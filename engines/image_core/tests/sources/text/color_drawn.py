"""Colour glyphs, drawn for tests."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Affine, Rect, sine_cosine
from engines.image_core.sources.text.color_glyphs import ColorGlyph, draw_color_glyphs
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.tests.color_fonts import FIRST

__all__ = ["BLUE", "GREEN", "NOTHING", "RED", "first_drawn", "first_glyph", "glyph_at"]

RED, GREEN, BLUE, NOTHING = [255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [0, 0, 0, 0]


def glyph_at(font: LoadedFont, size: int, x: int, y: int, degrees: float = 0) -> Affine:
    """From font units, y downwards, to pixels, for a glyph of a size at a place."""
    sine, cosine = sine_cosine(degrees)
    unit = Fraction(size, font.units_per_em)
    return Affine(cosine * unit, -sine * unit, sine * unit, cosine * unit, Fraction(x), Fraction(y))


def first_glyph(font: LoadedFont, foreground: str = "#000000") -> ColorGlyph:
    """The glyph "first" of a font."""
    glyph = font.color_glyph(FIRST, foreground)
    assert glyph is not None
    return glyph


def first_drawn(
    data: bytes, size: int = 100, degrees: float = 0, foreground: str = "#000000"
) -> NDArray[np.uint8]:
    """The glyph "first" in 100 x 100 pixels, its origin at 10, 90: of size 100 a square of 10..90."""
    font = load_font(data, "x")
    at = glyph_at(font, size, 10, 90, degrees)
    return draw_color_glyphs([(first_glyph(font, foreground), at)], Rect(0, 0, 100, 100), "x")
