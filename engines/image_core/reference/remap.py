"""Gather by tables: a mean of samples about each pixel's own position, on premultiplied values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import Plane, mul
from engines.image_core.numbers.gathering import MOST_BITS, sample_bits
from engines.image_core.planning.remap import Remap
from engines.image_core.reference.gathering import BORDER, gathered
from engines.image_core.reference.pixels import Pixels, empty15, premultiplied, size
from engines.image_core.reference.tiles import for_bands
from engines.image_core.reference.weighted import store_sums

__all__ = ["remap"]

_UNSEEN = -1


def remap(step: Remap, source: Pixels) -> NDArray[np.uint16]:
    """The mean of 2^m x 2^n samples by `gathered`, `(sum + half) >> (m + n)`, `store_sums`, and alpha times
    the coverage. What is covered nowhere is 0."""
    height = size(source)[0]
    whole = premultiplied(source, slice(0, height), opaque=False)
    framed = [np.pad(plane, BORDER, mode="edge") for plane in whole]
    out = empty15(step)
    alpha = out if step.plane else out[3]

    def band(rows: slice) -> None:
        coverage = step.coverage[rows].astype(np.int32)
        sums = _means(framed, step.positions[rows], step.spread[rows].astype(np.int32), coverage > 0)
        store_sums(sums, rows, out)
        alpha[rows] = mul(alpha[rows].astype(np.int32), coverage)

    for_bands(step.height, step.width, band)
    return out


def _means(
    framed: Sequence[Plane], positions: NDArray[np.int32], spread: NDArray[np.int32], seen: NDArray[np.bool_]
) -> list[Plane]:
    """Of each plane the means at the positions that are seen, else 0: those of as many samples at once."""
    bits_across = sample_bits(spread[..., 0], spread[..., 1])
    bits_down = sample_bits(spread[..., 2], spread[..., 3])
    kinds = np.where(seen, bits_across * (MOST_BITS + 1) + bits_down, _UNSEEN)
    means = [np.zeros(seen.shape, np.int32) for _ in framed]
    for kind in np.unique(kinds[seen]).tolist():
        where = kinds == kind
        samples = _mean(framed, positions[where], spread[where], *divmod(kind, MOST_BITS + 1))
        for plane, values in zip(means, samples, strict=True):
            plane[where] = values
    return means


def _mean(
    framed: Sequence[Plane], positions: NDArray[np.int32], spread: NDArray[np.int32], m: int, n: int
) -> list[Plane]:
    """The means at positions (k, 2) over parallelograms (k, 4), of 2^m x 2^n samples each."""
    half = (1 << (m + n)) >> 1
    sums = [np.full(len(positions), half, np.int32) for _ in framed]
    for down in range(1 << n):
        for across in range(1 << m):
            moved = positions + _part(spread[:, :2], across, m) + _part(spread[:, 2:], down, n)
            for total, values in zip(sums, gathered(framed, moved[:, 0], moved[:, 1]), strict=True):
                total += values
    for total in sums:
        total >>= m + n
    return sums


def _part(side: NDArray[np.int32], index: int, bits: int) -> NDArray[np.int32]:
    """From the middle of a side to the middle of one of its 2^bits equal parts, in 2^-16 pixels."""
    return side * (2 * index + 1 - (1 << bits)) * 128 >> bits
