"""Curves as lines no farther than 1/64 pixel from them, for whole outlines at once, in integers.

FreeType flattens curves itself, but leaves them up to 1/8 pixel inside (an ellipse of 40 x 20 pixels loses
0.6 % of its area), and by code that differs from machine to machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.sources.vector.outline_limits import CONIC, CUBIC, ON, Outline

__all__ = ["flatten"]

_Ints = NDArray[np.int64]

_MAX_POINTS = 4_000_000  # a gigabyte on the way


def flatten(outline: Outline) -> Outline:
    """The contours, taken as closed, as polygons.

    Coordinates are within 2^22 (65536 pixels) of 0, so that the exact sums fit 64 bits.

    Raises:
        SourceError: they would have more than four million points.
    """
    tags = outline.tags & np.uint8(3)
    if (tags == ON).all():
        return outline
    before, after = outline.neighbours()
    # A cubic belongs to the first of its two controls, and two conic controls imply a point between them.
    cubic = np.flatnonzero((tags == CUBIC) & (tags[before] == ON))
    conic = np.flatnonzero(tags == CONIC)
    curves = []  # a font's are of one degree
    if cubic.size:
        curves.append(_Curves(cubic, _cubic_controls(outline.points, cubic, before, after), None))
    if conic.size:
        curves.append(_Curves(conic, *_conic_controls(outline.points, tags, conic, before, after)))
    counts = (tags == ON).astype(np.int64)
    for group in curves:
        counts[group.index] = group.counts
    stops = np.cumsum(counts)
    if stops[-1] > _MAX_POINTS:
        raise SourceError(f"curves become too many lines: allowed are {_MAX_POINTS:,}")
    points = np.empty((int(stops[-1]), 2), np.int64)
    points[stops[tags == ON] - 1] = outline.points[tags == ON]
    for group in curves:
        points[np.repeat(stops[group.index] - group.counts, group.counts) + group.steps - 1] = group.points()
    return Outline(points, np.full(len(points), ON, np.uint8), stops[outline.ends] - 1)


class _Curves:
    """Bezier curves of one degree, each cut at equal steps of its parameter.

    Attributes:
        index: int64 (n,), the point of the outline that stands for each curve.
        counts: int64 (n,), how many points each gets: all but its ends, and the end where that is implied.
        steps: int64 (sum of counts,), 1, 2, ... for the points of each curve.
    """

    def __init__(self, index: _Ints, controls: _Ints, implied_end: NDArray[np.bool_] | None) -> None:
        self.index = index
        self._controls = controls  # (degree + 1, n, 2)
        degree = len(controls) - 1
        # A chord over 1/n of the parameter is off by at most |B''| / 8 / n^2, where B'' is degree *
        # (degree - 1) times the controls' second differences.
        bend = np.abs(np.diff(controls, 2, axis=0)).sum(axis=2).max(axis=0)
        cuts = np.ceil(np.sqrt((degree * (degree - 1) * bend + 7) // 8)).astype(np.int64)
        self._cuts = np.maximum(cuts, 1)
        self.counts = self._cuts - 1 + (0 if implied_end is None else implied_end)
        firsts = np.cumsum(self.counts) - self.counts
        self.steps = np.arange(int(self.counts.sum()), dtype=np.int64) - np.repeat(firsts, self.counts) + 1

    def points(self) -> _Ints:
        """The points, shape (sum of counts, 2): Bernstein's sums, exact, rounded half up to 1/64 pixel."""
        ahead, cuts = self.steps[:, None], np.repeat(self._cuts, self.counts)[:, None]
        behind = cuts - ahead
        p = np.repeat(self._controls, self.counts, axis=1)
        if len(p) == 3:
            total = p[0] * behind**2 + 2 * p[1] * behind * ahead + p[2] * ahead**2
            divisor = cuts**2
        else:
            total = p[0] * behind**3 + 3 * p[1] * behind**2 * ahead + 3 * p[2] * behind * ahead**2
            total += p[3] * ahead**3
            divisor = cuts**3
        rounded: _Ints = (2 * total + divisor) // (2 * divisor)
        return rounded


def _cubic_controls(points: _Ints, first: _Ints, before: _Ints, after: _Ints) -> _Ints:
    second = after[first]
    return np.stack([points[before[first]], points[first], points[second], points[after[second]]])


def _conic_controls(
    points: _Ints, tags: NDArray[np.uint8], control: _Ints, before: _Ints, after: _Ints
) -> tuple[_Ints, NDArray[np.bool_]]:
    """The three controls of each conic, and whether its end is implied."""
    middle = points[control]
    ends = []
    for neighbour in (before[control], after[control]):
        implied = tags[neighbour] == CONIC
        ends.append(np.where(implied[:, None], (points[neighbour] + middle) >> 1, points[neighbour]))
    return np.stack([ends[0], middle, ends[1]]), implied
