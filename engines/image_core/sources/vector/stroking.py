"""Pen lines along outlines, in exact integers.

FreeType has a stroker too, but a line wider than the shape it follows comes out with holes and facets.
Here a line is, in terms of winding numbers, the sum of one rectangle for each straight piece and one wedge
for each corner, all turning the same way: filled non-zero nothing inside can ever fall out.

Curves are first flattened so that no edge of the line is off by more than 1/64 pixel. All coordinates have
16 fractional bits, so that the direction of short pieces stays exact; the result is rounded to 26.6.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Literal

import numpy as np

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import Clock, untimed
from engines.image_core.sources.vector.outline_limits import Outline, Point, Segment, halves, segments

__all__ = ["Cap", "Join", "stroke"]

Cap = Literal["butt", "round", "square"]
Join = Literal["miter", "round", "bevel"]

_EXTRA_BITS = 10  # from 26.6 to 16 fractional bits
_TOLERANCE = 1 << _EXTRA_BITS  # 1/64 pixel
_SPECK = 1 << 12  # 1/16 pixel: a curve this small is not divided further
_REACH = 1 << 27  # 1/64 pixel; a larger curve would be millions of pieces
_MITER_LIMIT = 4  # SVG's default
_MAX_POINTS = 2_000_000  # some tens of seconds of work


class _Counter:
    """Counts the points that a line takes, and lets the clock look at each place where there are more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0

    def add(self, points: int) -> None:
        """Count some more; a SourceError where there are too many."""
        self._clock()
        self._count += points
        if self._count > _MAX_POINTS:
            raise SourceError(f"a stroked line takes too many points: allowed are {_MAX_POINTS:,}")


@dataclass(frozen=True)
class _Edge:
    """A straight piece from start to end; offset leads to its left side, as long as the line's radius."""

    start: Point
    end: Point
    offset: Point
    smooth: bool  # it continues a curve: its start is not a corner

    @property
    def squared_length(self) -> int:
        return _dot(_minus(self.end, self.start), _minus(self.end, self.start))

    def reverse(self, *, smooth: bool) -> _Edge:
        return _Edge(self.end, self.start, _minus((0, 0), self.offset), smooth)


def stroke(
    outline: Outline,
    width: int,
    cap: Cap,
    join: Join,
    closed: Sequence[bool],
    clock: Clock = untimed,
) -> Outline:
    """The outline of a pen line along the contours, to be filled non-zero.

    Args:
        outline: The contours the line is centred on.
        width: Full width of the line in 1/64 pixel, above 0.
        cap: How open contours end. A contour of one place only is a dot with round and square caps.
        join: How corners look; a miter becomes a bevel beyond SVG's default limit of 4.
        closed: For each contour, whether its end joins its start.
        clock: Called at each contour, piece and corner; what it raises ends the work.

    Raises:
        SourceError: a point lies, or the line is wide, more than two million pixels; or it takes more than
            two million points.
    """
    reach = max(width, int(np.abs(outline.points).max(initial=0)))
    if reach > _REACH:
        raise SourceError(f"a stroked line reaches to {reach // 64} pixels: allowed is {_REACH // 64}")
    radius = width << (_EXTRA_BITS - 1)
    borders: list[list[Point]] = []
    counted = _Counter(clock)
    for contour, is_closed in zip(outline.contours(), closed, strict=True):
        borders += _stroke_contour(contour, radius, cap, join, closed=is_closed, counted=counted)
    if not borders:
        return Outline.empty()
    points = [point for border in borders for point in border]
    half = 1 << (_EXTRA_BITS - 1)
    rounded = [((x + half) >> _EXTRA_BITS, (y + half) >> _EXTRA_BITS) for x, y in points]
    return Outline(
        np.array(rounded, np.int64),
        np.ones(len(points), np.uint8),
        np.cumsum([len(border) for border in borders], dtype=np.int64) - 1,
    )


def _stroke_contour(
    contour: Outline, radius: int, cap: Cap, join: Join, *, closed: bool, counted: _Counter
) -> list[list[Point]]:
    edges = _edges(contour, radius, closed=closed, counted=counted)
    if not edges:
        x, y = contour.points[0].tolist()
        return _dot_at((x << _EXTRA_BITS, y << _EXTRA_BITS), radius, cap)
    # Whether a corner is smooth is written at the edge after it: in reverse that is its neighbour.
    following = [*edges[1:], edges[0]]
    back = [edge.reverse(smooth=after.smooth) for edge, after in zip(edges, following, strict=True)][::-1]
    left = _side(edges, radius, join, closed=closed, forward=True, counted=counted)
    right = _side(back, radius, join, closed=closed, forward=False, counted=counted)
    if closed:
        return [left, right]
    return [left + _cap(edges[-1], radius, cap) + right + _cap(back[-1], radius, cap)]


def _edges(contour: Outline, radius: int, *, closed: bool, counted: _Counter) -> list[_Edge]:
    """The contour in straight pieces, none of length 0."""
    edges: list[_Edge] = []
    smooth = False
    for segment in segments(contour, closed=closed):
        fine = tuple((x << _EXTRA_BITS, y << _EXTRA_BITS) for x, y in segment)
        here = fine[0]
        for point in _flattened(fine, radius):
            counted.add(1)
            if point != here:
                offset = _resized((point[1] - here[1], here[0] - point[0]), radius)
                edges.append(_Edge(here, point, offset, smooth))
                here, smooth = point, True
        smooth = False
    return edges


