"""Steps that make planes: coverage looked up, combined, taken of an image, averaged, grown, lit, grainy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.distances import Metric
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.steps import Step, derive

__all__ = ["Alpha", "Box", "Combine", "Grain", "Grow", "How", "Map", "Part", "Relief", "combined"]


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

    falloff: over how many pixels it falls from ONE to 0: what is held within falloff * ONE is divided by it.
    metric: how distances are measured, see `numbers/distances.py`.
    """

    tag: ClassVar = "grow"
    width: int
    height: int
    source: Step
    radius: int
    left: int
    top: int
    falloff: int = 1
    metric: Metric = "euclidean"

    def __post_init__(self) -> None:
        derive(self, plane=True, inputs=(self.source,))

    @property
    def reach(self) -> int:
        """How far away a value may count, in pixels: less than the radius and one."""
        return self.radius // ONE + 1


@dataclass(frozen=True, eq=False)
class Relief(Step):
    """How much light falls on a plane that is taken as a height: output (x, y) is at the source's (x + left,
    y + top), around which lies 0.

    A slope is what the values to the left and right (or above and below) differ by, times `scale` and in
    2^-`shift` of that, held within 16 pixels a pixel: (scale * difference + half) >> shift, in 2^-11. The
    value is the cosine of the angle between the surface's normal and the light, 0..ONE, 0 where it is below.

    Attributes:
        scale: -2^15 < scale < 2^15; below 0 the plane is a depth.
        shift: 1..30.
        light: a vector of length ONE to the right, down and out of the canvas.
    """

    tag: ClassVar = "relief"
    width: int
    height: int
    source: Step
    left: int
    top: int
    scale: int
    shift: int
    light: tuple[int, int, int]

    def __post_init__(self) -> None:
        derive(self, plane=True, inputs=(self.source,))


@dataclass(frozen=True, eq=False)
class Grain(Step):
    """A plane of which a part, `amount` of ONE, is made ONE or 0 by the threshold of the position, as what
    dissolves is: lerp(value, value > threshold ? ONE : 0, amount).

    left, top: the position of the first pixel.
    """

    tag: ClassVar = "grain"
    source: Step
    amount: int
    left: int
    top: int

    def __post_init__(self) -> None:
        derive(self, size=(self.source.width, self.source.height), plane=True, inputs=(self.source,))
