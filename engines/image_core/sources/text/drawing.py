"""Text layers: laid out, their glyphs' outlines mapped to the parent's pixels, and filled.

    TextLayer -> layout -> outline in 26.6 -> coverage -> RGBA

Outlines are scaled and rotated, never bitmaps: text is crisp under any transform. No float decides a pixel.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import math
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np
import uharfbuzz as hb

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.entries import EVERYWHERE
from engines.image_core.planning.fitting import layer_affine
from engines.image_core.planning.placement import Box, check_size, outward
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.paint import Frame, box_affine, paint_alone
from engines.image_core.sources.text.fonts import GlyphOutline, LoadedFont
from engines.image_core.sources.text.layout import Layout, Line, lay_out
from engines.image_core.sources.text.opportunities import ICU_VERSIONS
from engines.image_core.sources.vector.outline import FREETYPE_VERSION, Outline, fill_coverage

__all__ = ["rasterise_text", "text_bounds", "text_box", "text_hash", "text_outline"]

_BITS = 30  # fractional bits below 26.6 that scaled outlines carry until they are rounded
_ONE, _HALF = 1 << _BITS, 1 << (_BITS - 1)
_LIMIT = 1 << 30  # 26.6: with _BITS, coordinates within it fit 64 bits


def text_box(layer: TextLayer, font: LoadedFont, label: str) -> tuple[Fraction, Fraction]:
    """Width and height of the layer's box in pixels, before its transform.

    The width is `box_width`, else the widest line's advance; the height is `box_height`, else the number of
    lines times the line height. Raises as `rasterise_text`.
    """
    layout = lay_out(layer, font, label)
    return layout.width, layout.height


def text_bounds(layer: TextLayer, font: LoadedFont, label: str) -> Rect:
    """The parent's pixels that the outlines of all glyphs touch, seen or not. Raises as `rasterise_text`."""
    return text_outline(layer, font, label).bounds()


def text_outline(layer: TextLayer, font: LoadedFont, label: str) -> Outline:
    """The contours of all glyphs, seen or not, in 26.6 of the parent's pixels. Raises as `rasterise_text`."""
    layout = lay_out(layer, font, label)
    affine = layer_affine(layer.transform, layout.width, layout.height)
    with _naming(label):
        return _outline(layer, font, layout, affine, EVERYWHERE, label)


