"""A plane as a surface in the light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, Plane
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.planes import Relief
from engines.image_core.reference.pixels import Pixels, coverage_around
from engines.image_core.reference.tiles import for_bands

__all__ = ["relief"]

_BITS = 11
"""Fractional bits of a slope."""

_STEEPEST = 1 << 15
"""16 pixels a pixel."""


def relief(step: Relief, source: Pixels) -> NDArray[np.uint16]:
    """See `Relief`. Of slopes a and b the normal is (-a, -b, 1) / sqrt(a^2 + b^2 + 1)."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        area = Rect(0, rows.start, step.width, rows.stop).shift(step.left, step.top)
        height = coverage_around(source, area.expand(1))
        a = _slope(height[1:-1, 2:] - height[1:-1, :-2], step)
        b = _slope(height[2:, 1:-1] - height[:-2, 1:-1], step)
        out[rows] = lit(a, b, step.light)

    for_bands(step.height, step.width, band)
    return out


def lit(a: Plane, b: Plane, light: tuple[int, int, int]) -> Plane:
    """The light on slopes, in 2^-11.

    The root is of at most 2^31 + 2^22, so it is at most 46364, and 2048 or more: its inverse, in 2^-15, is at
    most ONE. With a light of length ONE a x + b y is at most 2^15 sqrt(2) ONE, below 2^31.
    """
    squares = a.astype(np.float64) ** 2 + b.astype(np.float64) ** 2 + (1 << 2 * _BITS)
    root = np.sqrt(squares).astype(
        np.int32
    )  # IEEE 754 rounds correctly: of whole numbers below 2^52 it is the floor
    inverse = ((1 << (_BITS + SHIFT)) + (root >> 1)) // root
    x, y, z = light
    along = (a * x + b * y + HALF) >> SHIFT
    cosine = ((z * inverse + HALF) >> SHIFT) - ((along * inverse + (1 << (_BITS - 1))) >> _BITS)
    clamped: Plane = np.clip(cosine, 0, ONE)
    return clamped


def _slope(difference: Plane, step: Relief) -> Plane:
    slope = (difference * step.scale + (1 << (step.shift - 1))) >> step.shift
    held: Plane = np.clip(slope, -_STEEPEST, _STEEPEST)
    return held
