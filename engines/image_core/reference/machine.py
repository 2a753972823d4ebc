"""Runs a program's instructions on the levels of one band of rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engines.image_core.composition.blending import BlendMode
from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.entries import Adjust, ColorOp, Coverage, Layer, Stack
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.instructions import Draw, Instruction, Pop, Push
from engines.image_core.planning.steps import Solid
from engines.image_core.reference.adjust import adjust
from engines.image_core.reference.composite import Alpha, composite, mixed_back, recolored, source_alpha
from engines.image_core.reference.dissolving import dissolved
from engines.image_core.reference.levels import Level, filled
from engines.image_core.reference.pixels import Color, Pixels, channels15, coverage15

__all__ = ["Machine"]

_NOTHING = (0, 0, 0, 0)
_NOWHERE = Rect(0, 0, 0, 0)


class Machine:
    """The levels of a band, and what is drawn on them.

    area: the band. values: what the entries read, by digest. levels: those there are already, by number.
    origin: of the Compose.
    """

    def __init__(
        self, area: Rect, values: Mapping[str, Pixels], levels: dict[int, Level], origin: tuple[int, int]
    ) -> None:
        self._area = area
        self._origin = origin
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
                self._draw(layer, self.level(instruction.level), instruction.keep)
            case Draw(entry=Adjust() as entry):
                self._adjust(entry, self.level(instruction.level))
            case Push():
                self._push(instruction.stack, instruction.level)
            case Pop():
                self._pop(instruction)

    def _draw(self, layer: Layer, onto: Level, keep: bool) -> None:
        area = layer.area.intersect(onto.area)
        if area.empty:
            return
        color, alpha = self._image(layer, area)
        color = _adjusted(color, layer.color_ops)
        share = source_alpha(alpha, self._coverage(layer.mask, area), layer.opacity)
        self._put(onto, area, color, share, layer.blend, keep)

    def _put(
        self,
        onto: Level,
        area: Rect,
        color: Color,
        alpha: Alpha,
        blend: BlendMode,
        keep: bool,
    ) -> None:
        """A source over a part of a level."""
        if blend is BlendMode.DISSOLVE:
            alpha = dissolved(alpha, area.shift(*self._origin))
        backdrop, backdrop_alpha = onto.read(area)
        if keep:
            onto.recolor(area, recolored(backdrop, color, alpha, blend))
        else:
            onto.write(area, *composite(backdrop, backdrop_alpha, color, alpha, blend))

    def _adjust(self, entry: Adjust, onto: Level) -> None:
        area = entry.area.intersect(onto.area)
        if area.empty:
            return
        share = source_alpha(None, self._coverage(entry.mask, area), entry.opacity)
        self._put(onto, area, _adjusted(onto.read(area)[0], entry.color_ops), share, entry.blend, keep=True)

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
        if not stack.through:
            share = source_alpha(alpha, mask, stack.opacity)
            self._put(below, area, color, share, stack.blend, pop.keep)
            return
        share = source_alpha(None, mask, stack.opacity)
        if pop.keep:
            self._put(below, area, color, share, BlendMode.NORMAL, keep=True)
        else:
            below.write(area, *mixed_back(*below.read(area), color, alpha, share))

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


def _adjusted(color: Color, color_ops: tuple[ColorOp, ...]) -> Color:
    return np.stack(adjust(list(color), color_ops)) if color_ops else color
