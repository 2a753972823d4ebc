"""Outlines of many small contours, as a page of letters has, in tiles that are filled one by one.

FreeType goes through all points it is given for each band of rows, and has room for the cells of a few
letters in one. A tile has the contours that meet it, whole, so that its pixels are what they are in the whole
outline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.image_core.sources.vector.outline_limits import Outline

__all__ = ["SIDE", "Tile", "Tiles", "scattered"]

_Ints = NDArray[np.int64]

SIDE = 48
"""Of a tile, in pixels. Letters of 22 pixels take a fifth longer with 128, and twice as long with 256."""

_MANY = 1024  # points that are worth parting
_OFTEN = 2  # times that a point may occur, on average: contours are small against tiles


class Tile(NamedTuple):
    """The pixels of a tile, and which points and contours are its own."""

    rows: slice
    columns: slice
    points: slice
    contours: slice


@dataclass(frozen=True)
class Tiles:
    """The tiles that have contours.

    Attributes:
        corners: int64 (n, 2), the left and top pixel of each.
        points: int64 (m, 2), those of the contours of one tile after another, from its corner on.
        ends: int64, the last of each contour's points, counted from the tile's first.
        first_points, first_contours: int64 (n + 1,), of each tile, and how many there are.
        length: of all lines together, in pixels, at most.
    """

    corners: _Ints
    points: _Ints
    ends: _Ints
    first_points: _Ints
    first_contours: _Ints
    length: int

    def all(self) -> Iterator[Tile]:
        """Each tile."""
        points = map(slice, self.first_points.tolist(), self.first_points[1:].tolist())
        contours = map(slice, self.first_contours.tolist(), self.first_contours[1:].tolist())
        for (left, top), own, rings in zip(self.corners.tolist(), points, contours, strict=True):
            yield Tile(slice(top, top + SIDE), slice(left, left + SIDE), own, rings)

    def part(self, tile: Tile) -> Outline:
        """The contours of a tile, from its corner on."""
        points = self.points[tile.points]
        return Outline(points, np.ones(len(points), np.uint8), self.ends[tile.contours])


def scattered(polygons: Outline, width: int, height: int) -> Tiles | None:
    """The tiles of the pixels 0..width-1, 0..height-1 that have something of polygons; None where these are
    few, or so large that they are in many tiles."""
    if len(polygons.points) < _MANY:
        return None
    starts = polygons.starts()
    lengths = polygons.ends - starts + 1
    sides = np.ascontiguousarray(polygons.points.T)
    low = np.stack([np.minimum.reduceat(side, starts) for side in sides])
    high = np.stack([np.maximum.reduceat(side, starts) for side in sides])
    # The tiles that each contour meets: how many in both directions, from which on.
    last = np.array([[width - 1], [height - 1]]) // SIDE
    first = np.maximum(low // (64 * SIDE), 0)
    counts = np.maximum(np.minimum((high - 1) // (64 * SIDE), last) - first + 1, 0)
    times = counts[0] * counts[1]
    if int((times * lengths).sum()) > _OFTEN * len(polygons.points):
        return None
    contour, turn = _repeated(np.arange(len(times)), times)
    down, across = np.divmod(turn, counts[0, contour])
    tile = first[:, contour] + (across, down)
    order = np.lexsort(tile)
    contour, corners = contour[order], SIDE * tile[:, order].T
    around = (high - low).sum(axis=0) // 64 + 3  # no line of a contour is longer
    return _gathered(polygons.points, starts[contour], lengths[contour], corners, around[contour])


def _gathered(points: _Ints, starts: _Ints, lengths: _Ints, corners: _Ints, around: _Ints) -> Tiles:
    """Tiles of contours in their order: where each begins in the points and how long it is, the corner of its
    tile, and what is longer than its lines."""
    begins = np.flatnonzero((np.diff(corners, axis=0, prepend=-1) != 0).any(axis=1))
    first_contours = np.append(begins, len(corners))
    stops = np.cumsum(lengths)
    first_points = np.append(0, stops)[first_contours]
    copies, place = _repeated(starts, lengths)
    return Tiles(
        corners[begins],
        points[copies + place] - 64 * np.repeat(corners, lengths, axis=0),
        stops - 1 - np.repeat(first_points[:-1], np.diff(first_contours)),
        first_points,
        first_contours,
        int((lengths * around).sum()),
    )


def _repeated(values: _Ints, times: _Ints) -> tuple[_Ints, _Ints]:
    """So many copies of each value, and for these 0, 1, 2, ... in each."""
    return np.repeat(values, times), np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
