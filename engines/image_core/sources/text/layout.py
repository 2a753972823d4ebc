"""Text layout: paragraphs into lines, lines into a box, in exact rationals of a pixel.

Glyphs are counted along a line in units of an em and of spacing, so that no width is ever a float.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engines.image_core.composition.type import Alignment
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import IDENTITY, Affine
from engines.image_core.sources.text.faces import Chains, Face, Style
from engines.image_core.sources.text.fitting import fitted
from engines.image_core.sources.text.following import Anchor, Pixels, fitted_along, seen
from engines.image_core.sources.text.placing import Place, PlacedGlyph, PlacedLine, placed
from engines.image_core.sources.text.rows import Row, Rows
from engines.image_core.sources.text.styling import styled_text
from engines.image_core.sources.text.track import Track, track_of

__all__ = ["Layout", "Line", "lay_out"]


@dataclass(frozen=True)
class Line:
    """A line of glyphs in visual order, in pixels of the layer's box, y downwards. Along a path x is the
    distance along it, and y that from it.

    Attributes:
        text: Its characters in logical order.
        x, baseline: Where its pen starts.
        top, height: Its own box.
        width: Of what is on it, without the spaces at its end.
        stretch: Pixels that each gap that is stretched has more.
        placed: Its glyphs.
    """

    text: str
    x: Fraction
    baseline: Fraction
    top: Fraction
    height: Fraction
    width: Fraction
    stretch: Fraction
    placed: PlacedLine

    @property
    def glyphs(self) -> list[PlacedGlyph]:
        """In visual order."""
        return self.placed.glyphs


@dataclass(frozen=True)
class Layout:
    """Text laid out in lines from left to right, one below another, from 0, 0 on; vertical text too, which is
    turned by a quarter for the layer.

    Attributes:
        own_size: The layer's em in pixels.
        size: What auto_fit made of it.
        width, height: The box along and across the lines, in pixels: as asked for, else the widest line and
            the height of all lines.
        lines: From top to bottom.
        faces: What the glyphs' faces stand for.
        unit, spacing: Of glyphs' places, in pixels.
        scales: For each face, the pixels that a font unit of it is.
        cut: Whether some of the text is not in it, as the layer's overflow says.
        vertical: Whether lines are columns from right to left.
        left, top: Of the box, where the text runs along a path.
        track: That path.
    """

    own_size: Fraction
    size: Fraction
    width: Fraction
    height: Fraction
    lines: list[Line]
    faces: Sequence[Face]
    unit: Fraction
    spacing: Fraction
    scales: list[Fraction]
    cut: bool
    vertical: bool = False
    left: Fraction = Fraction(0)
    top: Fraction = Fraction(0)
    track: Track | None = None

    @property
    def box(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Width, height, left and top of the layer's box, in its own coordinates."""
        sides = (self.height, self.width) if self.vertical else (self.width, self.height)
        return *sides, self.left, self.top

    @property
    def to_layer(self) -> Affine:
        """From its coordinates to the layer's own: a quarter turn clockwise where the text is vertical."""
        zero, one = Fraction(0), Fraction(1)
        return Affine(zero, -one, one, zero, self.height, zero) if self.vertical else IDENTITY

    def reach(self, line: Line) -> tuple[Fraction, Fraction]:
        """How far the fonts on a line reach above and below its baseline; nothing on an empty one."""
        styles = {id(style): style for style in (self.faces[one.face].style for one in line.placed.segments)}
        sides = [self.reach_of(style) for style in styles.values()] or [(Fraction(0), Fraction(0))]
        return max(above for above, _ in sides), max(below for _, below in sides)

    def reach_of(self, style: Style) -> tuple[Fraction, Fraction]:
        """How far a style's first font reaches above and below its baseline; in vertical text on both sides
        of its middle."""
        font = style.fonts[0]
        unit = self.pixels(style.size) / font.units_per_em
        if self.vertical:
            middle = (font.ascent + font.descent) * unit / 2
            return middle, middle
        return font.ascent * unit, font.descent * unit

    def across(self, line: Line, place: Place) -> Fraction:
        """Where a place of a line lies, in pixels from the left."""
        units, gaps, stretches = place
        return line.x + units * self.unit + gaps * self.spacing + stretches * line.stretch

    def pixels(self, length: Fraction) -> Fraction:
        """A length that was given at the layer's own size, at the size it is drawn at."""
        return length * self.size / self.own_size


