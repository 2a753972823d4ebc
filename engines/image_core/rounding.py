"""Correct rounding: the same integer on every machine, whatever its math library."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["round_fraction", "round_line", "round_table"]

TIE_GUARD = 1e-6
"""How near a rounding boundary a float64 value may come before it is computed again in high precision. The
float64 values here carry errors below 1e-7."""


def round_fraction(value: Fraction) -> int:
    """The nearest integer, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def round_line(slope: Fraction, offset: Fraction, first: int, count: int) -> NDArray[np.int64]:
    """round(slope * i + offset), halves upwards, for i = first ... first + count - 1, exactly."""
    whole = math.lcm(slope.denominator, offset.denominator)
    step = 2 * slope.numerator * (whole // slope.denominator)
    start = 2 * offset.numerator * (whole // offset.denominator) + whole
    return np.array([(start + step * i) // (2 * whole) for i in range(first, first + count)], dtype=np.int64)


def round_table(approximate: NDArray[np.float64], exact: Callable[[int], Any]) -> NDArray[np.int64]:
    """Round a table of float64 values to the nearest integers, halves upwards.

    Entries within TIE_GUARD of a rounding boundary are computed again by `exact(index)`, which returns an
    mpmath number of higher precision.
    """
    lifted = approximate + 0.5
    rounded = np.floor(lifted).astype(np.int64)
    for index in np.flatnonzero(np.abs(lifted - np.rint(lifted)) < TIE_GUARD):
        rounded[index] = int((exact(int(index)) + 0.5) // 1)
    return rounded
