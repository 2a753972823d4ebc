"""Colours as light to a power: what Photoshop mixes live text by.

Its "Blend Text Colors Using Gamma" g takes sRGB's values to light and that to the power 1 / g. With 1.45, its
default, black text over white is within half of one of 256 steps of its pixels at every alpha.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from engines.image_core.numbers.curves import Curve, frozen
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_table
from engines.image_core.numbers.spaces import FLOAT, linear_to_srgb, srgb_to_linear

__all__ = ["from_gamma", "to_gamma"]


@lru_cache(maxsize=16)
def to_gamma(gamma: float) -> Curve:
    """Light of sRGB's values, to the power 1 / gamma."""

    def exact(mp: Any, index: int) -> Any:
        return srgb_to_linear(mp, mp.mpf(index) / ONE) ** (1 / mp.mpf(gamma)) * ONE

    return frozen(round_table(srgb_to_linear(FLOAT, np.arange(ONE + 1) / ONE) ** (1 / gamma) * ONE, exact))


@lru_cache(maxsize=16)
def from_gamma(gamma: float) -> Curve:
    """The values of sRGB whose light, to the power 1 / gamma, is given."""

    def exact(mp: Any, index: int) -> Any:
        return linear_to_srgb(mp, (mp.mpf(index) / ONE) ** mp.mpf(gamma)) * ONE

    return frozen(round_table(linear_to_srgb(FLOAT, (np.arange(ONE + 1) / ONE) ** gamma) * ONE, exact))
