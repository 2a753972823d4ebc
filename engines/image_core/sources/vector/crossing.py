"""Edges cut where they meet, in integers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import Clock

__all__ = ["Ints", "cross", "cut_apart", "ranges"]

Ints = NDArray[np.int64]

_AT_ONCE = 1 << 18  # pairs
_MAX_PAIRS = 100_000_000  # some tens of seconds
_MAX_EDGES = 4_000_000
_ROUNDS = 64
_EXACT_ROUNDS = 8
_TOO_DENSE = "too dense an outline: its lines meet in too many places"


def cross(a: Ints, b: Ints) -> Ints:
    """The cross products of vectors, (n, 2)."""
    product: Ints = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


def ranges(first: Ints, last: Ints, clock: Clock) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of an index and a number from first[index] to last[index] - 1, some at a time.

    Raises:
        SourceError: there are too many.
    """
    counts = last - first
    stops = np.cumsum(counts)
    if len(stops) and stops[-1] > _MAX_PAIRS:
        raise SourceError(_TOO_DENSE)
    begin = 0
    while begin < len(counts):
        clock()
        done = stops[begin] - counts[begin]
        end = max(int(np.searchsorted(stops, done + _AT_ONCE, side="right")), begin + 1)
        few = counts[begin:end]
        index = np.repeat(np.arange(begin, end), few)
        yield index, first[index] + np.arange(len(index)) - np.repeat(np.cumsum(few) - few, few)
        begin = end


def cut_apart(edges: Ints, clock: Clock) -> Ints:
    """Edges, (n, 4), in pieces that meet in their ends alone, or lie on each other.

    Mostly they are after a few rounds. But of lines that run nearly along each other each round may only move
    the place where they meet a step: these are cut by snap rounding (Hobby, "Practical segment intersection
    with finite precision output", 1999), which moves more lines and needs no rounds but for what lies just
    between two squares of the grid.

    Raises:
        SourceError: too many are near each other, or they are too many in the end.
    """
    whole = edges
    for number in range(_ROUNDS):
        edges = edges[(edges[:, :2] != edges[:, 2:]).any(axis=1)]
        which, places = _met(edges, clock)
        if not len(which):
            return edges
        if number >= _EXACT_ROUNDS:
            edges = whole if number == _EXACT_ROUNDS else edges
            which, places = _snapped(edges, clock)
        if len(edges) + len(which) > _MAX_EDGES:
            break
        edges = _cut(edges, which, places)
    raise SourceError(_TOO_DENSE)


def _snapped(edges: Ints, clock: Clock) -> tuple[Ints, Ints]:
    """Where edges have to be cut: at every end and crossing through whose square of the grid they pass."""
    _, crossings = _met(edges, clock)
    points = np.unique(np.concatenate([edges[:, :2], edges[:, 2:], crossings]), axis=0)
    which: list[Ints] = [np.zeros(0, np.int64)]
    places: list[Ints] = [np.zeros((0, 2), np.int64)]
    count = len(edges)
    for i, j in _near(np.concatenate([edges, np.hstack([points, points])]), clock):
        edge, point = np.minimum(i, j), np.maximum(i, j) - count
        mixed = (edge < count) & (point >= 0)
        edge, place = edge[mixed], points[point[mixed]]
        passed = _passes(place, edges[edge])
        which.append(edge[passed])
        places.append(place[passed])
    return np.concatenate(which), np.concatenate(places)


def _passes(points: Ints, edges: Ints) -> NDArray[np.bool_]:
    """Which edges pass through the square around their point and do not end there."""
    start, end = edges[:, :2], edges[:, 2:]
    within = (np.minimum(start, end) <= points) & (points <= np.maximum(start, end))
    # A line leaves the square where it is half of its own width and height beside the middle.
    beside = 2 * np.abs(cross(end - start, points - start)) < np.abs(end - start).sum(axis=1)
    apart = (points != start).any(axis=1) & (points != end).any(axis=1)
    found: NDArray[np.bool_] = within.all(axis=1) & beside & apart
    return found


