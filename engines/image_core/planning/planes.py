"""Steps that make planes: coverage looked up, combined, taken of an image, averaged, grown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.steps import Step, derive

__all__ = ["Alpha", "Box", "Combine", "Grow", "How", "Map", "Part", "combined"]


@dataclass(frozen=True, eq=False)
class Alpha(Step):
    """The alpha of an image."""

    tag: ClassVar = "alpha"
    source: Step

    def __post_init__(self) -> None:
        derive(self, size=(self.source.width, self.source.height), plane=True, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Map(Step):
    """A plane whose values are looked up: table is uint16, shape (ONE + 1,), of values 0..ONE."""

    tag: ClassVar = "map"
    source: Step
    table: NDArray[np.uint16]

    def __post_init__(self) -> None:
        derive(self, size=(self.source.width, self.source.height), plane=True, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Part:
    """One of the planes that are combined, its top-left pixel at (left, top); 0 lies around it, and then it
    is inverted.

    density: what it counts of, 0..ONE: lerp(ONE, value, density) is taken.
    """

    tag: ClassVar = "part"
    plane: Step
    left: int
    top: int
    inverted: bool = False
    density: int = ONE


How: TypeAlias = Literal["multiply", "difference"]


@dataclass(frozen=True, eq=False)
class Combine(Step):
    """One plane, or two of them multiplied or their difference without its sign."""

    tag: ClassVar = "combine"
    width: int
    height: int
    parts: tuple[Part, ...]
    how: How = "multiply"

    def __post_init__(self) -> None:
        derive(self, plane=True, inputs=tuple(part.plane for part in self.parts))


def combined(parts: Sequence[Part], area: Rect, how: How = "multiply") -> Combine:
    """Planes that lie in their parent's pixels put together over an area of it."""
    moved = (replace(part, left=part.left - area.left, top=part.top - area.top) for part in parts)
    return Combine(area.width, area.height, tuple(moved), how)


@dataclass(frozen=True, eq=False)
class Box(Step):
    """A plane's mean over squares: output (x, y) is that of the side x side values from the source's
    (x + left, y + top) on. Around the source lies 0."""

    tag: ClassVar = "box"
    width: int
    height: int
    source: Step
    side: int
    left: int
    top: int

    def __post_init__(self) -> None:
        derive(self, plane=True, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Grow(Step):
    """A plane grown by a radius, in 2^-15 pixels: output (x, y), which lies on the source's (x + left,
    y + top), is radius + v - d, held within 0..ONE, at most, v a value of the source and d its distance.

    Of each column and of each row it looks at three values: the nearest above 0, the nearest of HALF or more,
    the nearest of ONE. (Where an edge is a pixel or two wide those are all that count.)
    """

    tag: ClassVar = "grow"
    width: int
    height: int
    source: Step
    radius: int
    left: int
    top: int

    def __post_init__(self) -> None:
        derive(self, plane=True, inputs=(self.source,))

    @property
    def reach(self) -> int:
        """How far away a value may count, in pixels: less than the radius and one."""
        return self.radius // ONE + 1
