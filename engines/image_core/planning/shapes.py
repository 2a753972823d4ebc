"""What layer effects do with a layer's shape: move it, blur it, grow and shrink it, take it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.numbers.distances import Metric
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.filtering import blurred, flattened
from engines.image_core.planning.placement import Placed, check_size
from engines.image_core.planning.planes import Alpha, Box, Grain, Grow, How, Map, Part, combined
from engines.image_core.planning.stacking import Drawn, Group, Image, compose
from engines.image_core.planning.steps import MaskRaster, Step

__all__ = ["Shape", "everywhere", "shape_of"]

_NOTHING = DecodedMask(np.zeros((1, 1), np.uint8), "nothing")


def shape_of(drawn: Drawn, bit_depth: BitDepth) -> Shape | None:
    """The shape of a layer: its alpha where its mask shows it, without its opacity. None where that is
    nowhere."""
    content, mask = drawn.content, drawn.mask
    if isinstance(content, Group) and content.start == "base" and mask is None:
        return shape_of(content.drawn[0], bit_depth)  # what is clipped to it keeps its alpha
    area = content.area if mask is None else content.area.intersect(mask.area)
    if area.empty:
        return None
    if isinstance(content, Image):
        placed = flattened(content.placed, ())
        if mask is None:
            return Shape(Placed(Alpha(placed.image), placed.left, placed.top))
        alpha = Part(Alpha(placed.image), placed.left, placed.top)
        parts = alpha, Part(mask.plane, mask.left, mask.top, mask.inverted)
        return Shape(_combined(parts, area))
    alone = replace(drawn, opacity=ONE, blend=BlendMode.NORMAL, options=None)
    check_size(area)
    whole = compose((alone,), area, (0, 0, 0, 0), bit_depth)
    return Shape(Placed(Alpha(whole), area.left, area.top))


def everywhere(mask: Coverage | None, area: Rect) -> Shape | None:
    """All of an area, or what of it a mask shows; None where that is nowhere."""
    area = area if mask is None else area.intersect(mask.area)
    if area.empty:
        return None
    if mask is not None:
        return Shape(_combined((Part(mask.plane, mask.left, mask.top, mask.inverted),), area))
    nothing = Part(MaskRaster(_NOTHING), area.left, area.top, inverted=True)
    return Shape(_combined((nothing,), area))


def _combined(parts: Sequence[Part], area: Rect, how: How = "multiply") -> Placed:
    """Planes in the parent's pixels put together over an area of it."""
    check_size(area)
    return Placed(combined(parts, area, how), area.left, area.top)


@dataclass(frozen=True)
class Shape:
    """A plane where it lies in the parent's pixels; 0 lies around it."""

    placed: Placed

    @classmethod
    def at(cls, plane: Step, left: int, top: int) -> Shape:
        """A plane, its top-left pixel at (left, top)."""
        return cls(Placed(plane, left, top))

    @classmethod
    def drawn(cls, mask: DecodedMask) -> Shape:
        """What a source has drawn, where it lies."""
        return cls.at(MaskRaster(mask), mask.x, mask.y)

    @property
    def area(self) -> Rect:
        """What it covers."""
        return self.placed.area

    def coverage(self) -> Coverage:
        """The shape as a mask."""
        return Coverage(self.placed.image, self.placed.left, self.placed.top)

    def _part(self, *, inverted: bool = False) -> Part:
        return Part(self.placed.image, self.placed.left, self.placed.top, inverted)

    def moved(self, x: int, y: int) -> Shape:
        """The shape elsewhere."""
        return Shape(replace(self.placed, left=self.placed.left + x, top=self.placed.top + y))

    def complement(self, area: Rect) -> Shape:
        """In an area, what the shape does not cover."""
        return Shape(_combined((self._part(inverted=True),), area))

    def without(self, other: Shape) -> Shape:
        """The shape where another is not."""
        return Shape(_combined((self._part(), other._part(inverted=True)), self.area))

    def difference(self, other: Shape, area: Rect) -> Shape:
        """In an area, how far the shape's values are from another's."""
        return Shape(_combined((self._part(), other._part()), area, "difference"))

    def looked_up(self, table: NDArray[np.uint16]) -> Shape:
        """The shape with its values looked up; around it lies 0 still."""
        if np.array_equal(table, np.arange(ONE + 1)):
            return self
        return Shape(replace(self.placed, image=Map(self.placed.image, table)))

    def grained(self, amount: float) -> Shape:
        """The shape with a part of it, 0..1, made grains."""
        steps = round_fraction(Fraction(amount) * ONE)
        placed = self.placed
        if not steps:
            return self
        return Shape(replace(placed, image=Grain(placed.image, steps, placed.left, placed.top)))

    def grown(self, radius: Fraction, need: Rect, falloff: int = 1, metric: Metric = "euclidean") -> Shape:
        """Grown by a distance in pixels, or shrunk by one below 0; in what is needed of it. falloff: over how
        many pixels what is grown falls to 0."""
        steps = round_fraction(abs(radius) * ONE)
        if steps == 0:
            return self
        if radius < 0:
            around = self.area.intersect(need)
            if around.empty:
                return self
            rest = self.complement(around.expand(steps // ONE + 2)).grown(-radius, around, falloff, metric)
            return rest.complement(around)
        area = self.area.expand(steps // ONE + 1).intersect(need)
        if area.empty:
            return self
        check_size(area)
        source = self.placed
        left, top = area.left - source.left, area.top - source.top
        return Shape(
            Placed(
                Grow(area.width, area.height, source.image, steps, left, top, falloff, metric),
                area.left,
                area.top,
            )
        )

    def softened(self, size: int, need: Rect) -> Shape:
        """Blurred as Photoshop's effects are: by two means over squares of `size` pixels, those of an even
        size half a pixel to opposite sides. In what is needed of it."""
        if size < 2:
            return self
        first, second = -(size // 2), -((size - 1) // 2)
        once = _reached(self.area, first, size)
        area = _reached(once, second, size).intersect(need)
        if area.empty:
            return self
        read = Rect(
            area.left + second, area.top + second, area.right + second + size, area.bottom + second + size
        )
        return self._mean(size, first, once.intersect(read))._mean(size, second, area)

    def _mean(self, size: int, offset: int, area: Rect) -> Shape:
        check_size(area)
        source = self.placed
        left, top = area.left + offset - source.left, area.top + offset - source.top
        return Shape(Placed(Box(area.width, area.height, source.image, size, left, top), area.left, area.top))

    def blurred(self, sigma: float, need: Rect) -> Shape | None:
        """Blurred by a Gaussian; None where nothing of it is needed."""
        if sigma == 0:
            return self
        soft = blurred(self.placed, sigma, need)
        return None if soft is None else Shape(soft)


def _reached(area: Rect, offset: int, size: int) -> Rect:
    """Where means over `size` values from `offset` on see something of an area."""
    last = offset + size - 1
    return Rect(area.left - last, area.top - last, area.right - offset, area.bottom - offset)
