"""Separable resampling with integer weights: rows of taps first, then columns, on premultiplied values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.numbers.kernels import Taps
from engines.image_core.planning.steps import Resample
from engines.image_core.reference.pixels import (
    Pixels,
    empty15,
    premultiplied,
    size,
    stack15,
    store_premultiplied,
)
from engines.image_core.reference.tiles import for_bands

__all__ = ["resample"]

WEIGHT_SHIFT = 14
WEIGHT_HALF = 1 << (WEIGHT_SHIFT - 1)
TALL = 8
"""Bands of columns are that much taller than others, for each column of a band is a call."""


def resample(step: Resample, source: Pixels) -> NDArray[np.uint16]:
    """Each axis: clamp((sum of weight * value + 2^13) >> 14) to 0..ONE."""
    opaque = step.source.opaque
    channels = 1 if step.plane else 3 if opaque else 4
    upright = np.empty((channels, step.height, size(source)[1]), np.uint16)

    def vertical(rows: slice) -> None:
        start = step.rows.start[rows]
        first, last = int(start.min()), int(start.max()) + step.rows.weights.shape[1]
        values = np.stack(premultiplied(source, slice(first, last), opaque))
        for y in range(rows.start, rows.stop):
            upright[:, y] = _weighted(values, int(step.rows.start[y]) - first, step.rows.weights[y])

    for_bands(step.height, size(source)[1], vertical)
    out = empty15(step)

    def horizontal(rows: slice) -> None:
        turned = np.ascontiguousarray(upright[:, rows].transpose(0, 2, 1)).astype(np.int32)
        across = np.empty((channels, step.width, rows.stop - rows.start), np.int32)
        for x in range(step.width):
            across[:, x] = _weighted(turned, int(step.columns.start[x]), step.columns.weights[x])
        values = list(across.transpose(0, 2, 1))
        if step.opaque:
            stack15(values, None, out[:, rows])
        else:
            store_premultiplied([*values, _edge_alpha(step, rows)] if opaque else values, rows, out)

    for_bands(step.height, max(step.width, size(source)[1]) // TALL, horizontal)
    return out


def _weighted(values: NDArray[np.int32], start: int, weights: NDArray[np.int32]) -> NDArray[np.int32]:
    """The weighted sum of values[:, start : start + k]: values (channels, n, m), result (channels, m)."""
    total: NDArray[np.int32] = np.einsum("k,ckm->cm", weights, values[:, start : start + len(weights)])
    return _rounded(total)


def _rounded(total: Plane) -> Plane:
    total += WEIGHT_HALF
    total >>= WEIGHT_SHIFT
    return np.clip(total, 0, ONE, out=total)


def _edge_alpha(step: Resample, rows: slice) -> Plane:
    """The alpha of an opaque picture whose edges lie between pixels: what its weights sum to."""
    column = _coverage(step.rows, rows)[:, None]
    return _rounded(column * step.columns.weights.sum(axis=1, dtype=np.int32))


def _coverage(taps: Taps, part: slice) -> Plane:
    return _rounded(taps.weights[part].sum(axis=1, dtype=np.int32) * np.int32(ONE))
