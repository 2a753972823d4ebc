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
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import Clock, untimed
from engines.image_core.sources.vector.outline_limits import Outline, Point, Segment, halves, segments
from engines.image_core.sources.vector.vectors import cross, dot, minus, plus, resized

__all__ = ["EXTRA_BITS", "Cap", "Join", "Ring", "polygons", "rounded", "stroke", "stroke_rings"]

Cap = Literal["butt", "round", "square"]
Join = Literal["miter", "round", "bevel"]
Ring: TypeAlias = list[Point]
"""A closed polygon, in 2^-16 pixel."""

EXTRA_BITS = 10  # from 26.6 to 16 fractional bits
_TOLERANCE = 1 << EXTRA_BITS  # 1/64 pixel
_SPECK = 1 << 12  # 1/16 pixel: a curve this small is not divided further
_REACH = 1 << 27  # 1/64 pixel; a larger curve would be millions of pieces
_MITER_LIMIT = Fraction(4)  # SVG's default
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
class _Pen:
    """What draws a line: half its width, in 2^-16 pixel, and how its ends and corners look."""

    radius: int
    cap: Cap
    join: Join
    miter_limit: Fraction = _MITER_LIMIT


@dataclass(frozen=True)
class _Edge:
    """A straight piece from start to end; offset leads to its left side, as long as the line's radius."""

    start: Point
    end: Point
    offset: Point
    smooth: bool  # it continues a curve: its start is not a corner

    @property
    def squared_length(self) -> int:
        return dot(minus(self.end, self.start), minus(self.end, self.start))

    def reverse(self, *, smooth: bool) -> _Edge:
        return _Edge(self.end, self.start, minus((0, 0), self.offset), smooth)


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
    pen = _Pen(width << (EXTRA_BITS - 1), cap, join)
    borders: list[Ring] = []
    counted = _Counter(clock)
    for contour, is_closed in zip(outline.contours(), closed, strict=True):
        borders += _stroke_contour(contour, pen, closed=is_closed, counted=counted)
    return rounded(borders)


def polygons(outline: Outline, radius: int, clock: Clock = untimed) -> list[Ring]:
    """The contours, taken as closed, in pieces so short that all corners of a curve are slight to a line of
    this radius (in 2^-16 pixel), whatever its joins. Raises as `stroke`."""
    counted = _Counter(clock)
    edges = (_edges(contour, radius, closed=True, counted=counted) for contour in outline.contours())
    return [[edge.start for edge in ring] for ring in edges if ring]


def stroke_rings(
    rings: Sequence[Ring], radius: int, join: Join, miter_limit: Fraction, clock: Clock, *, outside: bool
) -> list[Ring]:
    """The borders of a line along closed polygons, all turning the same way: to be filled non-zero.

    Args:
        rings: polygons without two equal points in a row.
        radius: half the line's width, in 2^-16 pixel, above 0.
        join: as of `stroke`.
        miter_limit: a miter whose tip is further from the corner than this many radii becomes a bevel.
        clock: as of `stroke`.
        outside: only the borders to the left (y downwards), which are those of the polygons grown by the
            line where what they enclose lies to their right.

    Raises:
        SourceError: it takes more than two million points.
    """
    pen = _Pen(radius, "butt", join, miter_limit)
    counted = _Counter(clock)
    borders: list[Ring] = []
    for ring in rings:
        pairs = itertools.pairwise([*ring, ring[0]])
        edges = [_Edge(a, b, resized((b[1] - a[1], a[0] - b[0]), radius), False) for a, b in pairs]
        if outside:
            borders.append(_side(edges, pen, closed=True, forward=True, counted=counted))
        else:
            borders += _bordered(edges, pen, closed=True, counted=counted)
    return borders


def rounded(rings: Sequence[Ring]) -> Outline:
    """Polygons as an outline in 26.6."""
    if not rings:
        return Outline.empty()
    half = 1 << (EXTRA_BITS - 1)
    points = [((x + half) >> EXTRA_BITS, (y + half) >> EXTRA_BITS) for ring in rings for x, y in ring]
    return Outline(
        np.array(points, np.int64),
        np.ones(len(points), np.uint8),
        np.cumsum([len(ring) for ring in rings], dtype=np.int64) - 1,
    )


def _stroke_contour(contour: Outline, pen: _Pen, *, closed: bool, counted: _Counter) -> list[Ring]:
    edges = _edges(contour, pen.radius, closed=closed, counted=counted)
    if not edges:
        x, y = contour.points[0].tolist()
        return _dot_at((x << EXTRA_BITS, y << EXTRA_BITS), pen.radius, pen.cap)
    return _bordered(edges, pen, closed=closed, counted=counted)


def _bordered(edges: list[_Edge], pen: _Pen, *, closed: bool, counted: _Counter) -> list[Ring]:
    """What goes round a line along edges."""
    # Whether a corner is smooth is written at the edge after it: in reverse that is its neighbour.
    following = [*edges[1:], edges[0]]
    back = [edge.reverse(smooth=after.smooth) for edge, after in zip(edges, following, strict=True)][::-1]
    left = _side(edges, pen, closed=closed, forward=True, counted=counted)
    right = _side(back, pen, closed=closed, forward=False, counted=counted)
    if closed:
        return [left, right]
    return [left + _cap(edges[-1], pen.radius, pen.cap) + right + _cap(back[-1], pen.radius, pen.cap)]