def _flattened(segment: Segment, radius: int) -> Iterator[Point]:
    """The ends of straight pieces that stand for a line or curve."""
    if _is_flat(segment, radius):
        yield segment[-1]
    else:
        for half in halves(segment):
            yield from _flattened(half, radius)


def _is_flat(segment: Segment, radius: int) -> bool:
    if len(segment) == 2:
        return True
    start, chord = segment[0], _minus(segment[-1], segment[0])
    legs = [_minus(b, a) for a, b in itertools.pairwise(segment) if a != b]
    if all(abs(value) <= _SPECK for leg in legs for value in leg):
        return True
    near = _TOLERANCE**2 * _dot(chord, chord)
    return all(_is_slight(a, b, radius) for a, b in itertools.pairwise(legs)) and all(
        _cross(chord, _minus(point, start)) ** 2 <= near for point in segment[1:-1]
    )


def _is_slight(a: Point, b: Point, radius: int) -> bool:
    """Whether an arc of this radius over the angle between a and b is within tolerance of its chord.

    The height of an arc is r * angle^2 / 8, and the tangent is no less than the angle.
    """
    along = _dot(a, b)
    return along > 0 and _cross(a, b) ** 2 * radius <= 8 * _TOLERANCE * along * along


def _side(
    edges: list[_Edge], radius: int, join: Join, *, closed: bool, forward: bool, counted: _Counter
) -> list[Point]:
    """The left border of the line along the edges."""
    corners = itertools.pairwise([*edges, edges[0]] if closed else edges)
    border: list[Point] = []
    for a, b in corners:
        around = _corner(a, b, radius, join, forward=forward)
        counted.add(len(around))
        border += around
    if closed:
        return border
    first, last = edges[0], edges[-1]
    return [_plus(first.start, first.offset), *border, _plus(last.end, last.offset)]


def _corner(a: _Edge, b: _Edge, radius: int, join: Join, *, forward: bool) -> list[Point]:
    """The left border where edge b follows edge a."""
    u, v, place = a.offset, b.offset, a.end
    turn = _cross(u, v)
    # Straight on and straight back look alike from both sides: the forward side draws what is there.
    if turn > 0 or (turn == 0 and forward):
        return [_plus(place, offset) for offset in _outer(u, v, radius, "round" if b.smooth else join)]
    squared = radius * radius
    reach = min(a.squared_length, b.squared_length) * (squared + _dot(u, v))
    # The borders meet at radius * tan(angle / 2) before the corner: use that if half the edge is longer.
    if 4 * squared * (squared - _dot(u, v)) <= reach:
        return [_plus(place, _miter(u, v, radius))]
    return [_plus(place, u), place, _plus(place, v)]


def _outer(u: Point, v: Point, radius: int, join: Join) -> list[Point]:
    """The outside of a corner, relative to it, from offset u clockwise to offset v."""
    squared = radius * radius
    if join == "round":
        return [u, *_arc(u, v, radius)]
    # The tip is radius / cos(angle / 2) away, and cos^2(angle / 2) = (1 + cos(angle)) / 2.
    if join == "miter" and 2 * squared <= _MITER_LIMIT**2 * (squared + _dot(u, v)):
        return [_miter(u, v, radius)]
    return [u, v]


def _miter(u: Point, v: Point, radius: int) -> Point:
    """Where the borders at offsets u and v meet: (u + v) * r^2 / (r^2 + u.v)."""
    squared = radius * radius
    divisor = squared + _dot(u, v)
    x, y = _plus(u, v)
    return (2 * x * squared + divisor) // (2 * divisor), (2 * y * squared + divisor) // (2 * divisor)


def _arc(u: Point, v: Point, radius: int) -> list[Point]:
    """Points on the arc from u (not included) clockwise to v, over at most half a turn."""
    if _is_slight(u, v, radius):
        return [v]
    # Both are the direction halfway; the sum vanishes near half a turn, the difference near none.
    middle = _plus(u, v) if _dot(u, v) > 0 else (v[1] - u[1], u[0] - v[0])
    middle = _resized(middle, radius)
    return _arc(u, middle, radius) + _arc(middle, v, radius)


def _cap(edge: _Edge, radius: int, cap: Cap) -> list[Point]:
    """What lies between the left and the right border at the end of an edge."""
    u = edge.offset
    v, ahead = (-u[0], -u[1]), (-u[1], u[0])
    match cap:
        case "butt":
            around = []
        case "round":
            around = _arc(u, v, radius)[:-1]
        case "square":
            around = [_plus(u, ahead), _plus(v, ahead)]
    return [_plus(edge.end, offset) for offset in around]


def _dot_at(place: Point, radius: int, cap: Cap) -> list[list[Point]]:
    if cap == "butt":
        return []
    edge = _Edge(place, place, (0, -radius), smooth=False)
    back = edge.reverse(smooth=False)
    sides = [_plus(place, edge.offset), *_cap(edge, radius, cap), _plus(place, back.offset)]
    return [sides + _cap(back, radius, cap)]


def _resized(vector: Point, length: int) -> Point:
    """The vector with this length, each coordinate rounded to nearest: length * x / sqrt(x^2 + y^2)."""
    squared = _dot(vector, vector)
    x, y = ((isqrt(4 * (length * value) ** 2 // squared) + 1) // 2 for value in vector)
    return (x if vector[0] >= 0 else -x), (y if vector[1] >= 0 else -y)


def _plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]


def _dot(a: Point, b: Point) -> int:
    return a[0] * b[0] + a[1] * b[1]


def _cross(a: Point, b: Point) -> int:
    return a[0] * b[1] - a[1] * b[0]
