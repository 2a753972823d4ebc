"""From font units to 26.6 of the parent's pixels: glyphs' outlines and where their pens are.

Rounding is one addition away from exact rationals: a glyph's origin and its outline are carried with 30 bits
below 26.6 and rounded once, together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from engines.image_core.errors import CompositionError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.text.following import Pixels, parted
from engines.image_core.sources.text.fonts import GlyphOutline
from engines.image_core.sources.text.layout import Layout, Line
from engines.image_core.sources.text.placing import PlacedGlyph
from engines.image_core.sources.vector.outline import Outline

__all__ = ["BITS", "Linear", "Origin", "bounded", "glyph_affine", "mapped", "meets", "pens", "turns"]

BITS = 30  # fractional bits below 26.6 that scaled outlines carry until they are rounded
_ONE, _HALF = 1 << BITS, 1 << (BITS - 1)
_LIMIT = 1 << 30  # 26.6: with BITS, coordinates within it fit 64 bits


class Origin(NamedTuple):
    """A glyph and where its origin is in the parent, with `BITS` bits below 26.6."""

    glyph: GlyphOutline
    x: int
    y: int


@dataclass(frozen=True)
class Linear:
    """The map of font units (y upwards) to 26.6 (y downwards) without its translation, `BITS` bits below.

    Rounding the four factors moves a point by less than 2^-15 of 1/64 pixel.
    """

    xx: int
    xy: int
    yx: int
    yy: int

    @classmethod
    def of(cls, affine: Affine, unit: Fraction) -> Linear:
        """That of an affine; unit: the layer's pixels in a font unit."""
        scale = unit * 64 * _ONE
        return cls(*(round(factor * scale) for factor in (affine.xx, -affine.xy, affine.yx, -affine.yy)))

    def upright(self) -> Linear:
        """That of a glyph which stands upright in a line that is turned by a quarter: turned back."""
        return Linear(self.xy, -self.xx, self.yy, -self.yx)

    def box(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in 26.6 around the image of a glyph's box, rounded outwards."""
        left, bottom, right, top = box
        x = self.xx * left, self.xx * right
        x_up = self.xy * bottom, self.xy * top
        y = self.yx * left, self.yx * right
        y_up = self.yy * bottom, self.yy * top
        return (
            (min(x) + min(x_up)) >> BITS,
            (min(y) + min(y_up)) >> BITS,
            -(-(max(x) + max(x_up)) >> BITS),
            -(-(max(y) + max(y_up)) >> BITS),
        )


def turns(line: Line, layout: Layout, affine: Affine) -> Iterator[tuple[Sequence[PlacedGlyph], Affine]]:
    """The glyphs of a line that are turned as one, with what takes them from the line to the parent: all of
    them, or along a path those of each cluster.

    affine: From the layout's coordinates to the parent's.
    """
    if layout.track is None:
        yield line.glyphs, affine
        return
    places = Pixels(line.x, layout.unit, layout.spacing)
    for cluster, glyphs in zip(line.placed.clusters, parted(line.placed), strict=True):
        yield glyphs, layout.track.turned(places.middle(cluster)).then(affine)


def pens(
    glyphs: Sequence[PlacedGlyph], line: Line, layout: Layout, affine: Affine
) -> Iterator[tuple[PlacedGlyph, int, int]]:
    """Glyphs of a line with their origins in the parent, exact but for bits beyond `BITS` below 26.6.

    affine: From the line's coordinates to the parent's.
    """
    scale = 64 * _ONE
    start = affine.apply(line.x, line.baseline)
    lengths = layout.unit, layout.spacing, line.stretch
    across, down = [length * affine.xx for length in lengths], [length * affine.yx for length in lengths]
    factors = (*across, -layout.unit * affine.xy, start[0], *down, -layout.unit * affine.yy, start[1])
    whole = math.lcm(*(factor.denominator for factor in factors))
    xa, xb, xc, xd, xe, ya, yb, yc, yd, ye = (int(factor * whole) * scale for factor in factors)
    for glyph in glyphs:
        (units, gaps, stretches), y = glyph.place, glyph.y
        yield (
            glyph,
            (xa * units + xb * gaps + xc * stretches + xd * y + xe) // whole,
            (ya * units + yb * gaps + yc * stretches + yd * y + ye) // whole,
        )


def glyph_affine(glyph: PlacedGlyph, line: Line, layout: Layout) -> Affine:
    """From a glyph's font units, y downwards from its origin, to the coordinates of its line."""
    scale, zero = layout.scales[glyph.face], Fraction(0)
    x, y = layout.across(line, glyph.place), line.baseline - glyph.y * layout.unit
    if layout.faces[glyph.face].upright:
        return Affine(zero, scale, -scale, zero, x, y)
    return Affine(scale, zero, zero, scale, x, y)


def bounded(box: tuple[int, int, int, int], label: str) -> tuple[int, int, int, int]:
    """A glyph's box in 26.6, if it is not larger than coordinates can be; else a CompositionError."""
    if max(map(abs, box)) > _LIMIT:
        raise CompositionError(f"{label}: glyphs are too large: allowed is {_LIMIT // 64} pixels")
    return box


def meets(box: tuple[int, int, int, int], x: int, y: int, region: Rect) -> bool:
    """Whether a box at an origin, both in 26.6, may have pixels in a region."""
    left, top, right, bottom = box
    return (
        x + left <= region.right * 64
        and x + right + 1 >= region.left * 64
        and y + top <= region.bottom * 64
        and y + bottom + 1 >= region.top * 64
    )


def mapped(origins: list[Origin], linear: Linear) -> Outline:
    """All glyphs at their origins, as one outline rounded to 26.6."""
    if not origins:
        return Outline.empty()
    counts = [len(origin.glyph.points) for origin in origins]
    places = np.array([(origin.x + _HALF, origin.y + _HALF) for origin in origins], np.int64)
    points = np.concatenate([origin.glyph.points for origin in origins])
    mapped = np.repeat(places, counts, axis=0)
    mapped[:, 0] += linear.xx * points[:, 0] + linear.xy * points[:, 1]
    mapped[:, 1] += linear.yx * points[:, 0] + linear.yy * points[:, 1]
    mapped >>= BITS
    firsts = itertools.accumulate(counts, initial=0)
    ends = [origin.glyph.ends + first for origin, first in zip(origins, firsts, strict=False)]
    return Outline(mapped, np.concatenate([origin.glyph.tags for origin in origins]), np.concatenate(ends))
