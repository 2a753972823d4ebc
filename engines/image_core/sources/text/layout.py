"""Text layout: paragraphs into lines, lines into a box, in exact rationals of a pixel.

Glyphs are counted along a line in font units and letter spacings, so that no width is ever a float.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.composition.type import Alignment
from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.breaking import Fits, Measured, Span
from engines.image_core.sources.text.fonts import Features, LoadedFont
from engines.image_core.sources.text.shaping import Paragraph, Style, paragraphs, shape

__all__ = ["Layout", "Line", "PlacedGlyph", "lay_out"]

_SIZE_STEP = 64  # auto_fit tries multiples of 1/64 pixel


class PlacedGlyph(NamedTuple):
    """A glyph on its line: at line.x + x font units + gaps letter spacings, raised by y font units."""

    id: int
    x: int
    gaps: int
    y: int


@dataclass(frozen=True)
class Line:
    """A line of glyphs in visual order; x and baseline in pixels of the layer's box, y downwards."""

    x: Fraction
    baseline: Fraction
    glyphs: list[PlacedGlyph]


@dataclass(frozen=True)
class Layout:
    """Text laid out in the layer's own coordinates, top-left at 0, 0.

    Attributes:
        size: The em in pixels: the layer's, or what auto_fit made of it.
        width, height: The box in pixels: as asked for, else the widest line and the height of all lines.
        lines: From top to bottom.
    """

    size: Fraction
    width: Fraction
    height: Fraction
    lines: list[Line]


def lay_out(layer: TextLayer, font: LoadedFont, label: str) -> Layout:
    """Lay out a text layer.

    - Each line's box is `size * line_height` high; the font's ascent and descent are centred in it, as CSS
      does (half-leading). Lines beyond `box_height` are laid out all the same.
    - Alignment is within `box_width`, else within the widest line. Left stays left for right-to-left text;
      start and end go by each paragraph's direction. Spaces at the end of a line count for nothing.
    - `letter_spacing` lies between clusters, not after the last one of a line, and not between letters that
      are joined.
    - `auto_fit` takes the largest size, in 1/64 pixel, at which all lines fit the box and no word is broken.

    Raises:
        CompositionError: a control character in the text, or not even 1 pixel fits the box.
        SourceError: a character the font lacks.
    """
    style = _style(layer)
    measured = [Measured(shape(part, font, label, style)) for part in paragraphs(layer.text, label)]
    size = _fitted_size(layer, font, measured, label) if layer.auto_fit else Fraction(layer.size)
    unit, spacing, leading = size / font.units_per_em, Fraction(layer.letter_spacing), _leading(layer, size)
    fits = _fitter(layer, font, size)
    spans = [(part, span) for part in measured for span in part.lines(fits)]
    widths = [unit * part.units(span) + spacing * part.gaps(span) for part, span in spans]
    width = Fraction(layer.box_width) if layer.box_width is not None else max([Fraction(0), *widths])
    height = Fraction(layer.box_height) if layer.box_height is not None else leading * len(spans)
    shares = [_share(layer.align, rtl=part.paragraph.rtl) for part, _ in spans]
    first = (leading - unit * (font.ascent + font.descent)) / 2 + unit * font.ascent
    glyphs = itertools.chain.from_iterable(
        _placed(part.paragraph, [span for _, span in group])
        for part, group in itertools.groupby(spans, lambda item: item[0])
    )
    lines = [
        Line((width - line_width) * share, first + leading * number, placed)
        for number, (line_width, share, placed) in enumerate(zip(widths, shares, glyphs, strict=True))
    ]
    return Layout(size, width, height, lines)


def _style(layer: TextLayer) -> Style:
    """Spaced letters have no optional ligatures, as in CSS, but where the layer asks for them."""
    spaced, boxes = bool(layer.letter_spacing), layer.missing_glyphs == "box"
    features: Features = dict.fromkeys(("liga", "clig", "calt"), False) if spaced else {}
    return Style({**features, **layer.features}, layer.direction, boxes, spaced)


