"""What hue and saturation change, by the hue: for each degree, between which straight lines are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_fraction

__all__ = ["HueChange", "chroma_factor", "hue_ranges"]

CIRCLE = 6 << 11
"""A full circle of hue in the ranges: a 16th of 6 ONE."""

FACTOR_ONE = 1 << 9
MOST = Fraction(101, 100)
"""1 / (1.01 - saturation): what a chroma is multiplied by, 100 at the most (fitted to Photoshop's pixels)."""


@dataclass(frozen=True)
class HueChange:
    """A range of hues, by four angles in degrees, and what is done to it."""

    angles: tuple[int, int, int, int]
    hue: float
    saturation: float
    lightness: float

    def weight(self, degree: int) -> Fraction:
        """0 outside, 1 between the inner angles, a straight line on either side."""
        first, second, third, fourth = self.angles
        at, rise, top, end = ((angle - first) % 360 for angle in (degree, second, third, fourth))
        if rise <= at <= top:
            return Fraction(1)
        if at < rise:
            return Fraction(at, rise)
        return Fraction(end - at, end - top) if at < end else Fraction(0)


def chroma_gain(saturation: Fraction) -> Fraction:
    """What a saturation of -100..100 percent adds to a chroma, as a part of it."""
    part = saturation / 100
    return part if part <= 0 else 1 / (MOST - part) - 1 / MOST


def chroma_factor(saturation: Fraction) -> int:
    """1 and the gain, in 2^-9 steps."""
    return _factor(chroma_gain(saturation))


def _factor(gain: Fraction) -> int:
    return round_fraction(min(max(1 + gain, Fraction(0)), 1 / (MOST - 1)) * FACTOR_ONE)


def hue_ranges(hue: float, changes: Sequence[HueChange]) -> NDArray[np.int32]:
    """int32, shape (361 * 3,): for each degree how far the hue turns, what the chroma is multiplied by, and
    the lightness: all ranges' sums, weighted, with `hue` for all."""
    rows = []
    for degree in range(361):
        weighted = [(change, change.weight(degree % 360)) for change in changes]
        turn = Fraction(hue) + sum(Fraction(change.hue) * weight for change, weight in weighted)
        gain = sum((chroma_gain(Fraction(one.saturation)) * weight for one, weight in weighted), Fraction(0))
        lift = sum((Fraction(change.lightness) * weight / 100 for change, weight in weighted), Fraction(0))
        lift = min(max(lift, Fraction(-1)), Fraction(1))
        rows += [round_fraction(turn * CIRCLE / 360), _factor(gain), round_fraction(lift * ONE)]
    table = np.array(rows, np.int32)
    table.setflags(write=False)
    return table
