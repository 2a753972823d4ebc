"""Affine gather with cubic weights at 1/256-pixel phases, on premultiplied values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import Plane
from engines.image_core.numbers.kernels import keys_phases
from engines.image_core.planning.steps import Warp
from engines.image_core.reference.pixels import Pixels, empty15, premultiplied, size
from engines.image_core.reference.tiles import for_bands
from engines.image_core.reference.weighted import WEIGHT_HALF, WEIGHT_SHIFT, store_sums

__all__ = ["warp"]

POSITION_SHIFT = 16
PHASE_SHIFT = 8
PHASE_MASK = 255
BORDER = 4


def warp(step: Warp, source: Pixels) -> NDArray[np.uint16]:
    """For each of four rows: (sum of weight * value + 2^13) >> 14; then the same over the rows, and
    `store_sums`. Transparency lies outside the source."""
    height, width = size(source)
    framed = [np.pad(plane, BORDER) for plane in premultiplied(source, slice(0, height), opaque=False)]
    out = empty15(step)

    def band(rows: slice) -> None:
        u = step.column_u + step.row_u[rows, None]
        v = step.column_v + step.row_v[rows, None]
        # A position far outside reads the frame, which is as transparent as what lies beyond it.
        x = np.clip(u >> POSITION_SHIFT, 1 - BORDER, width + BORDER - 3) + BORDER
        y = np.clip(v >> POSITION_SHIFT, 1 - BORDER, height + BORDER - 3) + BORDER
        weight_x = keys_phases()[(u >> PHASE_SHIFT) & PHASE_MASK]
        weight_y = keys_phases()[(v >> PHASE_SHIFT) & PHASE_MASK]
        index = y * (width + 2 * BORDER) + x
        store_sums([_gathered(plane, index, weight_x, weight_y) for plane in framed], rows, out)

    for_bands(step.height, step.width, band)
    return out


def _gathered(plane: Plane, index: Plane, weight_x: Plane, weight_y: Plane) -> Plane:
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
