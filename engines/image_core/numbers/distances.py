"""Distances between pixels, correctly rounded."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import SHIFT

__all__ = ["distances"]


_FAR = 1 << 24
"""More than any radius that planes grow by, and one."""


@lru_cache(maxsize=8)
def distances(reach: int) -> NDArray[np.int32]:
    """int32, shape (reach + 1, reach + 2): at [x, reach + 1 - y] how far a pixel is that lies x columns and y
    rows away, in 2^-15 pixels. At [x, 0], which stands for what is not there, it is farther than anything."""
    squares = [[x * x + y * y for y in range(reach, -1, -1)] for x in range(reach + 1)]
    # The whole part of twice the root, and one more, halved: the nearest integer to the root.
    roots = [[_FAR, *((math.isqrt(square << 2 * SHIFT + 2) + 1) >> 1 for square in row)] for row in squares]
    table = np.array(roots, np.int32)
    table.setflags(write=False)
    return table
