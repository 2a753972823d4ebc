"""Which triangle each pixel lies in, in whole numbers: corners are on a grid of 2^-8 pixels.

A triangle holds the pixels whose centres lie in it or on its edges, so that neighbours leave no gap, and it
touches those that it has any part of. Of several the last counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.meshes import GRID_BITS

__all__ = ["NOBODY", "Corners", "owners", "runs"]

Ints = NDArray[np.int64]

NOBODY = -1

_ONE = 1 << GRID_BITS
_CENTRE = _ONE >> 1
_ROWS = 1 << 18
_PIXELS = 1 << 21
"""How many rows of triangles and pixels of rows are looked at at once."""


@dataclass(frozen=True, eq=False)
class Corners:
    """Triangles, each turning right (y points down): x and y are int64 (3, n), in 2^-8 pixels."""

    x: Ints
    y: Ints

    def __len__(self) -> int:
        return int(self.x.shape[1])

    def edge(self, index: int, px: Ints, py: Ints, of: Ints) -> Ints:
        """Twice the area of the triangle of a point and the edge opposite a corner: above 0 inside.

        px, py: points, and `of` which triangles they are asked of.
        """
        a, b = (index + 1) % 3, (index + 2) % 3
        ax, ay = self.x[a][of], self.y[a][of]
        found: Ints = (self.x[b][of] - ax) * (py - ay) - (self.y[b][of] - ay) * (px - ax)
        return found

    def slope(self, index: int) -> Ints:
        """What a step of the grid to the right adds to `edge`."""
        found: Ints = self.y[(index + 1) % 3] - self.y[(index + 2) % 3]
        return found

    def run(self, index: int) -> Ints:
        """What a step of the grid down adds to `edge`."""
        found: Ints = self.x[(index + 2) % 3] - self.x[(index + 1) % 3]
        return found

    def near(self, area: Rect) -> NDArray[np.bool_]:
        """Which have boxes that touch an area."""
        left, top, right, bottom = (edge << GRID_BITS for edge in vars(area).values())
        across = (self.x.max(axis=0) >= left) & (self.x.min(axis=0) <= right)
        found: NDArray[np.bool_] = across & (self.y.max(axis=0) >= top) & (self.y.min(axis=0) <= bottom)
        return found

    def pixels(self, area: Rect) -> int:
        """How many pixels of an area the boxes around all of them have together, at least one each."""
        sides = []
        for values, low, high in ((self.x, area.left, area.right), (self.y, area.top, area.bottom)):
            within = np.clip(values >> GRID_BITS, low, high - 1)
            sides.append(np.ptp(within, axis=0) + 1)
        return int((sides[0] * sides[1]).sum())


def owners(corners: Corners, area: Rect, *, touched: bool) -> NDArray[np.int32]:
    """For each pixel of an area the last triangle that holds it, or touches it; NOBODY where none does."""
    found = np.full((area.height, area.width), NOBODY, np.int32)
    flat = found.reshape(-1)
    for triangle, row in _rows(corners, area, touched):
        first, stop = _spans(corners, area, triangle, row, touched)
        length = np.maximum(stop - first, 0)
        start = (row - area.top) * area.width + first - area.left
        for part in runs(length, _PIXELS):
            place = _counted(start[part], length[part])
            flat[place] = np.repeat(
                triangle[part], length[part]
            )  # of a place that comes twice the last counts
    return found


def runs(lengths: Ints, limit: int) -> Iterator[slice]:
    """Consecutive parts whose lengths come to about a limit."""
    ends = np.cumsum(lengths)
    first = 0
    while first < len(lengths):
        before = int(ends[first - 1]) if first else 0
        stop = max(first + 1, int(np.searchsorted(ends, before + limit, "right")))
        yield slice(first, stop)
        first = stop


def _counted(start: Ints, length: Ints) -> Ints:
    """start, start + 1, ..., so many of each."""
    ends = np.cumsum(length)
    return np.repeat(start - (ends - length), length) + np.arange(ends[-1] if len(ends) else 0)


def _rows(corners: Corners, area: Rect, touched: bool) -> Iterator[tuple[Ints, Ints]]:
    """Each triangle once for each row of pixels that it may have, some at a time."""
    margin = 0 if touched else _CENTRE
    low, high = corners.y.min(axis=0), corners.y.max(axis=0)
    first = np.maximum(-((margin - low) >> GRID_BITS) if margin else low >> GRID_BITS, area.top)
    last = np.minimum((high - margin) >> GRID_BITS, area.bottom - 1)
    length = np.maximum(last - first + 1, 0)
    for part in runs(length, _ROWS):
        triangle = np.repeat(np.arange(part.start, part.stop), length[part])
        yield triangle, _counted(first[part], length[part])


def _spans(corners: Corners, area: Rect, triangle: Ints, row: Ints, touched: bool) -> tuple[Ints, Ints]:
    """The first pixel that a triangle has of a row, and the one behind the last, within the area."""
    x = corners.x[:, triangle]
    first = np.maximum(x.min(axis=0) >> GRID_BITS, area.left)
    stop = np.minimum((x.max(axis=0) >> GRID_BITS) + 1, area.right)
    centre = row * _ONE + _CENTRE
    for index in range(3):
        slope, run = corners.slope(index)[triangle], corners.run(index)[triangle]
        # At pixel column X the edge is _ONE * slope * X + value: where that is 0 or more, X lies inside.
        value = corners.edge(index, np.full_like(centre, _CENTRE), centre, triangle)
        if touched:
            value = value + _CENTRE * (np.abs(slope) + np.abs(run))
        step = _ONE * np.where(slope == 0, 1, np.abs(slope))
        first = np.where(slope > 0, np.maximum(first, -(value // step)), first)
        stop = np.where(slope < 0, np.minimum(stop, value // step + 1), stop)
        stop = np.where((slope == 0) & (value < 0), first, stop)
    return first, stop
