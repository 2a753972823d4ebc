"""A layer's paragraphs, shaped and measured, and the rows of text that they make at a size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.models import TextLayer
from engines.image_core.sources.text.breaking import Fits, Fitters, Measured, Span
from engines.image_core.sources.text.faces import Face, Style, Styled, StyledText
from engines.image_core.sources.text.shaping import Setting, shape

__all__ = ["Row", "Rows"]

_BALANCE_STEP = 16  # lines are balanced to 1/16 pixel


class Row(NamedTuple):
    """A line of a paragraph, before it has a place.

    Attributes:
        part, span: What is on it.
        style: What it is as high as where it is empty.
        opens, closes: Whether it is the first and the last of its paragraph.
    """

    part: Measured
    span: Span
    style: Style
    opens: bool
    closes: bool

    @property
    def text(self) -> str:
        """Its characters in logical order."""
        paragraph = self.part.paragraph
        starts = [*paragraph.starts[self.span.first : self.span.last + 1], len(paragraph.text)]
        return paragraph.text[starts[0] : starts[self.span.last - self.span.first]]


class Rows:
    """Breaks one layer's text into rows.

    Attributes:
        setting: What the text is shaped with.
        own_size: The layer's em in pixels.
        spacing: The pixels of a unit of spacing.
    """

    def __init__(self, layer: TextLayer, text: StyledText, label: str) -> None:
        self._layer = layer
        self._text = text
        self.own_size = Fraction(layer.size)
        grid = text.grid(self.own_size, vertical=layer.vertical)
        boxes = layer.missing_glyphs == "box"
        self.setting = Setting(text.faces, grid, label, layer.direction, boxes)
        self.spacing = Fraction(1, grid.per_pixel)
        self._indent = Fraction(layer.indent)
        self._measured = [Measured(shape(part, self.setting), self.setting) for part in text.paragraphs]
        self._boxes: dict[tuple[int, Fraction, bool], tuple[Fraction, Fraction]] = {}

    @property
    def faces(self) -> Sequence[Face]:
        """By their numbers."""
        return self.setting.faces

    def unit(self, size: Fraction) -> Fraction:
        """The pixels of a unit of an em."""
        return size / self.setting.grid.per_em

    def at(self, size: Fraction) -> list[Row]:
        """The rows at a size."""
        return [row for number in range(len(self._measured)) for row in self._paragraph(number, size)]

    def whole(self, size: Fraction) -> bool:
        """Whether no word is wider than the box at a size."""
        fitters = self._fitters(size, self._layer.inline_size)
        return fitters is None or all(part.unbroken(fitters) for part in self._measured)

    def width(self, row: Row, size: Fraction) -> Fraction:
        """Of what is on a row, in pixels."""
        width, gaps = self.unit(size) * row.part.units(row.span), row.part.gaps(row.span)
        return width + self.spacing * gaps if gaps else width

    def height(self, rows: Sequence[Row], size: Fraction) -> Fraction:
        """Of rows from the top of the box on."""
        return self.bottoms(rows, size)[-1]

    def bottoms(self, rows: Sequence[Row], size: Fraction) -> list[Fraction]:
        """How far down each row reaches from the top of the first."""
        apart, bottom = Fraction(self._layer.paragraph_spacing), Fraction(0)
        found = []
        for number, row in enumerate(rows):
            above, below = self.box(row, size, first=not number)
            bottom += above + below + (apart if number and row.opens and apart else 0)
            found.append(bottom)
        return found

    def box(self, row: Row, size: Fraction, *, first: bool) -> tuple[Fraction, Fraction]:
        """How far a row's box reaches above and below its baseline. first: of the text."""
        boxes = [self._style_box(style, size, first) for style in self.styles(row)]
        if len(boxes) == 1:
            return boxes[0]
        return max(above for above, _ in boxes), max(below for _, below in boxes)

    def styles(self, row: Row) -> list[Style]:
        """Those on a row; of an empty one that which it would have."""
        if len(self.faces) == 1 or row.span.first == row.span.last:
            return [row.style]
        faces = set(row.part.paragraph.faces[row.span.first : row.span.last])
        return list({id(style): style for style in (self.faces[face].style for face in faces)}.values())

    def room(self, row: Row) -> Fraction | None:
        """The width that a row may have; None where the box has none."""
        if self._layer.inline_size is None:
            return None
        return Fraction(self._layer.inline_size) - (self._indent if row.opens else 0)

    def shortened(self, row: Row, size: Fraction, room: Fraction | None) -> Row:
        """A row that ends with the layer's ellipsis, with as much before it as fits the room: it is shaped
        anew, so that the ellipsis stands where the paragraph ends, in either direction."""
        row = row._replace(closes=True)
        short = row
        for last in self._lasts(row, size, room):
            short = self._with_ellipsis(row, last)
            if room is None or self.width(short, size) <= room:
                return short
        return short

    def _paragraph(self, number: int, size: Fraction) -> Iterator[Row]:
        part, style = self._measured[number], self._text.paragraphs[number].style
        spans = part.lines(self._balanced(part, size))
        for index, span in enumerate(spans):
            yield Row(part, span, style, index == 0, index == len(spans) - 1)

    def _balanced(self, part: Measured, size: Fraction) -> Fitters | None:
        """What the lines of a paragraph must fit, first the others and then the first line: the box, or with
        `balance` the narrowest that takes as many lines."""
        width = self._layer.inline_size
        fitters = self._fitters(size, width)
        if not self._layer.balance or width is None or fitters is None:
            return fitters
        count, whole = len(part.lines(fitters)), part.unbroken(fitters)
        low, high = 0, math.ceil(width * _BALANCE_STEP)
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._fitters(size, Fraction(middle, _BALANCE_STEP))
            assert tried is not None
            enough = len(part.lines(tried)) <= count and (part.unbroken(tried) or not whole)
            low, high = (low, middle) if enough else (middle, high)
        return self._fitters(size, min(Fraction(high, _BALANCE_STEP), Fraction(width)))

    def _fitters(self, size: Fraction, width: float | Fraction | None) -> Fitters | None:
        """Whether lines of so many units fit a width, in whole numbers."""
        if width is None:
            return None
        other, first = self._fits(size, Fraction(width)), self._fits(size, Fraction(width) - self._indent)
        return Fitters(first, other)

    def _fits(self, size: Fraction, room: Fraction) -> Fits:
        unit, spacing = self.unit(size), self.spacing
        scale = math.lcm(unit.denominator, spacing.denominator, room.denominator)
        a, b, limit = int(unit * scale), int(spacing * scale), int(room * scale)
        return lambda units, gaps: units * a + gaps * b <= limit

    def _style_box(self, style: Style, size: Fraction, first: bool) -> tuple[Fraction, Fraction]:
        key = id(style), size, first
        if key not in self._boxes:
            font, em = style.fonts[0], style.size * size / self.own_size
            height, unit = em * style.line_height, em / font.units_per_em
            if self._layer.leading == "above":
                letters = em / 2 if self._layer.vertical else unit * font.letter_height
                self._boxes[key] = letters if first else height, Fraction(0)
                return self._boxes[key]
            above = (height - unit * (font.ascent + font.descent)) / 2 + unit * font.ascent
            if self._layer.vertical:  # all stand around the middle of the line
                above = height / 2
            self._boxes[key] = above, height - above
        return self._boxes[key]

    def _lasts(self, row: Row, size: Fraction, room: Fraction | None) -> Iterator[int]:
        """Where a row may be cut for the ellipsis, from the first that may fit down to its start."""
        first, last = row.span.first, row.span.last
        if room is not None:
            own = self.width(self._with_ellipsis(row, first), size)
            low, high = first, last
            while low < high:
                middle = (low + high + 1) // 2
                fitting = self.width(row._replace(span=Span(first, middle)), size) + own <= room
                low, high = (middle, high) if fitting else (low, middle - 1)
            last = min(low + 1, last)  # kerning may make room for one more
        yield from range(last, first - 1, -1)

    def _with_ellipsis(self, row: Row, last: int) -> Row:
        paragraph = row.part.paragraph
        starts = [*paragraph.starts, len(paragraph.text)]
        text = paragraph.text[starts[row.span.first] : starts[last]].rstrip()
        cut = starts[row.span.first] + len(text)
        styled = self._text.paragraphs[self._measured.index(row.part)]
        faces = styled.faces[starts[row.span.first] : cut]
        style = self.faces[faces[-1]].style if faces else row.style
        ellipsis, dots = self._text.ellipses[id(style)]
        whole = Styled(text + ellipsis, [*faces, *dots], row.style)
        setting = replace(self.setting, direction="rtl" if paragraph.rtl else "ltr")
        part = Measured(shape(whole, setting), setting)
        return row._replace(part=part, span=Span(0, len(part.paragraph.starts)))
