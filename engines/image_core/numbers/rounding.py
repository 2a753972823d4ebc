"""Correct rounding: the same integer on every machine, whatever its math library."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

__all__ = ["high_precision", "round_fraction", "round_line", "round_table", "to15"]

PRECISION = 160
TIE = 2.0**-100
"""What a value of PRECISION bits may miss a tie by and still be one."""

_context = mpmath.MPContext()
_context.prec = PRECISION
_in_use = threading.Lock()


@contextmanager
def high_precision() -> Iterator[Any]:
    """mpmath with numbers of PRECISION bits, for one thread at a time.

    A context of our own: the precision of mpmath's global one is everybody's, and a thread that sets and
    restores it does so under the feet of others.
    """
    with _in_use:
        yield _context


TIE_GUARD = 1e-6
"""How near a rounding boundary a float64 value may come before it is computed again in high precision. The
float64 values here carry errors below 1e-7."""


def round_fraction(value: Fraction) -> int:
    """The nearest integer, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def to15(v8: int) -> int:
    """8-bit to 15-bit steps, as `numbers/fixed.py` has it for arrays."""
    return (v8 * 257 + 1) >> 1


def round_line(slope: Fraction, offset: Fraction, first: int, count: int) -> NDArray[np.int64]:
    """round(slope * i + offset), halves upwards, for i = first ... first + count - 1, exactly."""
    whole = math.lcm(slope.denominator, offset.denominator)
    step = 2 * slope.numerator * (whole // slope.denominator)
    start = 2 * offset.numerator * (whole // offset.denominator) + whole
    return np.array([(start + step * i) // (2 * whole) for i in range(first, first + count)], dtype=np.int64)


def round_table(approximate: NDArray[np.float64], exact: Callable[[Any, int], Any]) -> NDArray[np.int64]:
    """Round a table of float64 values to the nearest integers, halves upwards.

    Entries within TIE_GUARD of a rounding boundary are computed again by `exact(mp, index)`, whose arithmetic
    is that of the context `mp` (see `high_precision`).
    """
    lifted = approximate + 0.5
    rounded = np.floor(lifted).astype(np.int64)
    with high_precision() as mp:
        for index in np.flatnonzero(np.abs(lifted - np.rint(lifted)) < TIE_GUARD):
            rounded[index] = int(mp.floor(exact(mp, int(index)) + 0.5 + TIE))
    return rounded
