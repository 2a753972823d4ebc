"""Separable resampling with integer weights: rows of taps first, then columns, on premultiplied values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.numbers.kernels import Taps
from engines.image_core.planning.steps import Resample
from engines.image_core.reference.pixels import Pixels, empty15, premultiplied, size
from engines.image_core.reference.tiles import for_bands
from engines.image_core.reference.weighted import rounded, store_sums

__all__ = ["resample"]

BIAS = 1 << 14
"""What uint16 holds between the axes is this much more: values from -1/3 to 4/3, see `kernels.OVERSHOOT`."""

TALL = 8
"""Bands of columns are that much taller than others, for each column of a band is a call."""


def resample(step: Resample, source: Pixels) -> NDArray[np.uint16]:
    """Each axis: (sum of weight * value + 2^13) >> 14; `_hold_color` after the first, then `store_sums`."""
    opaque = step.source.opaque
    covered = _coverage(step.rows)
    channels = 1 if step.plane else 3 if opaque else 4
    upright = np.empty((channels, step.height, size(source)[1]), np.uint16)

    def vertical(rows: slice) -> None:
        start = step.rows.start[rows]
        first, last = int(start.min()), int(start.max()) + step.rows.weights.shape[1]
        values = np.stack(premultiplied(source, slice(first, last), opaque))
        sums = _weighted(values, start - first, step.rows.weights[rows])
        if not step.plane:
            _hold_color(sums[:3], covered[rows, None] if opaque else sums[3])
        sums += BIAS
        upright[:, rows] = sums

    for_bands(step.height, size(source)[1], vertical)
    out = empty15(step)

    def horizontal(rows: slice) -> None:
        turned = np.ascontiguousarray(upright[:, rows].transpose(0, 2, 1)).astype(np.int32)
        turned -= BIAS
        sums = list(_weighted(turned, step.columns.start, step.columns.weights).transpose(0, 2, 1))
        if opaque:
            sums.append(rounded(covered[rows, None] * step.columns.weights.sum(axis=1, dtype=np.int32)))
        store_sums(sums, rows, out)

    for_bands(step.height, max(step.width, size(source)[1]) // TALL, horizontal)
    return out


def _weighted(
    values: NDArray[np.int32], start: NDArray[np.int32], weights: NDArray[np.int32]
) -> NDArray[np.int32]:
    """For each i the weighted sum of values[:, start[i] : start[i] + k]: values (channels, n, m), result
    (channels, len(start), m)."""
    taps = weights.shape[1]
    sums = [
        np.einsum("k,ckm->cm", weights[i], values[:, first : first + taps])
        for i, first in enumerate(start.tolist())
    ]
    return rounded(np.stack(sums, axis=1))


def _hold_color(color: NDArray[np.int32], alpha: Plane) -> None:
    """Between the axes colour goes beyond 0..ONE no further than its alpha does."""
    np.clip(color, np.minimum(alpha, 0), np.maximum(alpha, ONE), out=color)


def _coverage(taps: Taps) -> Plane:
    """What an opaque picture's alpha comes to along an axis. Where its edges lie between pixels, or nothing
    but transparency around it, its weights do not sum to ONE."""
    return rounded(taps.weights.sum(axis=1, dtype=np.int32) * np.int32(ONE))
