"""The curves of tonal adjustments: levels, curves, exposure, threshold, Photoshop's brightness and contrast.

Each is a table over a channel's ONE + 1 values. What is a rational function of the value is rounded exactly;
what has a power is rounded by `round_table`, so that tables are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.curves import Curve, frozen
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_fraction, round_table
from engines.image_core.numbers.spaces import FLOAT

__all__ = [
    "Points",
    "Range",
    "between",
    "levels_table",
    "linear_table",
    "natural_spline",
    "power_exposure_table",
    "spline_table",
    "threshold_table",
]

Points: TypeAlias = tuple[tuple[int, int], ...]
"""Points of a curve, 0..255 each way, from left to right."""

TOE_SLOPE, TOE_STEEPER = "1.45", "1.3"
"""The slope of a power above which a toe stands in for it, and how much steeper that is at black than the
straight line to its end."""

CANCELLED = 1e-4
"""How near 0 a float64 difference of values of about 1 may come and have the digits that a root needs."""


Range: TypeAlias = tuple[int, int, float, int, int]
"""What of the input is black and white, the gamma, and what they become in the output."""


@lru_cache(maxsize=64)
def levels_table(channel: Range, composite: Range) -> Curve:
    """A channel's levels and then the composite ones at 0 ... 255, as Photoshop has them; straight lines
    between. (Within one of 256 steps on all that was measured of its pixels.)"""
    first, second = _levels(*channel), _levels(*composite)
    return between([second[value] for value in first], 255)


def _levels(black: int, white: int, gamma: float, low: int, high: int) -> list[int]:
    """Three steps, each rounded to 8 bits: the place between black and white, its power, the output."""
    powers = _powers(gamma)
    places = [round_fraction(Fraction(255 * (value - black), white - black)) for value in range(256)]
    curved = [powers[min(max(place, 0), 255)] for place in places]
    return [round_fraction(low + Fraction((high - low) * int(value), 255)) for value in curved]


@lru_cache(maxsize=64)
def _powers(gamma: float) -> NDArray[np.int64]:
    """t^(1 / gamma) at 0 ... 255, rounded.

    Above 1 a power is infinitely steep at black, and Photoshop's is not. Up to the place where its slope is
    TOE_SLOPE the curve is the cubic that meets it there and leaves black TOE_STEEPER times as steep as the
    straight line to that place: fitted to Photoshop's pixels.
    """

    def exact(mp: Any, index: int) -> Any:
        t, power = mp.mpf(index) / 255, 1 / mp.mpf(gamma)
        end = _toe_end(mp, mp.mpf(gamma))
        return (t**power if t >= end else _toe(mp, t, end, power)) * 255

    t, end = np.arange(256) / 255, _toe_end(FLOAT, gamma)
    below = t < end
    curve = t ** (1 / gamma)
    curve[below] = _toe(FLOAT, t[below], end, 1 / gamma)
    return round_table(curve * 255, exact)


def _toe_end(mp: Any, gamma: Any) -> Any:
    """Where the slope of t^(1 / gamma) is TOE_SLOPE; 0 where no toe is needed."""
    return (gamma * mp.mpf(TOE_SLOPE)) ** (gamma / (1 - gamma)) if gamma > 1 else mp.mpf(0)


def _toe(mp: Any, t: Any, end: Any, power: Any) -> Any:
    s, height = t / end, end**power
    first, last = mp.mpf(TOE_STEEPER) * height, end * mp.mpf(TOE_SLOPE)
    return s * (1 - s) ** 2 * first + s**2 * (3 - 2 * s) * height - s**2 * (1 - s) * last


def linear_table(start: Fraction, slope: Fraction, low: Fraction, high: Fraction) -> Curve:
    """start + slope v, held within low..high, exactly rounded; fractions of 1."""
    whole = np.arange(ONE + 1, dtype=object) * (2 * slope.numerator * start.denominator)
    whole += ONE * 2 * start.numerator * slope.denominator + slope.denominator * start.denominator
    rounded = whole // (2 * slope.denominator * start.denominator)
    return frozen(np.clip(rounded.astype(np.int64), round_fraction(low * ONE), round_fraction(high * ONE)))


def natural_spline(points: Sequence[tuple[int | Fraction, int | Fraction]]) -> list[Fraction]:
    """The natural cubic spline through points, at 0, 1 ... 255: its second derivative is 0 at both ends, and
    beyond them it stays as it is there. (C. de Boor, A Practical Guide to Splines.)"""
    xs, ys = [Fraction(x) for x, _ in points], [Fraction(y) for _, y in points]
    gaps = [after - before for before, after in pairwise(xs)]
    slopes = [(after - before) / gap for before, after, gap in zip(ys, ys[1:], gaps, strict=False)]
    bends = [Fraction(0), *_solved(gaps, slopes), Fraction(0)]
    values, piece = [], 0
    for place in range(256):
        x = min(max(Fraction(place), xs[0]), xs[-1])
        while piece < len(gaps) - 1 and x > xs[piece + 1]:
            piece += 1
        right, left, gap = xs[piece + 1] - x, x - xs[piece], gaps[piece]
        value = (right * ys[piece] + left * ys[piece + 1]) / gap
        bend = (right**3 / gap - right * gap) * bends[piece] + (left**3 / gap - left * gap) * bends[piece + 1]
        values.append(value + bend / 6)
    return values


def _solved(gaps: list[Fraction], slopes: list[Fraction]) -> list[Fraction]:
    """The second derivatives at the inner points: a tridiagonal system, by elimination."""
    ratios, sums = [Fraction(0)], [Fraction(0)]
    for before, after, down, up in zip(gaps, gaps[1:], slopes, slopes[1:], strict=False):
        pivot = 2 * (before + after) - before * ratios[-1]
        ratios.append(after / pivot)
        sums.append((6 * (up - down) - before * sums[-1]) / pivot)
    found, last = [], Fraction(0)
    for ratio, total in zip(ratios[:0:-1], sums[:0:-1], strict=True):
        last = total - ratio * last
        found.append(last)
    return found[::-1]


@lru_cache(maxsize=64)
def spline_table(channel: Points, composite: Points) -> Curve:
    """A channel's curve and then the composite one, each a natural spline rounded to 8 bits at 0 ... 255, as
    Photoshop has them; straight lines between."""
    first, second = (
        [min(max(round_fraction(value), 0), 255) for value in natural_spline(points)]
        for points in (channel, composite)
    )
    return between([second[value] for value in first], 255)


def between(steps: Sequence[int], whole: int) -> Curve:
    """A curve of straight lines through 256 values: in 8-bit steps where `whole` is 255, in a channel's
    where it is 1."""
    scaled = np.arange(ONE + 1, dtype=np.int64) * 255
    place = np.minimum(scaled // ONE, 254)
    values = np.array(steps, np.int64)
    total = values[place] * ONE + (values[place + 1] - values[place]) * (scaled - place * ONE)
    divisor = whole if whole > 1 else ONE
    return frozen((2 * total + divisor) // (2 * divisor))


@lru_cache(maxsize=64)
def power_exposure_table(stops: float, offset: float, gamma: float) -> Curve:
    """(2^stops v^2.2 + offset)^(1 / gamma), and that to the power 1 / 2.2: Photoshop's exposure, whose linear
    light is a plain power of 2.2 (measured on its pixels, at most one of 256 steps off)."""

    def exact(mp: Any, index: int) -> Any:
        linear = (mp.mpf(index) / ONE) ** mp.mpf("2.2") * mp.mpf(2) ** mp.mpf(stops) + mp.mpf(offset)
        linear = min(max(linear, mp.mpf(0)), mp.mpf(1))
        return linear ** (1 / (mp.mpf(gamma) * mp.mpf("2.2"))) * ONE

    linear = (np.arange(ONE + 1) / ONE) ** 2.2 * 2.0**stops + offset
    curve = np.clip(linear, 0, 1) ** (1 / (gamma * 2.2)) * ONE
    if offset < 0:  # what cancels out has lost its digits: a value on a boundary is computed again
        curve[np.abs(linear) < CANCELLED] = -0.5
    return frozen(round_table(curve, exact))


@lru_cache(maxsize=64)
def threshold_table(level: int) -> Curve:
    """White from a level of 8-bit steps on, black below: what rounds to the level is white."""
    bytes8 = (np.arange(ONE + 1, dtype=np.int64) * 255 + ONE // 2) // ONE
    return frozen(np.where(bytes8 >= level, ONE, 0))
