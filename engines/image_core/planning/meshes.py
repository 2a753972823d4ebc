"""Where in a picture each pixel of a mesh lies that the picture is bent by."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.warps import MeshWarp
from engines.image_core.numbers.covered import polygon_coverage
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.meshes import (
    GRID_BITS,
    Floats,
    finest,
    grid_lines,
    longest_square,
    mesh_grid,
)
from engines.image_core.numbers.places import Places
from engines.image_core.numbers.triangles import NOBODY, Corners, Ints, owners
from engines.image_core.planning.placement import Box, TooLargeError

__all__ = ["Mesh"]

MOST_PIXELS = 1 << 30
"""Pixels of the boxes around all triangles that are seen, at most: beyond, a mesh lies over itself so often
that it would take a minute or more."""

_ONE = 1 << GRID_BITS


class Mesh:
    """See `Warped`.

    Args:
        warp: the mesh.
        to_unit: from the picture's pixels to the unit square, which the mesh is of; no turn.
        shown: the part of the picture that is shown, in its pixels.
    """

    def __init__(self, warp: MeshWarp, to_unit: Affine, shown: Box) -> None:
        # Counted from the pixel that the first point falls in: a move by whole pixels changes nothing.
        self._left, self._top = map(math.floor, warp.points[0])
        points = np.array(warp.points, np.float64) - (self._left, self._top)
        points = points.reshape(3 * warp.rows + 1, 3 * warp.columns + 1, 2)
        left, top, right, bottom = shown
        unit = to_unit
        across = [float((unit.xx * edge + unit.x0) * warp.columns) for edge in (left, right)]
        down = [float((unit.yy * edge + unit.y0) * warp.rows) for edge in (top, bottom)]
        parts = finest(points)
        columns, rows = grid_lines(warp.columns, parts, *across), grid_lines(warp.rows, parts, *down)
        self._grid = mesh_grid(points, columns, rows)
        self._u = _between(columns, float(left), float(right))
        self._v = _between(rows, float(top), float(bottom))
        self.growth = (
            Fraction(longest_square(np.diff(points, axis=1))) * (3 * warp.columns * unit.xx) ** 2,
            Fraction(longest_square(np.diff(points, axis=0))) * (3 * warp.rows * unit.yy) ** 2,
        )

    @property
    def bounds(self) -> Box:
        """See `Warped`."""
        x, y = self._grid.x, self._grid.y
        edges = (int(x.min()), int(y.min()), int(x.max()), int(y.max()))
        left, top, right, bottom = (Fraction(edge, _ONE) for edge in edges)
        return left + self._left, top + self._top, right + self._left, bottom + self._top

    def check(self, area: Rect) -> None:
        """See `Warped`."""
        count = self._seen(area.shift(-self._left, -self._top))[1].pixels(area.shift(-self._left, -self._top))
        if count > MOST_PIXELS:
            raise TooLargeError(
                f"its mesh lies over itself so often that {count} pixels are to be looked at; "
                f"allowed are {MOST_PIXELS}"
            )

    def coverage(self, area: Rect) -> NDArray[np.uint16]:
        """See `Warped`."""
        seen = area.shift(-self._left, -self._top)
        start, end = _outline(self._seen(seen)[0])
        x, y = self._grid.x.reshape(-1), self._grid.y.reshape(-1)
        return polygon_coverage((x[start], y[start]), (x[end], y[end]), seen)

    def places(self, area: Rect) -> Places:
        """See `Warped`. A pixel whose centre no triangle holds, but that one touches, has the place in that
        one which is nearest along each axis of the picture."""
        seen = area.shift(-self._left, -self._top)
        points, corners = self._seen(seen)
        held = owners(corners, seen, touched=False)
        owner = np.where(held == NOBODY, owners(corners, seen, touched=True), held)
        place = np.flatnonzero(owner != NOBODY)
        found = self._placed(points, corners, owner.reshape(-1)[place], place, seen)
        made = Places(*(np.zeros(owner.shape) for _ in found))
        for whole, values in zip(made, found, strict=True):
            whole.reshape(-1)[place] = values
        return made

    def _placed(
        self, points: Ints, corners: Corners, of: NDArray[np.int32], place: Ints, seen: Rect
    ) -> Places:
        """Of pixels, as places in an area, by the triangle that each is of: where its first corner lies in
        the picture, and what the way from there adds."""
        x = (place % seen.width + seen.left) + 0.5 - corners.x[0][of] / _ONE
        y = (place // seen.width + seen.top) + 0.5 - corners.y[0][of] / _ONE
        values: list[Floats] = []
        slopes: list[Floats] = []
        for axis in (self._u[points % len(self._u)], self._v[points // len(self._u)]):
            across, down = (slope[of] for slope in _slopes(corners, axis))
            linear = (axis[0][of] + across * x) + down * y
            values.append(np.clip(linear, axis.min(axis=0)[of], axis.max(axis=0)[of]))
            slopes += [across, down]
        u, v = values
        across_u, down_u, across_v, down_v = slopes
        return Places(u, v, across_u, across_v, down_u, down_v)

    @cached_property
    def _all(self) -> Ints:
        """The triangles that have an area, by the numbers of their corners, turning right: int64 (3, n)."""
        count = self._grid.x.shape
        numbers = np.arange(count[0] * count[1], dtype=np.int64).reshape(count)
        a, b, c, d = numbers[:-1, :-1], numbers[:-1, 1:], numbers[1:, :-1], numbers[1:, 1:]
        points = np.stack([np.stack(pair, axis=-1) for pair in ((a, b), (b, d), (c, c))]).reshape(3, -1)
        corners = self._corners(points)
        area = corners.edge(0, corners.x[0], corners.y[0], np.arange(len(corners)))
        points[1:, area < 0] = points[:0:-1, area < 0]
        return np.ascontiguousarray(points[:, area != 0])

    def _corners(self, points: Ints) -> Corners:
        return Corners(self._grid.x.reshape(-1)[points], self._grid.y.reshape(-1)[points])

    def _seen(self, area: Rect) -> tuple[Ints, Corners]:
        """The triangles whose boxes touch an area."""
        corners = self._corners(self._all)
        near = corners.near(area)
        points = self._all[:, near]
        return points, self._corners(points)


def _slopes(corners: Corners, values: Floats) -> tuple[Floats, Floats]:
    """What a pixel across and one down add to what is linear in triangles and has values (3, n) at their
    corners: what they add to the areas opposite the second and the third, of the whole, times what the values
    there are more than that at the first."""
    whole = corners.edge(0, corners.x[0], corners.y[0], np.arange(len(corners))) / float(_ONE)
    second, third = values[1] - values[0], values[2] - values[0]
    across, down = (
        (way(1) / whole) * second + (way(2) / whole) * third for way in (corners.slope, corners.run)
    )
    return across, down


def _between(lines: Floats, first: float, last: float) -> Floats:
    """The same lines as places in a picture, of which those of the ends are known."""
    if lines[0] == lines[-1]:
        return np.full(len(lines), first)
    parts = (lines - lines[0]) / (lines[-1] - lines[0])
    places: Floats = first + parts * (last - first)
    return places


def _outline(points: Ints) -> tuple[Ints, Ints]:
    """The edges of triangles (3, n), from corner to corner, without those that two run along in opposite
    ways."""
    start, end = points.reshape(-1), points[[1, 2, 0]].reshape(-1)
    low, high = np.minimum(start, end), np.maximum(start, end)
    pairs, number = np.unique(low * (int(points.max(initial=0)) + 1) + high, return_inverse=True)
    ways = np.bincount(number, weights=np.where(start < end, 1.0, -1.0), minlength=len(pairs)).astype(
        np.int64
    )
    low, high = np.divmod(np.repeat(pairs, np.abs(ways)), int(points.max(initial=0)) + 1)
    forth = np.repeat(ways > 0, np.abs(ways))
    return np.where(forth, low, high), np.where(forth, high, low)
