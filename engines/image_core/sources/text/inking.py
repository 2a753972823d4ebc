"""Where a layout's ink lies: glyphs' outlines, the lines along them and the fills behind them, in 26.6 of the
parent's pixels, with the box that each paint spans.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from engines.image_core.composition.shapes import Paint
from engines.image_core.composition.type import GradientBox, RunBackground
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.placement import Box
from engines.image_core.sources.text.color_glyphs import ColorGlyph
from engines.image_core.sources.text.decorating import (
    TextBox,
    background_boxes,
    decoration_boxes,
    run_background_boxes,
)
from engines.image_core.sources.text.layout import Layout, Line
from engines.image_core.sources.text.mapping import (
    BITS,
    Linear,
    Origin,
    bounded,
    glyph_affine,
    mapped,
    meets,
    pens,
)
from engines.image_core.sources.text.placing import PlacedGlyph
from engines.image_core.sources.vector.outline import Outline, OutlineBuilder, concat

__all__ = ["Ink", "inks", "layout_clip"]

_STILL = Affine(Fraction(1), Fraction(0), Fraction(0), Fraction(1), Fraction(0), Fraction(0))
_FAR = Fraction(1 << 24)  # pixels; beyond all that is drawn


class _Drawn(NamedTuple):
    """A glyph with ink: on which line, and where in the parent."""

    line: int
    face: int
    origin: Origin
    met: bool  # whether it may meet the pixels that are wanted


class _Part(NamedTuple):
    """What one paint fills in one go: glyphs by their numbers, and the lines along all text on some lines."""

    glyphs: list[int]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Ink:
    """What one paint fills.

    Attributes:
        paint: The paint.
        outlines: In 26.6 of the parent's pixels, each filled non-zero. Fonts are apart, for their contours
            may turn different ways, and so are lines along text.
        box: What the paint spans, in the layer's own pixels; None for a solid colour.
        colored: Glyphs in colours of their own, drawn over the others, with what takes font units, y
            downwards, to the parent's pixels.
    """

    paint: Paint
    outlines: tuple[Outline, ...]
    box: Box | None
    colored: tuple[tuple[ColorGlyph, Affine], ...] = ()


def inks(layer: TextLayer, layout: Layout, affine: Affine, region: Rect, label: str) -> Iterator[Ink]:
    """The inks of a layout: backgrounds, then glyphs and lines, in the order in which their paints come.

    Args:
        layer: The text.
        layout: The same, laid out.
        affine: From its coordinates to the parent's pixels.
        region: The pixels that are wanted: what cannot meet them is left out.
        label: The layer, for messages.

    Raises:
        CompositionError: glyphs are larger than 16 million pixels.
        SourceError: a glyph is damaged.
    """
    yield from _backgrounds(layer, layout, affine)
    glyphs = _Glyphs(layer, layout, affine, region, label)
    paints: dict[int | None, list[int]] = {}
    for number, face in enumerate(layout.faces):
        paints.setdefault(face.style.painted_by, []).append(number)
    for run, numbers in paints.items():
        faces, paint = frozenset(numbers), _paint(layer, run)
        per: GradientBox = "ink" if isinstance(paint, str) else layer.gradient_box
        for part in glyphs.parts(faces, per):
            outlines = tuple(glyphs.outlines(part, faces))
            if outlines:
                box = None if isinstance(paint, str) else glyphs.spanned(part, faces, per)
                yield Ink(paint, outlines, box)
        colored = tuple(glyphs.colored(faces))
        if colored:
            yield Ink(paint, (), None, colored)


def _paint(layer: TextLayer, run: int | None) -> Paint:
    own = layer.runs[run].color if layer.runs and run is not None else None
    return layer.color if own is None else own


def _foreground(layer: TextLayer, run: int | None) -> str:
    """The colour that colour glyphs take from the text: black where it is no colour but a gradient."""
    paint = _paint(layer, run)
    return paint if isinstance(paint, str) else "#000000"


def layout_clip(layer: TextLayer, layout: Layout, affine: Affine) -> Outline | None:
    """What of the parent a layer's box lets be seen; None where nothing is clipped. On a side that the layer
    does not give nothing is."""
    if layer.overflow != "clip":
        return None
    left, right = (-_FAR, _FAR) if layer.box_width is None else (Fraction(0), layout.width)
    top, bottom = (-_FAR, _FAR) if layer.box_height is None else (Fraction(0), layout.height)
    builder = OutlineBuilder(affine)
    builder.polygon(TextBox(left, top, right, bottom).corners())
    return builder.outline()


def _backgrounds(layer: TextLayer, layout: Layout, affine: Affine) -> Iterator[Ink]:
    if layer.background is not None:
        boxes = list(background_boxes(layout, layer.background))
        if boxes:
            yield _background(layer.background, boxes, affine)
    for _, group in itertools.groupby(run_background_boxes(layout), lambda pair: id(pair[0])):
        pairs = list(group)
        yield _background(pairs[0][0], [box for _, box in pairs], affine)


def _background(background: RunBackground, boxes: list[TextBox], affine: Affine) -> Ink:
    builder = OutlineBuilder(affine)
    for left, top, right, bottom in boxes:
        width, height = right - left, bottom - top
        radius = min(Fraction(background.radius), width / 2, height / 2)
        builder.rounded_rect(left, top, width, height, radius, radius)
    box = None if isinstance(background.fill, str) else _around(boxes)
    return Ink(background.fill, (builder.outline(),), box)


def _around(boxes: Sequence[TextBox]) -> Box:
    """Whole pixels around boxes, on each side one at least."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = math.floor(min(lefts)), math.floor(min(tops))
    right, bottom = math.ceil(max(rights)), math.ceil(max(bottoms))
    return Fraction(left), Fraction(top), Fraction(max(right, left + 1)), Fraction(max(bottom, top + 1))