def _edges(contour: Outline, radius: int, *, closed: bool, counted: _Counter) -> list[_Edge]:
    """The contour in straight pieces, none of length 0."""
    edges: list[_Edge] = []
    smooth = False
    for segment in segments(contour, closed=closed):
        fine = tuple((x << EXTRA_BITS, y << EXTRA_BITS) for x, y in segment)
        here = fine[0]
        for point in _flattened(fine, radius):
            counted.add(1)
            if point != here:
                offset = resized((point[1] - here[1], here[0] - point[0]), radius)
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
    start, chord = segment[0], minus(segment[-1], segment[0])
    legs = [minus(b, a) for a, b in itertools.pairwise(segment) if a != b]
    if all(abs(value) <= _SPECK for leg in legs for value in leg):
        return True
    near = _TOLERANCE**2 * dot(chord, chord)
    return all(_is_slight(a, b, radius) for a, b in itertools.pairwise(legs)) and all(
        cross(chord, minus(point, start)) ** 2 <= near for point in segment[1:-1]
    )


def _is_slight(a: Point, b: Point, radius: int) -> bool:
    """Whether an arc of this radius over the angle between a and b is within tolerance of its chord.

    The height of an arc is r * angle^2 / 8, and the tangent is no less than the angle.
    """
    along = dot(a, b)
    return along > 0 and cross(a, b) ** 2 * radius <= 8 * _TOLERANCE * along * along


def _side(edges: list[_Edge], pen: _Pen, *, closed: bool, forward: bool, counted: _Counter) -> Ring:
    """The left border of the line along the edges."""
    corners = itertools.pairwise([*edges, edges[0]] if closed else edges)
    border: list[Point] = []
    for a, b in corners:
        around = _corner(a, b, pen, forward=forward)
        counted.add(len(around))
        border += around
    if closed:
        return border
    first, last = edges[0], edges[-1]
    return [plus(first.start, first.offset), *border, plus(last.end, last.offset)]


def _corner(a: _Edge, b: _Edge, pen: _Pen, *, forward: bool) -> list[Point]:
    """The left border where edge b follows edge a."""
    u, v, place = a.offset, b.offset, a.end
    turn = cross(u, v)
    # Straight on and straight back look alike from both sides: the forward side draws what is there.
    if turn > 0 or (turn == 0 and forward):
        return [plus(place, offset) for offset in _outer(u, v, pen, "round" if b.smooth else pen.join)]
    squared = pen.radius * pen.radius
    reach = min(a.squared_length, b.squared_length) * (squared + dot(u, v))
    # The borders meet at radius * tan(angle / 2) before the corner: use that if half the edge is longer.
    if 4 * squared * (squared - dot(u, v)) <= reach:
        return [plus(place, _miter(u, v, pen.radius))]
    return [plus(place, u), place, plus(place, v)]


def _outer(u: Point, v: Point, pen: _Pen, join: Join) -> list[Point]:
    """The outside of a corner, relative to it, from offset u clockwise to offset v."""
    squared = pen.radius * pen.radius
    if join == "round":
        return [u, *_arc(u, v, pen.radius)]
    # The tip is radius / cos(angle / 2) away, and cos^2(angle / 2) = (1 + cos(angle)) / 2.
    most, unit = pen.miter_limit.as_integer_ratio()
    if join == "miter" and 2 * squared * unit**2 <= most**2 * (squared + dot(u, v)):
        return [_miter(u, v, pen.radius)]
    return [u, v]


def _miter(u: Point, v: Point, radius: int) -> Point:
    """Where the borders at offsets u and v meet: (u + v) * r^2 / (r^2 + u.v)."""
    squared = radius * radius
    divisor = squared + dot(u, v)
    x, y = plus(u, v)
    return (2 * x * squared + divisor) // (2 * divisor), (2 * y * squared + divisor) // (2 * divisor)


def _arc(u: Point, v: Point, radius: int) -> list[Point]:
    """Points on the arc from u (not included) clockwise to v, over at most half a turn."""
    if _is_slight(u, v, radius):
        return [v]
    # Both are the direction halfway; the sum vanishes near half a turn, the difference near none.
    middle = plus(u, v) if dot(u, v) > 0 else (v[1] - u[1], u[0] - v[0])
    middle = resized(middle, radius)
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
            around = [plus(u, ahead), plus(v, ahead)]
    return [plus(edge.end, offset) for offset in around]


def _dot_at(place: Point, radius: int, cap: Cap) -> list[list[Point]]:
    if cap == "butt":
        return []
    edge = _Edge(place, place, (0, -radius), smooth=False)
    back = edge.reverse(smooth=False)
    sides = [plus(place, edge.offset), *_cap(edge, radius, cap), plus(place, back.offset)]
    return [sides + _cap(back, radius, cap)]
