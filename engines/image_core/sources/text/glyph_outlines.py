"""A glyph's outline in font units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GlyphOutline"]


@dataclass(frozen=True, eq=False)
class GlyphOutline:
    """A glyph's contours in font units, y upwards.

    Attributes:
        points: int64, shape (n, 2).
        tags: uint8, shape (n,): 1 on the curve, 0 the control point of a conic, 2 of a cubic.
        ends: int64, the index of each contour's last point.
        box: left, bottom, right, top around all points; zeros for a glyph without ink.
    """

    points: NDArray[np.int64]
    tags: NDArray[np.uint8]
    ends: NDArray[np.int64]
    box: tuple[int, int, int, int]

    @classmethod
    def empty(cls) -> GlyphOutline:
        """The outline of a glyph without ink."""
        nothing = np.zeros(0, np.int64)
        return cls(nothing.reshape(0, 2), nothing.astype(np.uint8), nothing, (0, 0, 0, 0))
