"""The levels that a program draws on, in a band of rows: colour and alpha of an area of the canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.numbers.geometry import Rect
from engines.image_core.reference.pixels import Color, channels15, stack15

__all__ = ["Level", "filled"]


class Level:
    """Colour, int32 (3, height, width), and alpha, int32 (height, width), of an area.

    alpha is None where all of it is opaque: arithmetic on it is left out then, and gives the same pixels.
    """

    def __init__(self, area: Rect, color: Color, alpha: Plane | None) -> None:
        self.area = area
        self.color = color
        self.alpha = alpha

    @classmethod
    def of(cls, area: Rect, values: Sequence[int]) -> Level:
        """A level of one colour."""
        channels = filled(values, area)
        return cls(area, channels[:3], None if values[3] == ONE else channels[3])

    @classmethod
    def loaded(cls, area: Rect, pixels: NDArray[np.uint16], *, opaque: bool) -> Level:
        """A level that was stored: an area of 15-bit pixels of the whole canvas."""
        rows, columns = slice(area.top, area.bottom), slice(area.left, area.right)
        channels = channels15(pixels, rows, columns, 3 if opaque else 4)
        return cls(area, channels[:3], None if opaque else channels[3])

    def store(self, pixels: NDArray[np.uint16]) -> None:
        """Put the level into its place in 15-bit pixels of the whole canvas."""
        rows, columns = slice(self.area.top, self.area.bottom), slice(self.area.left, self.area.right)
        stack15(self.color, self.alpha, pixels[:, rows, columns])

    def copy(self, area: Rect) -> Level:
        """A level of its own with what lies in a part of this one."""
        color, alpha = self.read(area)
        return Level(area, color.copy(), None if alpha is None else alpha.copy())

    def read(self, area: Rect) -> tuple[Color, Plane | None]:
        """What lies in a part of the area."""
        rows, columns = self._slices(area)
        return self.color[:, rows, columns], None if self.alpha is None else self.alpha[rows, columns]

    def write(self, area: Rect, color: Color, alpha: Plane | None) -> None:
        """Put colour and alpha into a part of the area. The arrays become the level's own."""
        if area == self.area:
            self.color, self.alpha = color, alpha
            return
        rows, columns = self._slices(area)
        self.color[:, rows, columns] = color
        if self.alpha is None and alpha is not None:
            self.alpha = np.full(self.color.shape[1:], ONE, np.int32)
        if self.alpha is not None:
            self.alpha[rows, columns] = ONE if alpha is None else alpha

    def recolor(self, area: Rect, color: Color) -> None:
        """Put colour into a part of the area; its alpha stays."""
        self.write(area, color, self.read(area)[1])

    def _slices(self, area: Rect) -> tuple[slice, slice]:
        top, left = self.area.top, self.area.left
        return slice(area.top - top, area.bottom - top), slice(area.left - left, area.right - left)


def filled(values: Sequence[int], area: Rect) -> NDArray[np.int32]:
    """A plane full of each value: int32 (values, height, width)."""
    shape = (len(values), area.height, area.width)
    if not any(values):
        return np.zeros(shape, np.int32)  # which takes no time before it is read
    return np.repeat(np.array(values, np.int32), area.height * area.width).reshape(shape)
