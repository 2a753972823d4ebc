"""What is drawn along text: lines under, through and over it, and fills behind it, as boxes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.composition.type import RunBackground, TextBackground
from engines.image_core.sources.text.faces import Style
from engines.image_core.sources.text.layout import Layout, Line

__all__ = ["TextBox", "background_boxes", "decoration_boxes", "run_background_boxes"]


class TextBox(NamedTuple):
    """A rectangle in the layer's own pixels, y downwards."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction

    def corners(self) -> list[tuple[Fraction, Fraction]]:
        """Clockwise from the top left."""
        left, top, right, bottom = self
        return [(left, top), (right, top), (right, bottom), (left, bottom)]

    def padded(self, padding: float) -> TextBox:
        """Larger on each side."""
        by = Fraction(padding)
        return TextBox(self.left - by, self.top - by, self.right + by, self.bottom + by)


def decoration_boxes(layout: Layout, line: Line, faces: frozenset[int]) -> Iterator[TextBox]:
    """The lines along what of a line is drawn in these faces.

    They lie and are as thick as the style's first font says: "post" for the underline, OS/2 for the
    strikethrough; an overline is as thick as the underline and lies below the ascent.
    """
    for style, left, right in _stretches(layout, line, lambda face: face in faces):
        unit = layout.pixels(style.size) / style.fonts[0].units_per_em
        baseline = _baseline(layout, line, style)
        for name in style.decoration:
            top, thickness = style.fonts[0].decoration(name)
            y = baseline - top * unit
            yield TextBox(left, y, right, y + thickness * unit)


def background_boxes(layout: Layout, background: TextBackground) -> Iterator[TextBox]:
    """What lies behind a layer's text: its box, or each line that is not empty."""
    if background.per == "box":
        zero = Fraction(0)
        yield TextBox(zero, zero, layout.width, layout.height).padded(background.padding)
        return
    for line in layout.lines:
        if line.width > 0:
            ascent, descent = layout.reach(line)
            top, bottom = line.baseline - ascent, line.baseline + descent
            yield TextBox(line.x, top, line.x + line.width, bottom).padded(background.padding)


def run_background_boxes(layout: Layout) -> Iterator[tuple[RunBackground, TextBox]]:
    """What lies behind runs that have a background of their own, line by line."""
    for line in layout.lines:
        for style, left, right in _stretches(layout, line, lambda face: True):
            if style.background is not None and right > left:
                above, below = layout.reach_of(style)
                baseline = line.baseline - layout.pixels(style.shift * style.size)
                box = TextBox(left, baseline - above, right, baseline + below)
                yield style.background, box.padded(style.background.padding)


def _baseline(layout: Layout, line: Line, style: Style) -> Fraction:
    """That of a style's letters on a line; vertical lines have the middle of all styles as theirs."""
    font = style.fonts[0]
    beside = Fraction(font.ascent - font.descent, 2 * font.units_per_em) if layout.vertical else Fraction(0)
    return line.baseline + layout.pixels((beside - style.shift) * style.size)


def _stretches(
    layout: Layout, line: Line, wanted: Callable[[int], bool]
) -> Iterator[tuple[Style, Fraction, Fraction]]:
    """Of each stretch of a line in one style, where it begins and ends in the layer's own pixels."""
    for style, group in itertools.groupby(line.placed.segments, lambda one: layout.faces[one.face].style):
        segments = list(group)
        if wanted(segments[0].face):
            ends = layout.across(line, segments[0].start), layout.across(line, segments[-1].end)
            yield style, min(ends), max(ends)  # letters may be spaced so tightly that the pen runs back
