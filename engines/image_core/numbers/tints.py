"""The numbers of adjustments that change hue, saturation or luminosity."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from engines.image_core.numbers.curves import Curve, frozen
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.numbers.tones import linear_table

__all__ = [
    "LUMINOSITY",
    "MIX_ONE",
    "balance_table",
    "colorized",
    "grey_mix",
    "scaled_table",
    "tinted",
]

MIX_ONE = 1 << 12
"""A weight of 1 in a mixer: three weights and a constant of 2 each stay within 32 bits."""

LUMINOSITY = (Fraction(30, 100), Fraction(59, 100), Fraction(11, 100))
"""Lum of the blend modes that are not separable (W3C Compositing and Blending, 10.2)."""

RGB = tuple[Fraction, Fraction, Fraction]


def grey_mix() -> tuple[int, ...]:
    """A mixer's rows that make each channel the luminosity; they sum to MIX_ONE, so that greys stay."""
    red, _, blue = (round_fraction(weight * MIX_ONE) for weight in LUMINOSITY)
    return (red, MIX_ONE - red - blue, blue, 0) * 3


@lru_cache(maxsize=64)
def scaled_table(factor: Fraction) -> Curve:
    """Times a factor of 0 to 1."""
    return linear_table(Fraction(0), factor, Fraction(0), Fraction(1))


@lru_cache(maxsize=64)
def balance_table(shadows: int, midtones: int, highlights: int) -> Curve:
    """Color balance of one channel, -100..100 each: v plus their sum by the weights of GIMP's.

    Shadows weigh 1 up to v = 5/24 and 0 from 11/24 on, highlights are their mirror image, midtones rise and
    fall with both; all times 0.7.
    """
    v = np.arange(ONE + 1, dtype=object) * 24  # in units of 1 / (24 ONE)
    quarter = 6 * ONE
    low = np.clip(11 * ONE - v, 0, quarter)
    high = np.clip(v - 13 * ONE, 0, quarter)
    middle = np.minimum(np.clip(v - 5 * ONE, 0, quarter), np.clip(19 * ONE - v, 0, quarter))
    change = (low * shadows + middle * midtones + high * highlights) * 7  # 0.7 / 100 of it, by quarters
    whole = 1000 * quarter
    values = (2 * ((v // 24) * whole + change * ONE) + whole) // (2 * whole)
    return frozen(np.clip(values.astype(np.int64), 0, ONE))


@lru_cache(maxsize=64)
def colorized(hue: float, saturation: float, lightness: float) -> tuple[Curve, Curve, Curve]:
    """The colours of one hue (degrees) and saturation (percent), in HSL, by lightness; `lightness` percent
    nearer to white, or below 0 to black."""
    turn, strength, lift = Fraction(hue) % 360 / 60, Fraction(saturation) / 100, Fraction(lightness) / 100
    pure = [min(max(abs(3 - (turn + shift) % 6) - 1, Fraction(0)), Fraction(1)) for shift in (0, 4, 2)]
    tables = []
    for channel in pure:
        line = 1 + strength * (2 * channel - 1)  # below the middle times L, above it 1 - (1 - L) (2 - line)
        dark = linear_table(Fraction(0), line, Fraction(0), Fraction(1))
        light = linear_table(1 - (2 - line), 2 - line, Fraction(0), Fraction(1))
        tables.append(np.where(np.arange(ONE + 1) <= ONE // 2, dark, light)[_lifted(lift)])
    red, green, blue = (frozen(table.astype(np.int64)) for table in tables)
    return red, green, blue


def _lifted(lift: Fraction) -> Curve:
    """Lightness: above 0 that part of the way to white, below to black."""
    return linear_table(max(lift, Fraction(0)), 1 - abs(lift), Fraction(0), Fraction(1))


def tinted(color: Sequence[int]) -> tuple[Curve, Curve, Curve]:
    """A grey in the hue and saturation of an 8-bit colour: SetLum(color, grey), by the grey."""
    whole = 255 * 100
    weights = [int(100 * weight) for weight in LUMINOSITY]
    luminosity = sum(weight * value for weight, value in zip(weights, color, strict=True))
    away = [100 * value - luminosity for value in color]  # all of it in parts of `whole`
    low, high = max(-min(away), 0), max(*away, 0)
    grey = np.arange(ONE + 1, dtype=np.int64)
    # SetLum moves the colour to the grey; what leaves 0..1 there is brought nearer to the grey until it fits.
    dark, light = grey * whole < low * ONE, (ONE - grey) * whole < high * ONE
    tables = []
    for channel in away:
        change = np.full(ONE + 1, _rounded(channel * ONE, whole))
        change[dark] = _rounded(channel * grey[dark], low)
        change[light] = _rounded(channel * (ONE - grey[light]), high)
        tables.append(frozen(grey + change))
    red, green, blue = tables
    return red, green, blue


def _rounded(value: Any, divisor: int) -> Any:
    """value / divisor, halves upwards; of nothing but zeros where the divisor is 0."""
    return (2 * value + divisor) // (2 * max(divisor, 1))
