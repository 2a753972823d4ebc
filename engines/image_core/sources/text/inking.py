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
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
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
    turns,
)
from engines.image_core.sources.text.placing import PlacedGlyph
from engines.image_core.sources.text.ribbons import Ribbons
from engines.image_core.sources.vector.outline import Outline, OutlineBuilder, concat

__all__ = ["Ink", "inks", "layout_clip"]

_FAR = Fraction(1 << 24)  # pixels; beyond all that is drawn


class _Drawn(NamedTuple):
    """A glyph with ink: on which line, by which of the turns it is mapped, and where it is in the parent."""

    line: int
    turn: int
    face: int
    origin: Origin
    met: bool  # whether it may meet the pixels that are wanted


class _Turn:
    """What takes font units to the parent under one affine, and glyphs' boxes with it.

    boxes: In 26.6 from a glyph's origin, by its face and id.
    """

    def __init__(self, affine: Affine, layout: Layout) -> None:
        self._affine = affine
        self._layout = layout
        self._linears: dict[int, Linear] = {}
        self.boxes: dict[tuple[int, int], tuple[int, int, int, int]] = {}

    def linear(self, face: int) -> Linear:
        """The map of a face's font units."""
        if face not in self._linears:
            linear = Linear.of(self._affine, self._layout.scales[face])
            self._linears[face] = linear.upright() if self._layout.faces[face].upright else linear
        return self._linears[face]


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
        affine: From the layer's own coordinates to the parent's pixels.
        region: The pixels that are wanted: what cannot meet them is left out.
        label: The layer, for messages.

    Raises:
        CompositionError: glyphs are larger than 16 million pixels, or lines and backgrounds along a path are
            very many.
        SourceError: a glyph is damaged.
    """
    if layout.vertical:
        affine = layout.to_layer.then(affine)
    ribbons = Ribbons(layout.track, affine, label)
    yield from _backgrounds(layer, layout, ribbons)
    glyphs = _Glyphs(layer, layout, affine, region, ribbons, label)
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
    """The colour that colour glyphs take from the text: black where it is a gradient or a pattern."""
    paint = _paint(layer, run)
    return paint if isinstance(paint, str) else "#000000"


def layout_clip(layer: TextLayer, layout: Layout, affine: Affine) -> Outline | None:
    """What of the parent a layer's box lets be seen; None where nothing is clipped. On a side that the layer
    does not give nothing is, and along a path what is clipped is not in the layout."""
    if layer.overflow != "clip" or layout.track is not None:
        return None
    left, right = (-_FAR, _FAR) if layer.inline_size is None else (Fraction(0), layout.width)
    top, bottom = (-_FAR, _FAR) if layer.block_size is None else (Fraction(0), layout.height)
    builder = OutlineBuilder(layout.to_layer.then(affine))
    builder.polygon(TextBox(left, top, right, bottom).corners())
    return builder.outline()


def _backgrounds(layer: TextLayer, layout: Layout, ribbons: Ribbons) -> Iterator[Ink]:
    if layer.background is not None:
        boxes = list(background_boxes(layout, layer.background))
        if boxes:
            yield _background(layer.background, boxes, layout, ribbons)
    for _, group in itertools.groupby(run_background_boxes(layout), lambda pair: id(pair[0])):
        pairs = list(group)
        yield _background(pairs[0][0], [box for _, box in pairs], layout, ribbons)


def _background(background: RunBackground, boxes: list[TextBox], layout: Layout, ribbons: Ribbons) -> Ink:
    outline = ribbons.outline(boxes, background.radius)
    if isinstance(background.fill, str):
        return Ink(background.fill, (outline,), None)
    around = _around([ribbons.around(box) for box in boxes])
    return Ink(background.fill, (outline,), layout.to_layer.bounds(*around))


def _around(boxes: Sequence[TextBox]) -> Box:
    """Whole pixels around boxes, on each side one at least."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = math.floor(min(lefts)), math.floor(min(tops))
    right, bottom = math.ceil(max(rights)), math.ceil(max(bottoms))
    return Fraction(left), Fraction(top), Fraction(max(right, left + 1)), Fraction(max(bottom, top + 1))


