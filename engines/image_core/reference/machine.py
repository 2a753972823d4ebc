"""Runs a program's instructions on the levels of one band of rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engines.image_core.composition.blending import BlendMode
from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.entries import Adjust, ColorOp, Compose, Coverage, Layer, Stack
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.instructions import Bottom, Draw, Instruction, Pop, Push
from engines.image_core.planning.steps import Solid
from engines.image_core.reference.adjust import adjust
from engines.image_core.reference.composite import Alpha, composite, mixed_back, source_alpha
from engines.image_core.reference.dissolving import dissolved
from engines.image_core.reference.levels import Level, filled
from engines.image_core.reference.options import blended, knocked_out, with_channels, with_ranges
from engines.image_core.reference.pixels import Color, Pixels, channels15, coverage15, rounded8, share8

__all__ = ["Machine"]

_NOTHING = (0, 0, 0, 0)
_NOWHERE = Rect(0, 0, 0, 0)


class Machine:
    """The levels of a band, and what is drawn on them.

    step: the Compose. area: the band. values: what the entries read, by digest. levels: those there are
    already, by number.
    """

    def __init__(
        self, step: Compose, area: Rect, values: Mapping[str, Pixels], levels: dict[int, Level]
    ) -> None:
        self._step = step
        self._area = area
        self._values = values
        self._levels = levels

    def level(self, number: int) -> Level:
        """A level by its number; one that nothing has been drawn on is made here."""
        if number not in self._levels:
            self._levels[number] = Level.of(self._area, _NOTHING)
        return self._levels[number]

    def execute(self, instruction: Instruction) -> None:
        """Change the levels as an instruction says."""
        match instruction:
            case Draw(entry=Layer() as layer):
                self._draw(instruction, layer)
            case Draw(entry=Adjust() as entry):
                self._adjust(instruction, entry)
            case Push():
                self._push(instruction.stack, instruction.level)
            case Pop():
                self._pop(instruction)

    def _draw(self, draw: Draw, layer: Layer) -> None:
        onto = self.level(draw.level)
        area = layer.area.intersect(onto.area)
        if area.empty:
            return
        color, alpha = self._image(layer, area)
        color = _adjusted(color, layer.color_ops)
        share = source_alpha(alpha, self._coverage(layer.mask, area), layer.opacity)
        self._put(draw, onto, area, color, share)

    def _adjust(self, draw: Draw, entry: Adjust) -> None:
        onto = self.level(draw.level)
        area = entry.area.intersect(onto.area)
        if area.empty:
            return
        share = source_alpha(None, self._coverage(entry.mask, area), entry.opacity)
        self._put(draw, onto, area, _adjusted(onto.read(area)[0], entry.color_ops), share)

    def _put(self, put: Draw | Pop, onto: Level, area: Rect, color: Color, alpha: Alpha) -> None:
        """A source over a part of a level."""
        blend, options, bits = put.entry.blend, put.entry.options, put.bit_depth
        keep = put.keep or isinstance(put.entry, Adjust)
        backdrop = onto.read(area)
        if options is not None:
            alpha = with_ranges(alpha, options.ranges, color, *backdrop)
        alpha = _rounded(self._seen(alpha, blend, area), put)
        if options is None:
            result = composite(*backdrop, color, alpha, blend, keep=keep, bits=bits)
        elif put.bottom is None:
            result = blended(*backdrop, color, alpha, blend, options.fill, keep=keep, bits=bits)
        else:
            inside = self._inside(put, put.bottom, options.fill, area, color, keep=keep)
            result = knocked_out(*backdrop, *inside, alpha, keep=keep, bits=bits)
        if options is not None:
            result = with_channels(backdrop[0], result[0], options.kept), result[1]
        self._write(put, onto, area, *result)

    def _inside(
        self, put: Draw | Pop, bottom: Bottom, fill: int, area: Rect, color: Color, *, keep: bool
    ) -> tuple[Color, Plane | None]:
        """A source that covers all of an area, over what is at the bottom of a knockout."""
        if isinstance(bottom, int):
            below = self.level(bottom)
        else:
            below = Level.of(area, _NOTHING if bottom == "nothing" else self._step.background)
        blend, alpha = put.entry.blend, None
        if blend.facts.fill == "opacity":
            alpha, fill = _rounded(self._seen(np.int32(fill), blend, area), put), ONE
        return blended(*below.read(area), color, alpha, blend, fill, keep=keep, bits=put.bit_depth)

    def _seen(self, alpha: Alpha, blend: BlendMode, area: Rect) -> Alpha:
        """A source's alpha, dissolved where its mode does that."""
        if blend is not BlendMode.DISSOLVE:
            return alpha
        return dissolved(alpha, area.shift(*self._step.origin))

    def _push(self, stack: Stack, number: int) -> None:
        area = stack.area.intersect(self._area)
        if area.empty:
            area = _NOWHERE
        through = stack.through
        below = self.level(number - 1)
        if through and not area.intersect(below.area).empty:
            self._levels[number] = below.copy(area.intersect(below.area))
        else:
            self._levels[number] = Level.of(_NOWHERE if through else area, _NOTHING)

    def _pop(self, pop: Pop) -> None:
        stack = pop.stack
        inner, below = self.level(pop.level), self.level(pop.level - 1)
        del self._levels[pop.level]
        area = stack.area.intersect(inner.area).intersect(below.area)
        if area.empty:
            return
        color, alpha = inner.read(area)
        mask = self._coverage(stack.mask, area)
        if not stack.mixed_back:
            self._put(pop, below, area, color, source_alpha(alpha, mask, stack.opacity))
            return
        share = source_alpha(None, mask, stack.opacity)
        if pop.keep:
            self._put(pop, below, area, color, share)
            return
        before, options = below.read(area), stack.options
        if options is not None:
            share = with_ranges(share, options.ranges, color, *before)
        share = _rounded(share, pop)
        mixed, alpha = mixed_back(*before, color, alpha, share, pop.bit_depth)
        if options is not None:
            mixed = with_channels(before[0], mixed, options.kept)
        self._write(pop, below, area, mixed, alpha)

    def _write(self, put: Draw | Pop, onto: Level, area: Rect, color: Color, alpha: Plane | None) -> None:
        """Put what became of a part of a level there, rounded where that is of 8 bits."""
        if put.bit_depth == 8:
            color, alpha = rounded8(color, alpha)
        onto.write(area, color, alpha)

    def _image(self, layer: Layer, area: Rect) -> tuple[Color, Plane | None]:
        """Colour and alpha of a layer's image in an area of the canvas; alpha None: opaque."""
        image = layer.image
        if isinstance(image, Solid):
            values = filled(image.color, area)
            return values[:3], None if image.color[3] == ONE else values[3]
        rows = slice(area.top - layer.top, area.bottom - layer.top)
        columns = slice(area.left - layer.left, area.right - layer.left)
        pixels = self._values[step_digest(image)]
        if image.opaque:
            return channels15(pixels, rows, columns, 3), None
        values = channels15(pixels, rows, columns)
        return values[:3], values[3]

    def _coverage(self, mask: Coverage | None, area: Rect) -> Plane | None:
        """A mask's values in an area of the canvas that it covers."""
        if mask is None:
            return None
        rows = slice(area.top - mask.top, area.bottom - mask.top)
        columns = slice(area.left - mask.left, area.right - mask.left)
        values = coverage15(self._values[step_digest(mask.plane)], rows, columns)
        return ONE - values if mask.inverted else values


def _rounded(alpha: Alpha, put: Draw | Pop) -> Alpha:
    """A source's alpha, rounded where its level is of 8 bits."""
    return alpha if alpha is None or put.bit_depth == 16 else share8(alpha)


def _adjusted(color: Color, color_ops: tuple[ColorOp, ...]) -> Color:
    return adjust(color, color_ops) if color_ops else color
