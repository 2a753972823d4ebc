"""Photoshop's brightness and contrast, as it is now and as it was."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

from engines.image_core.numbers.curves import Curve, frozen
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.tones import linear_table

__all__ = ["contrast_table", "legacy_table"]


@lru_cache(maxsize=64)
def legacy_table(brightness: Fraction, contrast: Fraction) -> Curve:
    """The brightness added, in 8-bit steps, and the sum scaled about the middle: by 1 + contrast where it is
    below 0, by 1 / (1 - contrast) above, so that 100 leaves black and white."""
    part, added = contrast / 100, brightness / 255
    if part == 1:
        return frozen(np.where(np.arange(ONE + 1) >= math.ceil(ONE // 2 - added * ONE), ONE, 0))
    slope = 1 + part if part <= 0 else 1 / (1 - part)
    middle = Fraction(1, 2)
    return linear_table((added - middle) * slope + middle, slope, Fraction(0), Fraction(1))


def contrast_table(brightness: Fraction, contrast: Fraction) -> Curve:
    """TODO"""
    return legacy_table(brightness, contrast)
