"""Sums of values weighted in 2^-14 steps by the kernel of resampling and turning.

It is below 0 in places, so beside an edge such sums go below 0 and above ONE, those of alpha and of
premultiplied colour alike. Clamped apart they would give another colour; their ratio is that of the picture.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.reference.pixels import stack15, straight

__all__ = ["WEIGHT_HALF", "WEIGHT_SHIFT", "rounded", "store_sums"]

WEIGHT_SHIFT = 14
WEIGHT_HALF = 1 << (WEIGHT_SHIFT - 1)


def rounded(total: Plane) -> Plane:
    """(total + 2^13) >> 14, in place."""
    total += WEIGHT_HALF
    total >>= WEIGHT_SHIFT
    return total


def store_sums(channels: list[Plane], rows: slice, out: NDArray[np.uint16]) -> None:
    """Store whole rows of sums of premultiplied colour and alpha as straight pixels, of a plane like alpha.

    Colour is clamp(colour, 0, alpha) / alpha, and 0 where alpha is not above 0. Only then is alpha clamped to
    0..ONE.
    """
    above = [np.maximum(channel, 0) for channel in channels]
    if out.ndim == 2:
        out[rows] = np.minimum(above[0], ONE)
        return
    *color, alpha = above
    stack15(straight(color, alpha), np.minimum(alpha, ONE), out[:, rows])
