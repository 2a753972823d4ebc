"""The only rounding arithmetic of the compositor: channels are integers 0..ONE, ONE = 2^15 = 1.0.

All functions take and return int32 arrays (or scalars that NumPy promotes to int32) and are exact: they
are the definition that `shaders/lib/fixed.glsl` repeats under the same names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["HALF", "ONE", "SHIFT", "Plane", "divide", "lerp", "mul", "to8", "to15"]

SHIFT = 15
ONE = 1 << SHIFT
HALF = ONE >> 1

Plane = NDArray[np.int32]


def to15(v8: NDArray[np.uint8] | Plane) -> Plane:
    """8-bit to 15-bit: round(v8 * 32768 / 255), written (v8 * 257 + 1) >> 1."""
    wide = np.multiply(v8, 257, dtype=np.int32)
    wide += 1
    wide >>= 1
    return wide


def to8(v15: Plane) -> Plane:
    """15-bit to 8-bit, to nearest: (v15 * 255 + HALF) >> 15. It inverts `to15` for all 256 values."""
    scaled = v15 * np.int32(255)
    scaled += HALF
    scaled >>= SHIFT
    return scaled


def mul(a: Plane, b: Plane | np.int32) -> Plane:
    """The product of two fractions: (a * b + HALF) >> 15."""
    product = np.multiply(a, b)
    product += HALF
    product >>= SHIFT
    return product


def lerp(a: Plane, b: Plane, t: Plane | np.int32) -> Plane:
    """From a (t = 0) to b (t = ONE): a + (((b - a) * t + HALF) >> 15), the shift arithmetic."""
    step = np.subtract(b, a)
    step *= t
    step += HALF
    step >>= SHIFT
    step += a
    return step


def divide(a: Plane, b: Plane) -> Plane:
    """The fraction a / b of 0 <= a <= b < 2^16 - 1: ((a << 15) + (b >> 1)) // b, and 0 where b is 0.

    NumPy divides integers one by one and float64 eight at a time. The whole part of the float64 quotient is
    the integer one: a quotient that is not whole is 2^-16 or more below the next whole number, and float64
    keeps one below 2^16 to 2^-37. Where b is 0 so is a, and 0 / 1 is 0.
    """
    numerator = np.left_shift(a, SHIFT)
    numerator += b >> 1
    quotient: Plane = np.divide(numerator, np.maximum(b, 1)).astype(np.int32)
    return quotient