def lay_out(layer: TextLayer, chains: Chains, label: str) -> Layout:
    """Lay out a text layer.

    - Each run's box is `size * line_height` high; its first font's ascent and descent are centred in it, as
      CSS does (half-leading). A line's box holds those of all runs on it. Where `leading` is "above" a run's
      box reaches that far above its baseline and nothing below, in the first line as far as the letter d.
    - Alignment is within `box_width`, else within the widest line. Left stays left for right-to-left text;
      start and end go by each paragraph's direction. Spaces at the end of a line count for nothing.
    - `letter_spacing` lies between clusters, not after the last one of a line, and not between letters that
      are joined. `word_spacing` is part of each space. Neither they nor `indent` and `paragraph_spacing`
      shrink with the size.
    - Along a path there is one line, aligned to a place of the path. The box is the path's, the size of the
      layer larger on each side.
    - Shrinking takes the largest size, in 1/64 pixel, at which all lines fit and no word is broken.

    Args:
        layer: The text.
        chains: For each of its runs the fonts.
        label: The layer, for messages.

    Raises:
        CompositionError: a control character in the text, text that does not fit and must, or a path that no
            text can run along.
        SourceError: a character the fonts lack, or a path that is not SVG path data.
    """
    rows = Rows(layer, styled_text(layer, chains, label), label)
    if layer.path is not None:
        return _along(layer, rows, track_of(layer.path, label), label)
    lines, size, cut = fitted(layer, rows, label)
    widths = [rows.width(row, size) for row in lines]
    justified = layer.align == "justify"
    glyphs = itertools.chain.from_iterable(
        placed(part, [row.span for row in group], stretched=justified)
        for part, group in itertools.groupby(lines, lambda row: row.part)
    )
    needed = (own + (_indent(layer) if row.opens else 0) for row, own in zip(lines, widths, strict=True))
    width = Fraction(layer.inline_size) if layer.inline_size is not None else max([Fraction(0), *needed])
    content = rows.height(lines, size)
    height = Fraction(layer.block_size) if layer.block_size is not None else content
    top = _top(layer, height - content, rows.box(lines[0], size, first=True)[0])
    found: list[Line] = []
    for row, own, on_line in zip(lines, widths, glyphs, strict=True):
        top += Fraction(layer.paragraph_spacing) if found and row.opens else 0
        above, below = rows.box(row, size, first=not found)
        x, stretch = _across(layer, row, width, own, on_line)
        across = own + stretch * on_line.stretches
        found.append(Line(row.text, x, top + above, top, above + below, across, stretch, on_line))
        top += above + below
    unit = rows.unit(size)
    scales = [unit * number for number in rows.setting.grid.scales]
    return Layout(
        rows.own_size, size, width, height, found, rows.faces, unit, rows.spacing, scales, cut, layer.vertical
    )


def _along(layer: TextLayer, rows: Rows, track: Track, label: str) -> Layout:
    """The layout of a text along a path."""
    assert layer.path is not None
    [row] = rows.at(rows.own_size)
    share = _share(layer.align, rtl=row.part.paragraph.rtl)
    anchor = Anchor.of(track, layer.path.start_offset, share)
    [row], size, cut = fitted_along(layer, rows, anchor.room, label)
    unit, width = rows.unit(size), rows.width(row, size)
    places = Pixels(anchor.at - anchor.share * width, unit, rows.spacing)
    [on_line], start = placed(row.part, [row.span], clustered=True), places.start
    if cut and layer.overflow == "clip":
        on_line, start, width = seen(on_line, places, anchor.span)
    zero = Fraction(0)
    above, below = rows.box(row, size, first=True)
    line = Line(row.text, start, zero, -above, above + below, width, zero, on_line)
    scales = [unit * number for number in rows.setting.grid.scales]
    left, top, right, bottom = track.box
    margin = rows.own_size
    sides = right - left + 2 * margin, bottom - top + 2 * margin
    return Layout(
        rows.own_size, size, *sides, [line], rows.faces, unit, rows.spacing, scales, cut,
        left=left - margin, top=top - margin, track=track,
    )  # fmt: skip


def _indent(layer: TextLayer) -> Fraction:
    return Fraction(layer.indent)


def _top(layer: TextLayer, room: Fraction, first: Fraction) -> Fraction:
    """Where the first line's box begins: room is what of the box the lines leave, first is how far the first
    baseline lies below the top of its line."""
    match layer.vertical_align:
        case "middle":
            return room / 2
        case "bottom":
            return room
        case "baseline":
            return -first
    return Fraction(0)


def _across(
    layer: TextLayer, row: Row, width: Fraction, own: Fraction, line: PlacedLine
) -> tuple[Fraction, Fraction]:
    """Where a line begins, and how much each of its gaps is stretched."""
    rtl = row.part.paragraph.rtl
    indent = _indent(layer) if row.opens else Fraction(0)
    room = width - indent - own
    left = Fraction(0) if rtl else indent
    if layer.align == "justify" and not row.closes and line.stretches and room > 0:
        return left, room / line.stretches
    return left + room * _share(layer.align, rtl=rtl), Fraction(0)


def _share(align: Alignment, *, rtl: bool) -> Fraction:
    """The part of the room left and right of a line that lies left of it."""
    if align == "center":
        return Fraction(1, 2)
    start = align in ("start", "justify")
    return Fraction(align == "right" or (rtl if start else align == "end" and not rtl))
