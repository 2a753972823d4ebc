"""Polygons made one: the border of all that they enclose, without what lies within.

    polygons -> edges cut where they meet -> those with the inside on one side alone -> polygons

What is inside goes by winding numbers: of the sum of two shapes' polygons, each of which winds around what it
encloses once, 2 and more is where both are, an odd number where one is alone.

Edges that cross are cut there, at the nearest point of the grid, and cut again where that has moved them
across others, until they meet in their ends alone (iterated snap rounding: Guibas and Marimont, "Rounding
arrangements dynamically", 1998). From then on all is exact, in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.runtime.limits import Clock, untimed
from engines.image_core.sources.vector.crossing import Ints, cross, cut_apart, ranges

__all__ = ["BITS", "Inside", "united"]

BITS = 12
"""Fractional bits of the grid: with them, places within 65536 pixels have products of 64 bits."""

_HALF = 1 << 30

Inside: TypeAlias = Callable[[Ints], NDArray[np.bool_]]
"""A fill rule: which winding numbers are inside; 0 is not."""


def _nonzero(winding: Ints) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = winding != 0
    return inside


def united(rings: Sequence[Ints], clock: Clock = untimed, inside: Inside = _nonzero) -> list[Ints]:
    """The borders of what polygons enclose.

    Args:
        rings: each int64, shape (n, 2), closed, in 2^-12 pixel, within 65536 pixels of 0.
        clock: called now and then; what it raises ends the work.
        inside: by what rule; winding numbers are below 0 where polygons turn as those returned do not.

    Returns:
        Polygons of the same kind, of which no two cross, with what they enclose to the right, seen with y
        upwards: it has a winding number of 1, all else of 0.

    Raises:
        SourceError: so many lines come so near to each other that this would take minutes.
    """
    found = [_closed(ring) for ring in rings if len(ring)]
    if not found:
        return []
    lines = _merged(cut_apart(np.concatenate(found), clock))
    if not len(lines.start):
        return []
    return _rings(_border(lines, _left_of(lines, clock), inside))


def _closed(ring: Ints) -> Ints:
    """A polygon's edges, (n, 4): from x, y to x, y."""
    return np.hstack([ring, np.roll(ring, -1, axis=0)])


