"""Paths that text runs along: places and directions by the distance from the start, without floating point.

    path -> cubics and lines in 2^-16 pixel -> short straight pieces -> lengths summed up

Curves are cut into chords that are no farther than 1/256 pixel from them. The directions at both ends of a
chord are the curve's own, and between them they are interpolated: letters on a curve turn evenly, however
large they are, and at a corner the direction leaps.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from engines.image_core.composition.text_paths import AnyTextPath, TextArc
from engines.image_core.errors import CompositionError
from engines.image_core.numbers.geometry import IDENTITY, Affine, sine_cosine
from engines.image_core.sources.vector.outline import OutlineBuilder
from engines.image_core.sources.vector.outline_limits import Point, Segment, segments
from engines.image_core.sources.vector.svg_path import draw_path
from engines.image_core.sources.vector.vectors import dot, minus, resized

__all__ = ["Track", "track_of"]

_GRID = 1 << 16  # units in a pixel
_FINER = 32  # bits below a pixel that lengths have
_TOLERANCE = _GRID // 256
_UNIT = 1 << 48  # of directions, as of the sines of transforms
_MAX_PIECES = 200_000  # a second of work


class _Piece(NamedTuple):
    """A straight piece, and the directions of the path at its two ends, of any length."""

    start: Point
    end: Point
    leaving: Point
    arriving: Point

    def reversed(self) -> _Piece:
        (x, y), (u, v) = self.leaving, self.arriving
        return _Piece(self.end, self.start, (-u, -v), (-x, -y))


class Track:
    """A path, measured.

    Attributes:
        closed: Whether its end is its start.
        length: In pixels; each piece's is exact to 2^-32 pixel.
    """

    def __init__(self, pieces: list[_Piece], *, closed: bool) -> None:
        self._pieces = pieces
        lengths = (math.isqrt(dot(step, step) << _FINER) for step in (minus(p.end, p.start) for p in pieces))
        self._ends = list(itertools.accumulate(lengths))  # in 2^-32 pixel
        self.closed = closed
        self.length = Fraction(self._ends[-1], 1 << _FINER)

    @cached_property
    def box(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Left, top, right and bottom of the path, in pixels."""
        xs, ys = zip(self._pieces[0].start, *(piece.end for piece in self._pieces), strict=True)
        left, top, right, bottom = (Fraction(side, _GRID) for side in (min(xs), min(ys), max(xs), max(ys)))
        return left, top, right, bottom

    def turned(self, distance: Fraction) -> Affine:
        """What lays a straight line along the x axis on the path, rigid, so that its place at this distance
        lies on the path's and goes where the path does. An open path goes on straight beyond its ends."""
        number, along = self._place(distance)
        return self._affine(distance, number, along, self._direction(number, along))

    def bends(self, start: Fraction, end: Fraction, apart: Fraction) -> Iterator[tuple[Fraction, Affine]]:
        """Distances with what is `turned` there: the two and, between them, those where pieces of the path
        meet, twice at a corner; what is not so far apart is passed over."""
        yield start, self.turned(start)
        latest = start
        for lap, number in self._meetings(start, end):
            at = lap * self.length + Fraction(self._ends[number], 1 << _FINER)
            after = number + 1 if number + 1 < len(self._pieces) else 0
            if at - latest < apart or at >= end:
                continue
            latest = at
            arriving, leaving = self._pieces[number].arriving, self._pieces[after].leaving
            yield at, self._affine(at, number, Fraction(1), arriving)
            if resized(arriving, _UNIT) != resized(leaving, _UNIT):
                yield at, self._affine(at, number, Fraction(1), leaving)
        yield end, self.turned(end)

    def _meetings(self, start: Fraction, end: Fraction) -> Iterator[tuple[int, int]]:
        """The laps and the pieces whose ends lie after one distance and about before another."""
        first, last = math.floor(start / self.length), math.floor(end / self.length)
        for lap in range(first, last + 1) if self.closed else (0,):
            low, high = (int((distance - lap * self.length) * (1 << _FINER)) for distance in (start, end))
            stop = len(self._ends) - (not self.closed)
            number = bisect.bisect_right(self._ends, max(low, 0))
            while number < stop and self._ends[number] < high:
                yield lap, number
                number += 1

    def _place(self, distance: Fraction) -> tuple[int, Fraction]:
        """The piece at a distance, and how far along it that is: 0 ... 1, but beyond an open path's ends."""
        if self.closed:
            distance %= self.length
        units = distance * (1 << _FINER)
        number = min(bisect.bisect_right(self._ends, math.floor(units)), len(self._ends) - 1)
        before = self._ends[number - 1] if number else 0
        return number, (units - before) / (self._ends[number] - before)

    def _direction(self, number: int, along: Fraction) -> Point:
        piece = self._pieces[number]
        along = min(max(along, Fraction(0)), Fraction(1))
        if piece.leaving == piece.arriving:
            return piece.leaving
        (x, y), (u, v) = resized(piece.leaving, _UNIT), resized(piece.arriving, _UNIT)
        mixed = round(x + (u - x) * along), round(y + (v - y) * along)
        return mixed if any(mixed) else minus(piece.end, piece.start)

    def _affine(self, distance: Fraction, number: int, along: Fraction, direction: Point) -> Affine:
        piece = self._pieces[number]
        cosine, sine = (Fraction(part, _UNIT) for part in resized(direction, _UNIT))
        x, y = (
            (start + (end - start) * along) / _GRID for start, end in zip(piece.start, piece.end, strict=True)
        )
        return Affine(cosine, -sine, sine, cosine, x - cosine * distance, y - sine * distance)


