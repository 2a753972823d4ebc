"""Planes grown by a Euclidean distance: in each column what is near, and then across them; and so by rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.distances import distances
from engines.image_core.numbers.fixed import HALF, ONE, Plane
from engines.image_core.planning.planes import Grow
from engines.image_core.reference.pixels import Pixels, coverage15
from engines.image_core.reference.tiles import for_bands

__all__ = ["grow"]


def grow(step: Grow, source: Pixels) -> NDArray[np.uint16]:
    """See `Grow`: radius + value - distance at most, of three values of each column and each row."""
    height, width = source.shape[:2]
    values = coverage15(source, slice(0, height), slice(0, width))
    across = _grown(values, step.left, step.top, step.width, step.height, step)
    down = _grown(values.T, step.top, step.left, step.height, step.width, step)
    return np.maximum(across, down.T)


def _grown(values: Plane, left: int, top: int, width: int, height: int, step: Grow) -> NDArray[np.uint16]:
    """The same of each column alone."""
    near = [_nearest(values, values >= least, top, height, step.reach) for least in (1, HALF, ONE)]
    table = distances(step.reach, step.metric).reshape(step.reach + 1, step.reach + 1)
    out = np.empty((height, width), np.uint16)

    def band(rows: slice) -> None:
        most = np.full((rows.stop - rows.start, width), -step.radius, np.int32)
        for across in range(-step.reach, step.reach + 1):
            first = left + across  # the source's column for the first of the output
            begin, end = max(0, -first), min(width, values.shape[1] - first)
            if begin < end:
                columns = slice(begin + first, end + first)
                away = np.append(table[abs(across)], np.int32(step.radius))  # the last is of what is not near
                for distance, value in near:
                    grown = value[rows, columns] - away[distance[rows, columns]]
                    np.maximum(most[:, begin:end], grown, out=most[:, begin:end])
        most = np.clip(step.radius + most, 0, step.falloff * ONE)
        out[rows] = (most + step.falloff // 2) // step.falloff

    for_bands(height, width, band)
    return out


def _nearest(
    values: Plane, chosen: NDArray[np.bool_], top: int, rows_out: int, reach: int
) -> tuple[Plane, Plane]:
    """For each row of the output how far the nearest of the chosen values lies above or below it in each
    column, and that value, the larger of two; reach + 1 and 0 where none is near.

    Args:
        top, rows_out: the source's row for the first of the output, and how many there are.
    """
    height, width = values.shape
    place = np.arange(height, dtype=np.int32)[:, None]
    none = -(1 << 24)
    above = np.maximum.accumulate(np.where(chosen, place, none), axis=0)
    below = -np.maximum.accumulate(np.where(chosen, -place, none)[::-1], axis=0)[::-1]
    rows = np.arange(rows_out, dtype=np.int32)[:, None] + top
    up, down = _at(above, rows, none), _at(below, rows, -none)
    far = reach + 1
    from_up, from_down = np.minimum(rows - up, far), np.minimum(down - rows, far)
    distance = np.minimum(from_up, from_down)
    columns = np.arange(width)[None, :]
    found = [
        np.where((away == distance) & (away < far), values[np.clip(index, 0, height - 1), columns], 0)
        for index, away in ((up, from_up), (down, from_down))
    ]
    return distance, np.maximum(*found)


def _at(indices: Plane, rows: Plane, none: int) -> Plane:
    """For rows of the output, which may lie beyond the source: what is nearest above (none < 0) or below."""
    height = len(indices)
    nothing = rows < 0 if none < 0 else rows >= height
    return np.where(nothing, np.int32(none), indices[np.clip(rows[:, 0], 0, height - 1)])
