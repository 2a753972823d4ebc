"""Photoshop's brightness and contrast, as it is now and as it was."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from engines.image_core.numbers.curves import Curve, frozen
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_fraction, round_table
from engines.image_core.numbers.tones import between, linear_table, natural_spline

__all__ = ["contrast_table", "legacy_table"]

DOUBLES_AT = 108
"""The brightness that doubles what is dark."""


@lru_cache(maxsize=64)
def legacy_table(brightness: Fraction, contrast: Fraction) -> Curve:
    """The brightness added, in 8-bit steps, and values scaled: below 0 about 128 by 1 + contrast, before that
    is added; above 0 about 127 by 1 / (1 - contrast), afterwards, so that 100 leaves black and white. (Within
    one of Photoshop's 256 steps.)"""
    part, added = contrast / 100, brightness / 255
    if part == 1:
        return frozen(np.where(np.arange(ONE + 1) >= math.ceil(ONE // 2 - added * ONE), ONE, 0))
    slope = 1 + part if part <= 0 else 1 / (1 - part)
    middle = Fraction(127 if part > 0 else 128, 255)
    start = middle * (1 - slope) + added * (slope if part > 0 else 1)
    return linear_table(start, slope, Fraction(0), Fraction(1))


def contrast_table(brightness: Fraction, contrast: Fraction) -> Curve:
    """Brightness, and then contrast.

    No formula is published; these were fitted to Photoshop's pixels, of six settings, and come within 2 of
    its 256 steps.
    """
    return frozen(_contrast(contrast)[_brightness(brightness)].astype(np.int64))


def _brightness(amount: Fraction) -> Curve:
    """Above 0 a gain that bends towards white; below 0 what undoes that."""
    if amount >= 0:
        return _brightened(amount)
    undone = np.searchsorted(_brightened(-amount), np.arange(ONE + 1), side="right") - 1
    return frozen(undone.astype(np.int64))


@lru_cache(maxsize=64)
def _brightened(amount: Fraction) -> Curve:
    """g v / (1 + (g^k - 1) v^k)^(1/k) with a gain g = 2^(amount / 108) and k = 9/4 + 5 / g: as steep as the
    gain at black, and white stays white."""
    if amount == 0:
        return frozen(np.arange(ONE + 1))

    def exact(mp: Any, index: int) -> Any:
        gain = mp.mpf(2) ** (mp.mpf(amount.numerator) / amount.denominator / DOUBLES_AT)
        return _bent(mp.mpf(index) / ONE, gain, mp.mpf(9) / 4 + 5 / gain) * ONE

    gain = 2 ** (float(amount) / DOUBLES_AT)
    return frozen(round_table(_bent(np.arange(ONE + 1) / ONE, gain, 9 / 4 + 5 / gain) * ONE, exact))


def _bent(v: Any, gain: Any, power: Any) -> Any:
    return gain * v / (1 + (gain**power - 1) * v**power) ** (1 / power)


@lru_cache(maxsize=64)
def _contrast(amount: Fraction) -> Curve:
    """The natural spline through 0, 68, 183 and 255, whose inner points move apart by a quarter of the amount
    each."""
    away = amount / 4
    points = ((0, 0), (68, 68 - away), (183, 183 + away), (255, 255))
    steps = [round_fraction(value * ONE / 255) for value in natural_spline(points)]
    return between([min(max(step, 0), ONE) for step in steps], 1)
