"""Where Chromium puts a paragraph's first baseline: a font's metrics rounded to whole pixels.

Ascent and descent are rounded, a pixel goes from the ascent to a descent that was rounded down, and half of
what the line is higher than both is rounded down. We round nothing.
"""

from __future__ import annotations

import math

from engines.image_core.models import TextLayer
from engines.image_core.sources.text.fonts import LoadedFont

__all__ = ["rounded_baseline"]


def rounded_baseline(layer: TextLayer, font: LoadedFont) -> float:
    """That of a layer in one style, in pixels below the top of the box."""
    unit = layer.size / font.units_per_em
    ascent, descent = (math.floor(length * unit + 0.5) for length in (font.ascent, font.descent))
    if descent < font.descent * unit:
        ascent, descent = ascent - 1, descent + 1
    return math.floor((layer.size * layer.line_height - ascent - descent) / 2) + ascent