class _Glyphs:
    """The glyphs of a layout that have ink, and what of them is painted together."""

    def __init__(self, layer: TextLayer, layout: Layout, affine: Affine, region: Rect, label: str) -> None:
        self._layout = layout
        self._affine = affine
        self._foregrounds = [_foreground(layer, face.style.painted_by) for face in layout.faces]
        self._colored: dict[int, list[tuple[ColorGlyph, Affine]]] = {}
        self._linears = [Linear.of(affine, scale) for scale in layout.scales]
        self._all: list[_Drawn] = []
        boxes: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        for number, line in enumerate(layout.lines):
            for placed, x, y in pens(line, layout, affine):
                face = placed.face
                colored = self._color_glyph(placed)
                if colored is not None:
                    place = glyph_affine(placed, line, layout).then(affine)
                    self._colored.setdefault(face, []).append((colored, place))
                    continue
                glyph = layout.faces[face].font.glyph(placed.id)
                key = face, placed.id
                if key not in boxes:
                    boxes[key] = bounded(self._linears[face].box(glyph.box), label)
                if len(glyph.ends):
                    met = meets(boxes[key], x >> BITS, y >> BITS, region)
                    self._all.append(_Drawn(number, face, Origin(glyph, x, y), met))

    def _color_glyph(self, placed: PlacedGlyph) -> ColorGlyph | None:
        """A glyph that has colours of its own."""
        font = self._layout.faces[placed.face].font
        return font.color_glyph(placed.id, self._foregrounds[placed.face]) if font.colored else None

    def colored(self, faces: frozenset[int]) -> Iterator[tuple[ColorGlyph, Affine]]:
        """The glyphs with colours of their own in these faces, with what takes them to the parent."""
        for face in faces:
            yield from self._colored.get(face, ())

    def parts(self, faces: frozenset[int], per: GradientBox) -> Iterator[_Part]:
        """What is painted in these faces, all in one or line by line or glyph by glyph."""
        lines = self._layout.lines
        numbers = [number for number, drawn in enumerate(self._all) if drawn.face in faces]
        match per:
            case "line":
                for line, group in itertools.groupby(numbers, lambda number: self._all[number].line):
                    yield _Part(list(group), lines[line : line + 1])
            case "glyph":
                yield _Part([], lines)
                yield from (_Part([number], ()) for number in numbers)
            case _:
                yield _Part(numbers, lines)

    def outlines(self, part: _Part, faces: frozenset[int]) -> Iterator[Outline]:
        """Of what is wanted, one outline for each font and one for all lines along text."""
        origins: dict[int, list[Origin]] = {}
        for drawn in (self._all[number] for number in part.glyphs):
            if drawn.met:
                origins.setdefault(drawn.face, []).append(drawn.origin)
        by_font: dict[int, list[Outline]] = {}
        for face, found in origins.items():
            font = self._layout.faces[face].font
            by_font.setdefault(id(font), []).append(mapped(found, self._linears[face]))
        for outlines in by_font.values():
            yield outlines[0] if len(outlines) == 1 else concat(outlines)
        builder = OutlineBuilder(self._affine)
        for box in self._decorations(part, faces):
            builder.polygon(box.corners())
        if len((lines := builder.outline()).points):
            yield lines

    def spanned(self, part: _Part, faces: frozenset[int], per: GradientBox) -> Box:
        """The box that a gradient spans: the whole pixels around ink, wanted or not, or the layer's own."""
        zero, layout = Fraction(0), self._layout
        if per == "box" and layout.width > 0 and layout.height > 0:
            return zero, zero, layout.width, layout.height
        return _around([*(self._boxes[number] for number in part.glyphs), *self._decorations(part, faces)])

    def _decorations(self, part: _Part, faces: frozenset[int]) -> list[TextBox]:
        if not any(self._layout.faces[face].style.decoration for face in faces):
            return []
        return [box for line in part.lines for box in decoration_boxes(self._layout, line, faces)]

    @cached_property
    def _boxes(self) -> list[TextBox]:
        """Around each glyph, in the layer's own pixels."""
        linears = [Linear.of(_STILL, scale) for scale in self._layout.scales]
        found: list[TextBox] = []
        for line in self._layout.lines:
            for placed, x, y in pens(line, self._layout, _STILL):
                glyph = self._layout.faces[placed.face].font.glyph(placed.id)
                if len(glyph.ends) and self._color_glyph(placed) is None:
                    left, top, right, bottom = linears[placed.face].box(glyph.box)
                    x, y = x >> BITS, y >> BITS
                    sides = left + x, top + y, right + x, bottom + y
                    found.append(TextBox(*(Fraction(side, 64) for side in sides)))
        return found
