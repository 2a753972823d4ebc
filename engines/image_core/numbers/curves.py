"""The integer curves and colour matrices of the plan.

Every float a user wrote ends here. Values are in ONE = 2^15 steps (see `numbers/fixed.py`); tables come out
read-only and are the same on every machine.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, SHIFT
from engines.image_core.numbers.kernels import KEYS_TOTAL
from engines.image_core.numbers.rounding import round_fraction, round_table
from engines.image_core.numbers.spaces import FLOAT, linear_to_srgb, srgb_to_linear

__all__ = [
    "Curve",
    "brightness_table",
    "contrast_table",
    "exposure_table",
    "frozen",
    "gamma_table",
    "inversion_table",
    "posterization_table",
    "saturation_matrix",
]

PARAMETER_ONE = 1 << 16

Curve: TypeAlias = NDArray[np.uint16]
"""Shape (ONE + 1,): the new value of each channel value."""


def frozen(values: NDArray[np.int64]) -> Curve:
    """Values held within 0..ONE as a table that nothing changes any more."""
    table = np.clip(values, 0, ONE).astype(np.uint16)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=64)
def exposure_table(stops: float) -> Curve:
    """Multiply by 2^stops in linear light, through the sRGB curve."""

    def exact(mp: Any, index: int) -> Any:
        linear = srgb_to_linear(mp, mp.mpf(index) / ONE) * mp.mpf(2) ** mp.mpf(stops)
        return linear_to_srgb(mp, linear) * ONE

    linear = srgb_to_linear(FLOAT, np.arange(ONE + 1) / ONE) * 2.0**stops
    return frozen(round_table(linear_to_srgb(FLOAT, linear) * ONE, exact))


@lru_cache(maxsize=1)
def inversion_table() -> Curve:
    """1 - v."""
    return frozen(ONE - np.arange(ONE + 1))


@lru_cache(maxsize=64)
def posterization_table(levels: int) -> Curve:
    """floor(255 floor(n v / 256) / (n - 1)) for n levels, all in 8-bit steps: Photoshop's posterize,
    to the byte."""
    bytes8 = (np.arange(ONE + 1) * 255 + ONE // 2) >> SHIFT
    return frozen((bytes8 * levels // 256 * 255 // (levels - 1) * 257 + 1) >> 1)


@lru_cache(maxsize=64)
def gamma_table(gamma: float) -> Curve:
    """v^(1 / gamma): above 1 lightens the middle tones."""

    def exact(mp: Any, index: int) -> Any:
        return (mp.mpf(index) / ONE) ** (1 / mp.mpf(gamma)) * ONE

    return frozen(round_table((np.arange(ONE + 1) / ONE) ** (1 / gamma) * ONE, exact))


def _parameter(value: float) -> int:
    return round_fraction(Fraction(value) * PARAMETER_ONE)


def brightness_table(factor: float) -> Curve:
    """Multiply (CSS Filter Effects brightness)."""
    v = np.arange(ONE + 1, dtype=np.int64)
    return frozen((v * _parameter(factor) + PARAMETER_ONE // 2) // PARAMETER_ONE)


def contrast_table(factor: float) -> Curve:
    """Scale about one half (CSS Filter Effects contrast)."""
    v = np.arange(ONE + 1, dtype=np.int64) - ONE // 2
    return frozen((v * _parameter(factor) + PARAMETER_ONE // 2) // PARAMETER_ONE + ONE // 2)


def saturation_matrix(factor: float) -> tuple[int, ...]:
    """The CSS Filter Effects saturate matrix (Rec. 709 luma), row by row, each row summing to KEYS_TOTAL.

    Weights are in 2^-14 steps; the diagonal takes what rounding leaves over, so greys stay grey.
    """
    s = Fraction(factor)
    luma = (Fraction(213, 1000), Fraction(715, 1000), Fraction(72, 1000))
    rows = []
    for channel in range(3):
        row = [round_fraction(weight * (1 - s) * KEYS_TOTAL) for weight in luma]
        row[channel] = KEYS_TOTAL - sum(row) + row[channel]
        rows += row
    return tuple(rows)