def track_of(path: AnyTextPath, label: str) -> Track:
    """A path, measured.

    Args:
        path: As it is written.
        label: The layer, for messages.

    Raises:
        CompositionError: it has no length, more than one part, or more pieces than text runs along.
        SourceError: its data are not SVG path syntax.
    """
    counted = _Counter(label)
    builder = OutlineBuilder(IDENTITY.after_scaling(Fraction(_GRID, 64)), counted.one)
    if isinstance(path, TextArc):
        _draw_arc(path, builder)
    else:
        draw_path(path.d, builder, f"{label}, path.d")
    outline, closed = builder.outline(), builder.closed
    if len(closed) > 1:
        raise CompositionError(f"{label}, path.d: the path has {len(closed)} parts: text runs along one")
    contour = segments(outline, closed=closed[0]) if closed else iter(())
    pieces = [piece for segment in contour for piece in _pieces(segment, counted)]
    if not pieces:
        raise CompositionError(f"{label}, path: it has no length that text could run along")
    if path.side == "right":
        pieces = [piece.reversed() for piece in reversed(pieces)]
    return Track(pieces, closed=closed[0])


class _Counter:
    """Counts the pieces of a path."""

    def __init__(self, label: str) -> None:
        self._label, self._count = label, 0

    def one(self) -> None:
        """Count one."""
        self.add(1)

    def add(self, pieces: int) -> None:
        """Count some; a CompositionError where there are too many."""
        self._count += pieces
        if self._count > _MAX_PIECES:
            raise CompositionError(
                f"{self._label}, path: it is too long: allowed are {_MAX_PIECES:,} straight pieces"
            )


def _draw_arc(arc: TextArc, builder: OutlineBuilder) -> None:
    """An arc in cubics of an eighth of a turn at most, whose controls lie 4/3 tan(a / 4) of the radius along
    the tangents: off by no more than 4e-6 of the radius."""
    sweep, count = Fraction(arc.sweep), math.ceil(abs(Fraction(arc.sweep)) / 45)
    sine, cosine = sine_cosine(float(sweep / count / 4))
    reach = Fraction(4, 3) * sine / cosine
    directions = []
    for number in range(count + 1):
        sine, cosine = sine_cosine(float((Fraction(arc.start_angle) + sweep * number / count) % 360))
        directions.append((cosine, sine))
    (x, y), radius = map(Fraction, arc.center), Fraction(arc.radius)
    builder.move_to(x + radius * directions[0][0], y + radius * directions[0][1])
    for (a, b), (c, d) in itertools.pairwise(directions):
        places = (a - reach * b, b + reach * a), (c + reach * d, d - reach * c), (c, d)
        builder.cubic_to(*(part for u, v in places for part in (x + radius * u, y + radius * v)))
    if abs(sweep) == 360:
        builder.close()


def _pieces(segment: Segment, counted: _Counter) -> Iterator[_Piece]:
    """A line or curve in pieces that have a length."""
    cuts = _cuts(segment)
    counted.add(cuts)
    directions = _differences(segment)
    start, leaving = segment[0], _at(directions, 0, cuts)
    for number in range(1, cuts + 1):
        end, arriving = _at(segment, number, cuts), _at(directions, number, cuts)
        if end != start:
            chord = minus(end, start)
            yield _Piece(start, end, leaving if any(leaving) else chord, arriving if any(arriving) else chord)
        start, leaving = end, arriving


def _cuts(segment: Segment) -> int:
    """How many chords are near enough: one over 1/n of the parameter is off by at most |B''| / 8 / n^2, where
    B'' is degree * (degree - 1) times the controls' second differences."""
    degree = len(segment) - 1
    bends = _differences(_differences(segment))
    bend = max((abs(x) + abs(y) for x, y in bends), default=0)
    return math.isqrt(degree * (degree - 1) * bend // (8 * _TOLERANCE)) + 1


def _differences(points: Segment) -> Segment:
    return tuple(minus(after, before) for before, after in itertools.pairwise(points))


def _at(controls: Segment, number: int, cuts: int) -> Point:
    """A point of a Bezier curve at number / cuts of its parameter, rounded half up: Bernstein's sum."""
    degree = len(controls) - 1
    divisor = cuts**degree
    weights = [
        math.comb(degree, power) * number**power * (cuts - number) ** (degree - power)
        for power in range(degree + 1)
    ]
    x, y = (sum(map(int.__mul__, weights, axis)) for axis in zip(*controls, strict=True))
    return (2 * x + divisor) // (2 * divisor), (2 * y + divisor) // (2 * divisor)
