"""What a text takes, told without drawing it: its size, its lines and their boxes, the fonts of its runs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engines.image_core.models import TextLayer
from engines.image_core.sources.text.faces import Chains
from engines.image_core.sources.text.layout import Layout, Line, lay_out

__all__ = ["LineMeasure", "RunMeasure", "TextMeasure", "measure_text"]


@dataclass(frozen=True)
class RunMeasure:
    """A stretch of a line in one font.

    Attributes:
        font: The font's own full name.
        size: The em, in pixels.
        x, width: Where it lies, in pixels of the layer's box.
    """

    font: str
    size: float
    x: float
    width: float


@dataclass(frozen=True)
class LineMeasure:
    """A line. That of vertical text is told as if it were not turned by a quarter: x and width along it, top
    and baseline from the right. Along a path x is the distance along it.

    Attributes:
        text: Its characters in logical order, without the spaces at its end, and with an ellipsis where it
            was cut.
        x, width: What is on it, in pixels of the layer's box.
        top, height: Its box, `line_height` high.
        baseline: Where its letters stand.
        runs: Its stretches of one font each, from the left.
    """

    text: str
    x: float
    top: float
    width: float
    height: float
    baseline: float
    runs: tuple[RunMeasure, ...]


@dataclass(frozen=True)
class TextMeasure:
    """A text, laid out. Lengths are in pixels before the layer's transform, from the top left of its box.

    Attributes:
        size: The em: the layer's, or what it was shrunk to.
        width, height: The layer's box.
        lines: From top to bottom.
        cut: Whether some of the text is not in them.
    """

    size: float
    width: float
    height: float
    lines: tuple[LineMeasure, ...]
    cut: bool


def measure_text(layer: TextLayer, chains: Chains, label: str) -> TextMeasure:
    """What a text takes. Raises as `lay_out`."""
    layout = lay_out(layer, chains, label)
    lines = tuple(_line(layout, line) for line in layout.lines)
    width, height, _, _ = layout.box
    return TextMeasure(float(layout.size), float(width), float(height), lines, layout.cut)


def _line(layout: Layout, line: Line) -> LineMeasure:
    return LineMeasure(
        line.text,
        float(line.x),
        float(line.top),
        float(line.width),
        float(line.height),
        float(line.baseline),
        tuple(_runs(layout, line)),
    )


def _runs(layout: Layout, line: Line) -> Iterator[RunMeasure]:
    def key(face: int) -> tuple[str, Fraction]:
        return layout.faces[face].font.name, layout.faces[face].size

    for (name, size), group in itertools.groupby(line.placed.segments, lambda one: key(one.face)):
        segments = list(group)
        start, end = layout.across(line, segments[0].start), layout.across(line, segments[-1].end)
        yield RunMeasure(name, float(layout.pixels(size)), float(start), float(end - start))
