"""What hue and saturation change, by the hue: at each half degree, with straight lines between."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_fraction

__all__ = ["HueChange", "chroma_factor", "hue_ranges"]

CIRCLE = 6 << 11
"""A full circle of hue in the ranges: a 16th of 6 ONE."""

FACTOR_ONE = 1 << 9
REACH = Fraction(1004, 1000)
"""How far a saturation of 100 percent is from dividing by 0 (fitted to Photoshop's pixels)."""

MOST = 100
"""What a chroma is multiplied by at the most: more than that leaves no grey between black and white."""


@dataclass(frozen=True)
class HueChange:
    """A range of hues, by four angles in degrees, and what is done to it."""

    angles: tuple[int, int, int, int]
    hue: float
    saturation: float
    lightness: float

    def weight(self, degree: Fraction) -> Fraction:
        """0 outside, 1 between the inner angles, a straight line on either side."""
        first, second, third, fourth = self.angles
        at, rise, top, end = ((angle - first) % 360 for angle in (degree, second, third, fourth))
        if rise <= at <= top:
            return Fraction(1)
        if at < rise:
            return Fraction(at) / rise
        return Fraction(end - at) / (end - top) if at < end else Fraction(0)


def chroma_gain(saturation: Fraction) -> Fraction:
    """What a saturation of -100..100 percent adds to a chroma, as a part of it: s / (1 - s) above 0."""
    part = saturation / 100
    return part if part <= 0 else part / (REACH - part)


def chroma_factor(saturation: Fraction) -> int:
    """1 and the gain, in 2^-9 steps."""
    return _factor(chroma_gain(saturation) + 1)


def _factor(factor: Fraction) -> int:
    return round_fraction(min(factor, Fraction(MOST)) * FACTOR_ONE)


@lru_cache(maxsize=64)
def hue_ranges(hue: float, changes: tuple[HueChange, ...]) -> NDArray[np.int32]:
    """int32, shape (721 * 3,): for each half degree how far the hue turns, what the chroma is multiplied by,
    and the lightness.

    Ranges that overlap add up, by their weights, one after the other; on the way the factor does not go below
    0 and the lightness not beyond -1..1. A saturation's weight is that of a hue half a degree lower. Both as
    Photoshop's pixels show.
    """
    rows = []
    for place in range(721):
        degree = Fraction(place % 720, 2)
        turn, factor, lift = Fraction(hue), Fraction(1), Fraction(0)
        for change in changes:
            weight, lower = change.weight(degree), change.weight(degree - Fraction(1, 2))
            if not weight and not lower:
                continue
            turn += Fraction(change.hue) * weight
            gain = chroma_gain(Fraction(change.saturation)) * lower
            factor = max(factor + gain, Fraction(0))
            lift = min(max(lift + Fraction(change.lightness) * weight / 100, Fraction(-1)), Fraction(1))
        rows += [round_fraction(turn * CIRCLE / 360), _factor(factor), round_fraction(lift * ONE)]
    table = np.array(rows, np.int32)
    table.setflags(write=False)
    return table