def _share(align: Alignment, *, rtl: bool) -> Fraction:
    """The part of the room left and right of a line that lies left of it."""
    if align == "center":
        return Fraction(1, 2)
    return Fraction(align == "right" or align == ("start" if rtl else "end"))


def _leading(layer: TextLayer, size: Fraction) -> Fraction:
    return size * Fraction(layer.line_height)


def _fitter(layer: TextLayer, font: LoadedFont, size: Fraction) -> Fits | None:
    """Whether a line of so many font units and letter spacings fits box_width, in whole numbers."""
    if layer.box_width is None:
        return None
    unit, spacing, width = size / font.units_per_em, Fraction(layer.letter_spacing), Fraction(layer.box_width)
    scale = math.lcm(unit.denominator, spacing.denominator, width.denominator)
    a, b, limit = int(unit * scale), int(spacing * scale), int(width * scale)
    return lambda units, gaps: units * a + gaps * b <= limit


def _fitted_size(layer: TextLayer, font: LoadedFont, measured: list[Measured], label: str) -> Fraction:
    def fitting(size: Fraction) -> bool:
        fits = _fitter(layer, font, size)
        # The model asks for both sides of the box with auto_fit.
        assert fits is not None
        assert layer.box_height is not None
        if not all(part.unbroken(fits) for part in measured):
            return False
        count = sum(len(part.lines(fits)) for part in measured)
        return count * _leading(layer, size) <= Fraction(layer.box_height)

    if fitting(size := Fraction(layer.size)):
        return size
    low, high = (
        _SIZE_STEP - 1,
        math.floor(size * _SIZE_STEP) + 1,
    )  # low fits or is below 1 pixel, high does not
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fitting(Fraction(middle, _SIZE_STEP)) else (low, middle)
    if low < _SIZE_STEP:
        raise CompositionError(
            f"{label}, auto_fit: the text does not fit {layer.box_width:g} x {layer.box_height:g} pixels "
            "even at a size of 1 pixel"
        )
    return Fraction(low, _SIZE_STEP)


def _placed(paragraph: Paragraph, spans: list[Span]) -> list[list[PlacedGlyph]]:
    """The glyphs of each line of a paragraph, the pen running from 0 at its left."""
    line_of: list[int | None] = [None] * len(paragraph.starts)
    for number, span in enumerate(spans):
        line_of[span.first : span.last] = [number] * (span.last - span.first)
    pens = [_Pen(paragraph.joined_to) for _ in spans]
    for glyph in paragraph.glyphs:
        line = line_of[glyph.cluster]
        if line is not None:
            pen = pens[line]
            if paragraph.hyphen and spans[line].hyphen and glyph.cluster == spans[line].last - 1:
                glyph = paragraph.hyphen._replace(cluster=glyph.cluster)
            pen.enter(glyph.cluster, spaced=glyph.advance != 0 or paragraph.advances[glyph.cluster] != 0)
            pen.glyphs.append(PlacedGlyph(glyph.id, pen.x + glyph.dx, pen.gaps, glyph.dy))
            pen.x += glyph.advance
    return [pen.glyphs for pen in pens]


class _Pen:
    """Runs along a line, counting font units and the letter spacings between clusters."""

    def __init__(self, joined_to: list[int]) -> None:
        self.x = 0
        self.gaps = 0
        self.glyphs: list[PlacedGlyph] = []
        self._joined_to = joined_to
        self._last = -1  # the cluster with an advance that was entered last

    def enter(self, cluster: int, *, spaced: bool) -> None:
        if not spaced or cluster == self._last:
            return
        first, second = sorted(
            (cluster, self._last)
        )  # in logical order; a line from right to left turns them
        self.gaps += self._last >= 0 and self._joined_to[second] != first
        self._last = cluster
