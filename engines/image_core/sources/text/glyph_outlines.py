"""A glyph's outline in font units."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GlyphOutline", "copied"]


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


def copied(outline: Any) -> GlyphOutline:
    """What FreeType has in an FT_Outline, which is its own for as long as no other glyph is loaded."""
    count, contours = outline.n_points, outline.n_contours
    if not count or not contours:
        return GlyphOutline.empty()
    points = np.array(_read(outline.points, ctypes.c_long, 2 * count), np.int64).reshape(count, 2)
    tags = np.array(_read(outline.tags, ctypes.c_ubyte, count), np.uint8) & np.uint8(3)
    ends = np.array(_read(outline.contours, ctypes.c_short, contours), np.int64)
    left, bottom = points.min(axis=0)
    right, top = points.max(axis=0)
    return GlyphOutline(points, tags, ends, (int(left), int(bottom), int(right), int(top)))


def _read(pointer: Any, kind: Any, count: int) -> Any:
    return ctypes.cast(pointer, ctypes.POINTER(kind * count)).contents
