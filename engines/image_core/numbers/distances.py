"""Distances between pixels, correctly rounded."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import SHIFT

__all__ = ["distances"]


@lru_cache(maxsize=8)
def distances(reach: int) -> NDArray[np.int32]:
    """int32, shape ((reach + 1)^2,): how far a pixel is that lies so many columns and rows away, from 0, 0 on
    row by row, in 2^-15 pixels."""
    squares = [x * x + y * y for x in range(reach + 1) for y in range(reach + 1)]
    # The whole part of twice the root, and one more, halved: the nearest integer to the root.
    table = np.array([(math.isqrt(square << 2 * SHIFT + 2) + 1) >> 1 for square in squares], np.int32)
    table.setflags(write=False)
    return table