class _Glyphs:
    """The glyphs of a layout that have ink, and what of them is painted together."""

    def __init__(
        self, layer: TextLayer, layout: Layout, affine: Affine, region: Rect, ribbons: Ribbons, label: str
    ) -> None:
        self._layout = layout
        self._ribbons = ribbons
        self._foregrounds = [_foreground(layer, face.style.painted_by) for face in layout.faces]
        self._colored: dict[int, list[tuple[ColorGlyph, Affine]]] = {}
        self._turns: list[_Turn] = []
        self._all: list[_Drawn] = []
        self._of_faces: dict[int, list[int]] = {}  # their numbers in it
        for number, line in enumerate(layout.lines):
            for glyphs, turned in turns(line, layout, affine):
                if not self._turns or layout.track is not None:
                    self._turns.append(_Turn(turned, layout))
                for placed, x, y in pens(glyphs, line, layout, turned):
                    colored = self._color_glyph(placed)
                    if colored is not None:
                        place = glyph_affine(placed, line, layout).then(turned)
                        self._colored.setdefault(placed.face, []).append((colored, place))
                    else:
                        self._add(number, placed, x, y, region, label)

    def _add(self, line: int, placed: PlacedGlyph, x: int, y: int, region: Rect, label: str) -> None:
        """Take a glyph that has ink, in the latest turn."""
        face, turn = placed.face, self._turns[-1]
        glyph = self._layout.faces[face].font.glyph(placed.id)
        if not len(glyph.ends):
            return
        key = face, placed.id
        box = turn.boxes.get(key)
        if box is None:
            box = turn.boxes[key] = bounded(turn.linear(face).box(glyph.box), label)
        met = meets(box, x >> BITS, y >> BITS, region)
        self._of_faces.setdefault(face, []).append(len(self._all))
        self._all.append(_Drawn(line, len(self._turns) - 1, face, Origin(glyph, x, y), met))

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
        numbers = sorted(number for face in faces for number in self._of_faces.get(face, ()))
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
        origins: dict[tuple[int, int], list[Origin]] = {}
        for drawn in (self._all[number] for number in part.glyphs):
            if drawn.met:
                origins.setdefault((drawn.turn, drawn.face), []).append(drawn.origin)
        by_font: dict[int, list[Outline]] = {}
        for (turn, face), found in origins.items():
            font = self._layout.faces[face].font
            by_font.setdefault(id(font), []).append(mapped(found, self._turns[turn].linear(face)))
        for outlines in by_font.values():
            yield outlines[0] if len(outlines) == 1 else concat(outlines)
        boxes = self._decorations(part, faces)
        if boxes and len((lines := self._ribbons.outline(boxes)).points):
            yield lines

    def spanned(self, part: _Part, faces: frozenset[int], per: GradientBox) -> Box:
        """The box that a gradient spans and at whose corner a pattern begins: the whole pixels around ink,
        wanted or not, or the layer's own."""
        layout = self._layout
        width, height, left, top = layout.box
        if per == "box" and width > 0 and height > 0:
            return left, top, left + width, top + height
        lines = map(self._ribbons.around, self._decorations(part, faces))
        return layout.to_layer.bounds(*_around([*(self._boxes[number] for number in part.glyphs), *lines]))

    def _decorations(self, part: _Part, faces: frozenset[int]) -> list[TextBox]:
        if not any(self._layout.faces[face].style.decoration for face in faces):
            return []
        return [box for line in part.lines for box in decoration_boxes(self._layout, line, faces)]

    @cached_property
    def _boxes(self) -> list[TextBox]:
        """Around each glyph, in the layout's own pixels."""
        layout = self._layout
        found: list[TextBox] = []
        turn = _Turn(IDENTITY, layout)
        for line in layout.lines:
            for glyphs, turned in turns(line, layout, IDENTITY):
                if layout.track is not None:
                    turn = _Turn(turned, layout)
                for placed, x, y in pens(glyphs, line, layout, turned):
                    glyph = layout.faces[placed.face].font.glyph(placed.id)
                    if len(glyph.ends) and self._color_glyph(placed) is None:
                        left, top, right, bottom = turn.linear(placed.face).box(glyph.box)
                        x, y = x >> BITS, y >> BITS
                        sides = left + x, top + y, right + x, bottom + y
                        found.append(TextBox(*(Fraction(side, 64) for side in sides)))
        return found
