"""Dissolving: a source's alpha is made ONE or 0, by a threshold that each position has.

The threshold is the upper 15 bits of a hash of the position, in uint32 arithmetic: lowbias32 by C. Wellons
(https://github.com/skeeto/hash-prospector), once of y, and once of what comes out and x. So it is any of
0..ONE - 1 as often as any other; an alpha of 0 never shows, and one of ONE always does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import SHIFT, Plane
from engines.image_core.numbers.geometry import Rect
from engines.image_core.reference.composite import Alpha

__all__ = ["dissolved", "thresholds"]


def dissolved(alpha: Alpha, area: Rect) -> Alpha:
    """ONE where alpha is above the threshold, else 0. area: what it is of, in positions of the canvas."""
    if alpha is None:
        return None
    shown = np.greater(alpha, thresholds(area)).astype(np.int32)
    shown <<= SHIFT
    return shown


def thresholds(area: Rect) -> Plane:
    """The threshold of each position of an area."""
    x = np.arange(area.left, area.right).astype(np.uint32)
    y = np.arange(area.top, area.bottom).astype(np.uint32)
    hashed = np.add(_mixed_bits(y)[:, None], x)
    return np.right_shift(_mixed_bits(hashed), 32 - SHIFT, out=hashed).view(np.int32)


def _mixed_bits(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """lowbias32, in place: each bit of a value turns about half of the bits of what comes out."""
    values ^= values >> 16
    values *= np.uint32(0x7FEB352D)
    values ^= values >> 15
    values *= np.uint32(0x846CA68B)
    values ^= values >> 16
    return values
