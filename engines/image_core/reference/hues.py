"""What a colour's channels are to one another: the largest, the smallest, and the hue between."""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import ONE, SHIFT, Plane, divide, mul

__all__ = ["Hues"]


class Hues:
    """The largest, middle and smallest channel of each pixel, and the hue: 0 ... 6 ONE, red at 0, green at
    2 ONE."""

    def __init__(self, color: list[Plane]) -> None:
        self.red, self.green, self.blue = color
        self.high, self.low = np.maximum.reduce(color), np.minimum.reduce(color)
        self.middle: Plane = self.red + self.green + self.blue - self.high - self.low

    def of_largest(self, red: np.int32, green: np.int32, blue: np.int32) -> Plane:
        """A number by which channel is the largest; of equal ones the first."""
        return np.where(self.red == self.high, red, np.where(self.green == self.high, green, blue))

    def of_smallest(self, red: np.int32, green: np.int32, blue: np.int32) -> Plane:
        """A number by which channel is the smallest; of equal ones the last."""
        return np.where(self.blue == self.low, blue, np.where(self.green == self.low, green, red))

    @property
    def hue(self) -> Plane:
        """Where the middle channel lies between the others, counted on from the largest's own place."""
        part = divide(self.middle - self.low, self.high - self.low)
        place = self.of_largest(np.int32(0), np.int32(2 * ONE), np.int32(4 * ONE))
        after = np.where(
            self.red == self.high,
            self.green >= self.blue,
            np.where(self.green == self.high, self.blue >= self.red, self.red >= self.green),
        )
        hue: Plane = np.where(after, place + part, (place + 6 * ONE - part) % (6 * ONE))
        return hue

    @staticmethod
    def painted(hue: Plane, high: Plane, chroma: Plane) -> list[Plane]:
        """The colour of a hue, 0 ... 6 ONE - 1, a largest channel and a chroma."""
        sector, part = hue >> SHIFT, mul(hue & (ONE - 1), chroma)
        low = high - chroma
        middle = np.where(sector & 1, high - part, low + part)
        places = ((0, 5), (1, 4)), ((1, 2), (0, 3)), ((3, 4), (2, 5))
        out = []
        for at_high, at_middle in places:
            rising = np.where(np.isin(sector, at_middle), middle, low)
            out.append(np.where(np.isin(sector, at_high), high, rising).astype(np.int32))
        return out
