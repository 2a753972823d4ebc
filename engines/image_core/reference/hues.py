"""What a colour's channels are to one another: the largest, the smallest, and the hue between.

What is chosen by a comparison is chosen by masks, integers of all bits or none: NumPy's `where` takes twenty
times as long as its arithmetic.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, Plane, divide
from engines.image_core.reference.pixels import Color

__all__ = ["Hues", "painted"]

CIRCLE = 6 * ONE


class Hues:
    """The largest and smallest channel of each pixel, the one between, and the hue."""

    def __init__(self, color: Color) -> None:
        self.red, self.green, self.blue = color
        self.high = np.maximum(np.maximum(self.red, self.green), self.blue)
        self.low = np.minimum(np.minimum(self.red, self.green), self.blue)

    @cached_property
    def middle(self) -> Plane:
        """The channel that is neither the largest nor the smallest."""
        middle: Plane = self.red + self.green + self.blue - self.high - self.low
        return middle

    def of_largest(self, red: Plane | np.int32, green: Plane | np.int32, blue: Plane | np.int32) -> Plane:
        """A number by which channel is the largest; of equal ones the first."""
        return _chosen(*self._not_largest, red, green, blue)

    def of_smallest(self, red: np.int32, green: np.int32, blue: np.int32) -> Plane:
        """A number by which channel is the smallest; of equal ones the last."""
        return _chosen((self.low - self.blue) >> 31, (self.low - self.green) >> 31, blue, green, red)

    @cached_property
    def _not_largest(self) -> tuple[Plane, Plane]:
        """All bits where red, where green is smaller than the largest, else none."""
        return (self.red - self.high) >> 31, (self.green - self.high) >> 31

    def turned(self, turn: int = 0) -> Plane:
        """The hue, 0 ... 6 ONE - 1, red at 0, green at 2 ONE, turned by -5 ONE ... ONE - 1.

        It is where the middle channel lies between the others, counted on from the largest's own place or
        back from there: from -ONE, short of red, to 5 ONE.
        """
        apart = self.of_largest(self.green - self.blue, self.blue - self.red, self.red - self.green)
        back = apart >> 31
        hue = divide(np.abs(apart), self.high - self.low)
        hue ^= back
        hue -= back  # which negates it where it counts back
        hue += self.of_largest(np.int32(0), np.int32(2 * ONE), np.int32(4 * ONE))
        hue += turn
        hue += (hue >> 31) & CIRCLE
        return hue


def painted(hue: Plane, high: Plane, chroma: Plane) -> Color:
    """The colour of a hue, 0 ... 6 ONE - 1, a largest channel and a chroma.

    The middle channel is the smallest and a part of the chroma while the hue is in an even sixth of the
    circle, and the largest less a part of it in an odd one; either part is rounded half up.
    """
    color = np.empty((3, *hue.shape), np.int32)
    rounding = HALF - ((hue >> SHIFT) & 1)
    low = high - chroma
    for channel, (plane, far) in enumerate(zip(color, (3 * ONE, 2 * ONE, 4 * ONE), strict=True)):
        np.subtract(hue, far, out=plane)
        np.abs(plane, out=plane)
        if channel == 0:  # red: `far` is the place opposite to its own
            plane -= ONE
        else:
            np.subtract(2 * ONE, plane, out=plane)
        np.clip(plane, 0, ONE, out=plane)
        plane *= chroma
        plane += rounding
        plane >>= SHIFT
        plane += low
    return color


def _chosen(
    not_first: Plane, not_second: Plane, first: Plane | np.int32, second: Plane | np.int32,
    third: Plane | np.int32,
) -> Plane:  # fmt: skip
    """The first number where its mask has no bits, else the second where its own has none, else the third."""
    found: Plane = not_second & (third - second)
    found += second - first
    found &= not_first
    found += first
    return found
