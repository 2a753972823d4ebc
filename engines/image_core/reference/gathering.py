"""Sixteen neighbours about a position, weighted by the cubic kernel at 1/256-pixel phases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.image_core.numbers.fixed import Plane
from engines.image_core.numbers.kernels import keys_phases
from engines.image_core.reference.weighted import WEIGHT_HALF, WEIGHT_SHIFT

__all__ = ["BORDER", "gathered"]

POSITION_SHIFT = 16
PHASE_SHIFT = 8
PHASE_MASK = 255

BORDER = 4
"""Pixels of a frame around the source: what lies far outside reads the frame, which is as what lies there."""


def gathered(framed: Sequence[Plane], u: Plane, v: Plane) -> list[Plane]:
    """Of each plane the weighted sums, which go beyond 0..ONE.

    For each of four rows: (sum of weight * value + 2^13) >> 14; then the same over the rows.

    Args:
        framed: premultiplied planes of one size with a frame of BORDER pixels.
        u, v: positions in 2^-16 pixels from the centre of the first pixel within the frame, of any one shape.
    """
    height, width = framed[0].shape
    x = np.clip(u >> POSITION_SHIFT, 1 - BORDER, width - BORDER - 3) + BORDER
    y = np.clip(v >> POSITION_SHIFT, 1 - BORDER, height - BORDER - 3) + BORDER
    weight_x = keys_phases()[(u >> PHASE_SHIFT) & PHASE_MASK]
    weight_y = keys_phases()[(v >> PHASE_SHIFT) & PHASE_MASK]
    index = y * width + x
    return [_summed(plane, index, weight_x, weight_y) for plane in framed]


def _summed(plane: Plane, index: Plane, weight_x: Plane, weight_y: Plane) -> Plane:
    flat, stride = plane.ravel(), plane.shape[1]
    total = np.full(index.shape, WEIGHT_HALF, np.int32)
    for row in range(4):
        first = index + (row - 1) * stride - 1
        across = np.full(index.shape, WEIGHT_HALF, np.int32)
        for column in range(4):
            across += flat[first + column] * weight_x[..., column]
        across >>= WEIGHT_SHIFT
        total += across * weight_y[..., row]
    total >>= WEIGHT_SHIFT
    return total