@dataclass(frozen=True, eq=False)
class _Lines:
    """Edges that meet in their ends alone, no two of them the same.

    Attributes:
        points: int64 (n, 2), no two of them the same.
        start, end: int64 (m,): the points that each leads from and to.
        count: int64 (m,), how many lie there, less those that lead back; above 0.
    """

    points: Ints
    start: Ints
    end: Ints
    count: Ints

    @property
    def along(self) -> Ints:
        """From each start to its end."""
        along: Ints = self.points[self.end] - self.points[self.start]
        return along

    def chosen(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> _Lines:
        """Some of them."""
        return _Lines(self.points, self.start[which], self.end[which], self.count[which])


def _merged(edges: Ints) -> _Lines:
    """Edges that lie on each other counted; those that lead there and back again are gone."""
    ends = np.concatenate([edges[:, :2], edges[:, 2:]])
    keys, where = np.unique((ends[:, 0] + _HALF) << 31 | (ends[:, 1] + _HALF), return_inverse=True)
    points = np.stack([(keys >> 31) - _HALF, (keys & (2 * _HALF - 1)) - _HALF], axis=1)
    start, end = np.split(where.astype(np.int64), 2)
    pairs, which = np.unique(np.minimum(start, end) * len(keys) + np.maximum(start, end), return_inverse=True)
    count = np.zeros(len(pairs), np.int64)
    np.add.at(count, which, np.where(start < end, 1, -1))
    low, high = np.divmod(pairs, len(keys))
    lines = _Lines(points, np.where(count > 0, low, high), np.where(count > 0, high, low), np.abs(count))
    return lines.chosen(count != 0)


def _left_of(lines: _Lines, clock: Clock) -> Ints:
    """The winding number to the left of each edge, seen with y upwards.

    It is counted along a ray from the edge's middle to smaller x, a little way to larger y: so no end lies
    on the ray. Along a chain of edges between places where others meet it stays the same.
    """
    which, chain = np.unique(_chains(lines), return_inverse=True)
    some = lines.chosen(which)
    numbers = _counted(lines, lines.points[some.start] + lines.points[some.end], clock)
    across, down = some.along.T
    beyond = (down < 0) | ((down == 0) & (across < 0))  # the ray begins to the right of the edge
    left: Ints = (numbers - np.where(beyond, some.count, 0))[chain]
    return left


def _chains(lines: _Lines) -> Ints:
    """For each edge one that stands for its chain: the last, or any one of a chain without an end."""
    number = len(lines.start)
    simple = (np.bincount(lines.start, minlength=len(lines.points)) == 1) & (
        np.bincount(lines.end, minlength=len(lines.points)) == 1
    )
    leaving = np.zeros(len(lines.points), np.int64)
    leaving[lines.start] = np.arange(number)
    ahead = np.where(simple[lines.end], leaving[lines.end], np.arange(number))
    least = np.where(ahead == np.arange(number), np.arange(number) - number, np.arange(number))
    for _ in range(number.bit_length()):
        least, ahead = np.minimum(least, least[ahead]), ahead[ahead]
    return np.where(least < 0, least + number, least)


def _counted(lines: _Lines, middles: Ints, clock: Clock) -> Ints:
    """The winding numbers of places, given twice as large."""
    order = np.argsort(middles[:, 1], kind="stable")
    levels = middles[order, 1]
    start, end = 2 * lines.points[lines.start], 2 * lines.points[lines.end]
    first = np.searchsorted(levels, np.minimum(start[:, 1], end[:, 1]))
    last = np.searchsorted(levels, np.maximum(start[:, 1], end[:, 1]))
    numbers = np.zeros(len(middles), np.int64)
    for edge, place in ranges(first, last, clock):
        place = order[place]
        down = end[edge, 1] > start[edge, 1]
        side = cross(end[edge] - start[edge], middles[place] - start[edge])
        crossed = np.where(down, side < 0, side > 0)
        signed = np.where(down, lines.count[edge], -lines.count[edge])
        np.add.at(numbers, place[crossed], signed[crossed])
    return numbers


def _border(lines: _Lines, left: Ints, inside: Inside) -> _Lines:
    """The edges that have the inside to one side alone, turned so that it lies to the right."""
    back, on = inside(left), inside(left + lines.count)
    turned = _Lines(
        lines.points,
        np.where(back, lines.end, lines.start),
        np.where(back, lines.start, lines.end),
        lines.count,
    )
    return turned.chosen(back != on)


def _rings(border: _Lines) -> list[Ints]:
    """Closed polygons along the edges."""
    ahead = _followed(border).tolist()
    starts, used = border.start.tolist(), [False] * len(ahead)
    rings = []
    for first in range(len(ahead)):
        ring, edge = [], first
        while not used[edge]:
            used[edge] = True
            ring.append(starts[edge])
            edge = ahead[edge]
        if ring:
            rings.append(border.points[ring])
    return rings


def _followed(border: _Lines) -> Ints:
    """For each edge the one that goes on from its end, round the same part of the inside."""
    order = np.argsort(border.start, kind="stable")
    first = np.searchsorted(border.start[order], border.end)
    ahead: Ints = order[first].astype(np.int64)
    leaving = np.bincount(border.start, minlength=len(border.points))[border.end]
    along = border.along.tolist()
    for edge in np.flatnonzero(leaving > 1).tolist():
        back = -along[edge][0], -along[edge][1]
        choice = order[first[edge] : first[edge] + leaving[edge]].tolist()
        ahead[edge] = min(choice, key=lambda one: _turn(back, along[one]))
    return ahead


def _turn(start: Sequence[int], end: Sequence[int]) -> tuple[int, Fraction]:
    """What grows with the angle from one direction to another, counter-clockwise with y upwards."""
    across = start[0] * end[1] - start[1] * end[0]
    along = start[0] * end[0] + start[1] * end[1]
    if across == 0:
        return 1, Fraction(0)
    return (0 if across > 0 else 2), Fraction(-along, across)
