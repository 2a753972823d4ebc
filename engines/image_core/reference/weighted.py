"""Sums of values weighted in 2^-14 steps by the kernel of resampling and turning.

It is below 0 in places, so beside an edge such sums go below 0 and above ONE, those of alpha and of
premultiplied colour alike. Clamped apart they would give another colour; their ratio is that of the picture.
"""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.reference.pixels import straight

__all__ = ["WEIGHT_HALF", "WEIGHT_SHIFT", "finished", "rounded"]

WEIGHT_SHIFT = 14
WEIGHT_HALF = 1 << (WEIGHT_SHIFT - 1)


def rounded(total: Plane) -> Plane:
    """(total + 2^13) >> 14, in place."""
    total += WEIGHT_HALF
    total >>= WEIGHT_SHIFT
    return total


def finished(color: list[Plane], alpha: Plane | None) -> tuple[list[Plane], Plane | None]:
    """Sums of premultiplied colour and alpha to straight colour and alpha.

    Colour is clamp(colour, 0, alpha) / alpha, and 0 where alpha is not above 0; then alpha is clamped to
    0..ONE. alpha None: ONE everywhere.
    """
    if alpha is None:
        return [np.clip(plane, 0, ONE) for plane in color], None
    alpha = np.maximum(alpha, 0)
    color = straight([np.maximum(plane, 0) for plane in color], alpha)
    return color, np.minimum(alpha, ONE)
