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

__all__ = [
    "Points",
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

TOE_END = Fraction(1, 8)
TOE_SLOPE = 21
"""Where the toe of a gamma above 1 ends, and what its slope at black is made of."""

CANCELLED = 1e-4
"""How near 0 a float64 difference of values of about 1 may come and have the digits that a root needs."""


def levels_table(black: int, white: int, gamma: float, low: int, high: int) -> Curve:
    """Levels of one channel: low + (high - low) t^(1 / gamma), t the value's place between black and white.

    Above 1 a power is infinitely steep at black, and Photoshop's is not. Below t = 1/8 the curve is the cubic
    that leaves black with the slope 21^(1 - 1/gamma) and meets the power there with its own slope: the curve
    was fitted to pixels of Photoshop's, at most 2 of 256 steps off.
    """
    if gamma == 1:
        step = Fraction(high - low, white - black)
        inside = (low - step * black) / 255, step
        return linear_table(
            inside[0], inside[1], Fraction(min(low, high), 255), Fraction(max(low, high), 255)
        )
    return _levels_with_gamma(black, white, gamma, low, high)


@lru_cache(maxsize=64)
def _levels_with_gamma(black: int, white: int, gamma: float, low: int, high: int) -> Curve:
    def exact(mp: Any, index: int) -> Any:
        t = (mp.mpf(index) * 255 / ONE - black) / (white - black)
        curved = _powered_exactly(mp, min(max(t, mp.mpf(0)), mp.mpf(1)), mp.mpf(gamma))
        return (low + (high - low) * curved) / 255 * ONE

    t = np.clip((np.arange(ONE + 1) * 255 / ONE - black) / (white - black), 0, 1)
    curve = (low + (high - low) * _powered(t, gamma)) / 255
    return frozen(round_table(curve * ONE, exact))


def _powered(t: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    power = t ** (1 / gamma)
    if gamma < 1:
        return power
    end = float(TOE_END)
    first, last, height = TOE_SLOPE ** (1 - 1 / gamma), end ** (1 / gamma - 1) / gamma, end ** (1 / gamma)
    s = np.minimum(t / end, 1)
    toe = s * (1 - s) ** 2 * end * first + s**2 * (3 - 2 * s) * height - s**2 * (1 - s) * end * last
    return np.where(t < end, toe, power)


def _powered_exactly(mp: Any, t: Any, gamma: Any) -> Any:
    """The same of one value, in the arithmetic of an mpmath context."""
    end = mp.mpf(TOE_END.numerator) / TOE_END.denominator
    if gamma < 1 or t >= end:
        return t ** (1 / gamma)
    first, last, height = (
        mp.mpf(TOE_SLOPE) ** (1 - 1 / gamma),
        end ** (1 / gamma - 1) / gamma,
        end ** (1 / gamma),
    )
    s = t / end
    return s * (1 - s) ** 2 * end * first + s**2 * (3 - 2 * s) * height - s**2 * (1 - s) * end * last


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