def _met(edges: Ints, clock: Clock) -> tuple[Ints, Ints]:
    """Where edges have to be cut: which, and at which points (n, 2)."""
    which: list[Ints] = [np.zeros(0, np.int64)]
    places: list[Ints] = [np.zeros((0, 2), np.int64)]
    for i, j in _near(edges, clock):
        for one, other in ((i, j), (j, i)):
            for end in (edges[other, :2], edges[other, 2:]):
                touched = _lies_on(end, edges[one])
                which.append(one[touched])
                places.append(end[touched])
        crossed, points = _crossings(edges[i], edges[j])
        which += [i[crossed], j[crossed]]
        places += [points, points]
    edge, place = np.concatenate(which), np.concatenate(places)
    inside = (place != edges[edge, :2]).any(axis=1) & (place != edges[edge, 2:]).any(axis=1)
    return edge[inside], place[inside]


def _near(edges: Ints, clock: Clock) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of edges whose boxes touch: along the axis on which fewer do, and of these those on the other."""
    low, high = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    orders = [np.argsort(low[:, axis], kind="stable") for axis in (0, 1)]
    lasts = [
        np.searchsorted(low[order, axis], high[order, axis], side="right")
        for axis, order in enumerate(orders)
    ]
    axis = 0 if lasts[0].sum() <= lasts[1].sum() else 1
    order, other = orders[axis], 1 - axis
    for first, second in ranges(np.arange(1, len(edges) + 1), lasts[axis], clock):
        i, j = order[first], order[second]
        near = (low[i, other] <= high[j, other]) & (low[j, other] <= high[i, other])
        yield i[near], j[near]


def _lies_on(points: Ints, edges: Ints) -> NDArray[np.bool_]:
    """Which points lie on their edge."""
    start, end = edges[:, :2], edges[:, 2:]
    within = (np.minimum(start, end) <= points) & (points <= np.maximum(start, end))
    found: NDArray[np.bool_] = within.all(axis=1) & (cross(end - start, points - start) == 0)
    return found


def _crossings(a: Ints, b: Ints) -> tuple[NDArray[np.intp], Ints]:
    """Which pairs of edges cross, and the points of the grid nearest to where they do."""
    along_a, along_b = a[:, 2:] - a[:, :2], b[:, 2:] - b[:, :2]
    start, end = cross(along_a, b[:, :2] - a[:, :2]), cross(along_a, b[:, 2:] - a[:, :2])
    begin, stop = cross(along_b, a[:, :2] - b[:, :2]), cross(along_b, a[:, 2:] - b[:, :2])
    apart = np.sign(start) * np.sign(end) < 0
    crossed = np.flatnonzero(apart & (np.sign(begin) * np.sign(stop) < 0))
    # At start / (start - end) of b: products of more than 64 bits.
    part, whole = start[crossed].astype(object), (start[crossed] - end[crossed]).astype(object)
    part, whole = part * np.sign(whole), np.abs(whole)
    moved = along_b[crossed].astype(object) * part[:, None]
    rounded = (2 * moved + whole[:, None]) // (2 * whole[:, None])
    return crossed, b[crossed, :2] + rounded.astype(np.int64).reshape(-1, 2)


def _cut(edges: Ints, which: Ints, places: Ints) -> Ints:
    """Each edge in pieces from one of its places to the next."""
    along = ((places - edges[which, :2]) * (edges[which, 2:] - edges[which, :2])).sum(axis=1)
    order = np.lexsort((places[:, 1], places[:, 0], along, which))
    which, places = which[order], places[order]
    counts = np.bincount(which, minlength=len(edges)) + 2
    stops = np.cumsum(counts)
    points = np.empty((int(stops[-1]), 2), np.int64)
    points[stops - counts], points[stops - 1] = edges[:, :2], edges[:, 2:]
    points[np.arange(len(which)) + 2 * which + 1] = places
    last = np.zeros(len(points), np.bool_)
    last[stops - 1] = True
    starts = np.flatnonzero(~last)
    return np.hstack([points[starts], points[starts + 1]])
