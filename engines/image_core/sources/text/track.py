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

__all__ = ["FINER", "Frame", "Track", "track_of"]

_GRID = 1 << 16  # units in a pixel
FINER = 32  # bits below a pixel that lengths have
_GRID_TO_FINER = FINER - 16
_TOLERANCE = _GRID // 256
_UNIT_BITS = 48  # of directions, as of the sines of transforms
_UNIT = 1 << _UNIT_BITS
_MAX_PIECES = 200_000  # some seconds of work


class _Piece(NamedTuple):
    """A straight piece, and the directions of the path at its two ends, of any length."""

    start: Point
    end: Point
    leaving: Point
    arriving: Point

    def reversed(self) -> _Piece:
        (x, y), (u, v) = self.leaving, self.arriving
        return _Piece(self.end, self.start, (-u, -v), (-x, -y))


class Frame(NamedTuple):
    """Where a path is at a distance and which way it goes: place and distance in 2^-32 pixel, the cosine and
    sine of its direction in 2^-48."""

    at: int
    x: int
    y: int
    cosine: int
    sine: int

    def beside(self, down: int) -> Point:
        """The place so far to the right of the path, in 2^-32 pixel."""
        return self.x - (self.sine * down >> _UNIT_BITS), self.y + (self.cosine * down >> _UNIT_BITS)


class Track:
    """A path, measured.

    Attributes:
        closed: Whether its end is its start.
        length: In pixels; each piece's is exact to 2^-32 pixel.
    """

    def __init__(self, pieces: list[_Piece], *, closed: bool) -> None:
        self._pieces = pieces
        self._lengths = [
            math.isqrt(dot(step, step) << FINER) for step in (minus(p.end, p.start) for p in pieces)
        ]
        self._ends = list(itertools.accumulate(self._lengths))  # in 2^-32 pixel
        self.closed = closed
        self.length = Fraction(self._ends[-1], 1 << FINER)

    @cached_property
    def box(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Left, top, right and bottom of the path, in pixels."""
        xs, ys = zip(self._pieces[0].start, *(piece.end for piece in self._pieces), strict=True)
        left, top, right, bottom = (Fraction(side, _GRID) for side in (min(xs), min(ys), max(xs), max(ys)))
        return left, top, right, bottom

    def turned(self, distance: Fraction) -> Affine:
        """What lays a straight line along the x axis on the path, rigid, so that its place at this distance
        lies on the path's and goes where the path does. An open path goes on straight beyond its ends."""
        number, into = self._place(distance * (1 << FINER))
        piece, along = self._pieces[number], into / self._lengths[number]
        cosine, sine = (Fraction(part, _UNIT) for part in self._direction(number, math.floor(into)))
        x, y = ((a + (b - a) * along) / _GRID for a, b in zip(piece.start, piece.end, strict=True))
        return Affine(cosine, -sine, sine, cosine, x - cosine * distance, y - sine * distance)

    def frame(self, at: int) -> Frame:
        """The same in whole numbers, at a distance in 2^-32 pixel."""
        number, into = self._place(Fraction(at))
        piece, length, whole = self._pieces[number], self._lengths[number], int(into)
        x, y = (
            ((a * length + (b - a) * whole) << _GRID_TO_FINER) // length
            for a, b in zip(piece.start, piece.end, strict=True)
        )
        return Frame(at, x, y, *self._direction(number, whole))

    def frames(self, start: int, end: int, apart: int) -> Iterator[Frame]:
        """The frames at two distances and, between them, where pieces of the path meet, two of them at a
        corner; what is not so far apart is passed over."""
        yield self.frame(start)
        latest = start
        for lap, number in self._meetings(start, end):
            at = lap * self._ends[-1] + self._ends[number]
            if at - latest >= apart:
                latest = at
                x, y = (part << _GRID_TO_FINER for part in self._pieces[number].end)
                after = number + 1 if number + 1 < len(self._pieces) else 0
                arriving = resized(self._pieces[number].arriving, _UNIT)
                leaving = resized(self._pieces[after].leaving, _UNIT)
                yield Frame(at, x, y, *arriving)
                if leaving != arriving:
                    yield Frame(at, x, y, *leaving)
        yield self.frame(end)

    def _meetings(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The laps and numbers of pieces that end between two distances and that others follow."""
        total = self._ends[-1]
        for lap in range(start // total, end // total + 1) if self.closed else (0,):
            number = bisect.bisect_right(self._ends, start - lap * total)
            while number < len(self._ends) - (not self.closed) and self._ends[number] < end - lap * total:
                yield lap, number
                number += 1

    def _place(self, units: Fraction) -> tuple[int, Fraction]:
        """The piece at a distance, and how far from its start that is, both in 2^-32 pixel: from 0 to its
        length, but beyond an open path's ends."""
        if self.closed:
            units %= self._ends[-1]
        number = min(bisect.bisect_right(self._ends, math.floor(units)), len(self._ends) - 1)
        return number, units - (self._ends[number - 1] if number else 0)

    def _direction(self, number: int, into: int) -> Point:
        """The unit vector of the path's direction, in 2^-48."""
        piece, length = self._pieces[number], self._lengths[number]
        leaving = resized(piece.leaving, _UNIT)
        if piece.leaving == piece.arriving or into <= 0:
            return leaving
        (x, y), (u, v), into = leaving, resized(piece.arriving, _UNIT), min(into, length)
        mixed = x * (length - into) + u * into, y * (length - into) + v * into
        return resized(mixed if any(mixed) else minus(piece.end, piece.start), _UNIT)


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
    builder = OutlineBuilder(IDENTITY.after_scaling(Fraction(_GRID, 64)), _Counter(label).add)
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
    """Counts the points or the pieces of a path."""

    def __init__(self, label: str) -> None:
        self._label, self._count = label, 0

    def add(self, pieces: int = 1) -> None:
        """Count some more; a CompositionError where there are too many."""
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