def rasterise_text(layer: TextLayer, font: LoadedFont, region: Rect, label: str) -> DecodedImage | None:
    """Draw a text layer.

    Args:
        layer: The text and its transform.
        font: What `family_font` or `load_font` made of the layer's font, weight and italic.
        region: The pixels of the parent that are wanted.
        label: The layer, for messages.

    Returns:
        The layer's paint in straight RGBA, alpha = coverage x the paint's alpha, in the tightest box
        around all pixels of alpha above 0 within the region, placed in the parent's pixels; None if there
        is no such pixel. Glyphs that overlap are filled as one shape.

    Raises:
        CompositionError: a control character, glyphs larger than 16 million pixels, or an auto_fit for
            which not even 1 pixel fits.
        SourceError: a character the font lacks, or a damaged glyph.
        TooLargeError: so much of it is seen that it would have too many pixels.
    """
    layout = lay_out(layer, font, label)
    affine = layer_affine(layer.transform, layout.width, layout.height)
    with _naming(label):
        outline = _outline(layer, font, layout, affine, region, label)
        bounds = outline.bounds().intersect(region)
        if bounds.empty:
            return None
        check_size(bounds)
        coverage = fill_coverage(outline, bounds)
    if isinstance(layer.color, str):
        pixels = paint_alone(layer.color, affine, bounds, coverage)
    else:
        ink = _ink(layer, font, layout)
        box = box_affine(ink[0], ink[1], ink[2] - ink[0], ink[3] - ink[1]).then(affine)
        around = outward(affine.bounds(*ink)).expand(2)
        frame = Frame(ink[2] - ink[0], ink[3] - ink[1], around)
        pixels = paint_alone(layer.color, box, bounds, coverage, frame)
    seen = pixels.view(np.uint32)[..., 0] > 0  # what is invisible is all zeros
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return None
    pixels = np.ascontiguousarray(pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    pixels.flags.writeable = False
    return DecodedImage(
        pixels=pixels,
        content_hash=text_hash(layer, font, region),
        opaque=bool(seen.all() and (pixels[..., 3] == 255).all()),
        x=bounds.left + int(columns[0]),
        y=bounds.top + int(rows[0]),
    )


def _ink(layer: TextLayer, font: LoadedFont, layout: Layout) -> Box:
    """The whole pixels of the layer's own coordinates around all glyphs, on each side one at least."""
    zero, one = Fraction(0), Fraction(1)
    still = Affine(one, zero, zero, one, zero, zero)
    unit = layout.size / font.units_per_em
    linear = _Linear.of(still, unit)
    found: list[tuple[int, int, int, int]] = []
    for line in layout.lines:
        for number, x, y in _pens(line, unit, Fraction(layer.letter_spacing), still):
            glyph = font.glyph(number)
            if len(glyph.ends):
                left, top, right, bottom = linear.box(glyph.box)
                found.append(
                    (left + (x >> _BITS), top + (y >> _BITS), right + (x >> _BITS), bottom + (y >> _BITS))
                )
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    left, top = min(lefts) >> 6, min(tops) >> 6
    right, bottom = max(-(-max(rights) >> 6), left + 1), max(-(-max(bottoms) >> 6), top + 1)
    return Fraction(left), Fraction(top), Fraction(right), Fraction(bottom)


@contextmanager
def _naming(label: str) -> Iterator[None]:
    """Let the errors of fonts and outlines, which know of no layers, name the layer."""
    try:
        yield
    except SourceError as error:
        raise SourceError(f"{label}: {error}") from error


class _Origin(NamedTuple):
    glyph: GlyphOutline
    x: int  # with _BITS bits below 26.6
    y: int


@dataclass(frozen=True)
class _Linear:
    """The map of font units (y upwards) to 26.6 (y downwards) without its translation, `_BITS` bits below.

    Rounding the four factors moves a point by less than 2^-15 of 1/64 pixel.
    """

    xx: int
    xy: int
    yx: int
    yy: int

    @classmethod
    def of(cls, affine: Affine, unit: Fraction) -> _Linear:
        scale = unit * 64 * _ONE
        return cls(*(round(factor * scale) for factor in (affine.xx, -affine.xy, affine.yx, -affine.yy)))

    def box(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in 26.6 around the image of a glyph's box, rounded outwards."""
        left, bottom, right, top = box
        x = self.xx * left, self.xx * right
        x_up = self.xy * bottom, self.xy * top
        y = self.yx * left, self.yx * right
        y_up = self.yy * bottom, self.yy * top
        return (
            (min(x) + min(x_up)) >> _BITS,
            (min(y) + min(y_up)) >> _BITS,
            -(-(max(x) + max(x_up)) >> _BITS),
            -(-(max(y) + max(y_up)) >> _BITS),
        )


def _outline(
    layer: TextLayer, font: LoadedFont, layout: Layout, affine: Affine, region: Rect, label: str
) -> Outline:
    """The contours of all glyphs that may meet the region, in 26.6 of the parent's pixels."""
    unit = layout.size / font.units_per_em
    linear = _Linear.of(affine, unit)
    boxes: dict[int, tuple[int, int, int, int]] = {}
    origins: list[_Origin] = []
    for line in layout.lines:
        for number, x, y in _pens(line, unit, Fraction(layer.letter_spacing), affine):
            glyph = font.glyph(number)
            if number not in boxes:
                boxes[number] = _bounded(linear.box(glyph.box), label)
            if len(glyph.ends) and _meets(boxes[number], x >> _BITS, y >> _BITS, region):
                origins.append(_Origin(glyph, x, y))
    return _mapped(origins, linear)


def _pens(line: Line, unit: Fraction, spacing: Fraction, affine: Affine) -> Iterator[tuple[int, int, int]]:
    """Each glyph of a line with its origin in the parent, exact but for bits beyond `_BITS` below 26.6."""
    scale = 64 * _ONE
    start = affine.apply(line.x, line.baseline)
    factors = (
        unit * affine.xx, spacing * affine.xx, -unit * affine.xy, start[0],
        unit * affine.yx, spacing * affine.yx, -unit * affine.yy, start[1],
    )  # fmt: skip
    whole = math.lcm(*(factor.denominator for factor in factors))
    xa, xb, xc, xd, ya, yb, yc, yd = (int(factor * whole) * scale for factor in factors)
    for number, x, gaps, y in line.glyphs:
        yield number, (xa * x + xb * gaps + xc * y + xd) // whole, (ya * x + yb * gaps + yc * y + yd) // whole


def _bounded(box: tuple[int, int, int, int], label: str) -> tuple[int, int, int, int]:
    if max(map(abs, box)) > _LIMIT:
        raise CompositionError(f"{label}: glyphs are too large: allowed is {_LIMIT // 64} pixels")
    return box


def _meets(box: tuple[int, int, int, int], x: int, y: int, region: Rect) -> bool:
    left, top, right, bottom = box
    return (
        x + left <= region.right * 64
        and x + right + 1 >= region.left * 64
        and y + top <= region.bottom * 64
        and y + bottom + 1 >= region.top * 64
    )


def _mapped(origins: list[_Origin], linear: _Linear) -> Outline:
    """All glyphs at their origins, as one outline rounded to 26.6."""
    if not origins:
        return Outline.empty()
    counts = [len(origin.glyph.points) for origin in origins]
    places = np.array([(origin.x + _HALF, origin.y + _HALF) for origin in origins], np.int64)
    points = np.concatenate([origin.glyph.points for origin in origins])
    mapped = np.repeat(places, counts, axis=0)
    mapped[:, 0] += linear.xx * points[:, 0] + linear.xy * points[:, 1]
    mapped[:, 1] += linear.yx * points[:, 0] + linear.yy * points[:, 1]
    mapped >>= _BITS
    firsts = itertools.accumulate(counts, initial=0)
    ends = [origin.glyph.ends + first for origin, first in zip(origins, firsts, strict=False)]
    return Outline(mapped, np.concatenate([origin.glyph.tags for origin in origins]), np.concatenate(ends))


def text_hash(layer: TextLayer, font: LoadedFont, region: Rect) -> str:
    """SHA-256 hex digest of all that decides a text's pixels; the font counts by its bytes, not its name."""
    fields = layer.drawing("font", "weight", "italic")
    box = [region.left, region.top, region.right, region.bottom]
    return content_hash("text", {"layer": fields, "font": font.digest, "region": box}, *_libraries())


@cache
def _libraries() -> list[str]:
    """Names and versions of all that decides where glyphs lie and what they cover."""
    packages = [f"{name} {importlib.metadata.version(name)}" for name in ("uharfbuzz", "python-bidi")]
    unicode = f"unicodedata {unicodedata.unidata_version}"  # shaping asks it which marks soft hyphens pass
    return [*packages, f"harfbuzz {hb.version_string()}", FREETYPE_VERSION, ICU_VERSIONS, unicode]
