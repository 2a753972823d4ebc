"""The outline, and how it is brought within the limits of FreeType's rasteriser.

FreeType counts points and contours in signed 16 bits and refuses coordinates beyond 2^24 (26.6). What is
done here changes no winding number inside of the region that is drawn:

- a contour that does not meet the region is left out: closed, it winds around none of its pixels;
- a far curve is halved until each piece is near or lies wholly to one side of the region; such a piece
  becomes a line there;
- a contour of very many points is cut into pieces closed by chords, and the polygon of those chords.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.geometry import Rect

__all__ = [
    "MAX_POINTS",
    "Outline",
    "Point",
    "Segment",
    "halves",
    "meeting",
    "segments",
    "tight_bounds",
    "within_limits",
]

MAX_POINTS = 32767
_NEAR = 1 << 23  # 26.6: 131072 pixels, half of what FreeType takes
_PIECE = 4096  # segments
_ON, _CONIC, _CUBIC = 1, 0, 2

Point = tuple[int, int]
Segment = tuple[Point, ...]  # 2, 3 or 4 points: a line, a conic or a cubic


@dataclass(frozen=True, eq=False)
class Outline:
    """Closed or open contours of lines and Bezier curves, each beginning on the curve.

    Attributes:
        points: int64, shape (n, 2): x, y in 1/64 pixel, y downwards.
        tags: uint8, shape (n,): 1 on the curve, 0 the control point of a conic, 2 of a cubic.
        ends: int64, the index of each contour's last point, ascending.
    """

    points: NDArray[np.int64]
    tags: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def empty(cls) -> Outline:
        """An outline of no contours."""
        return cls(np.zeros((0, 2), np.int64), np.zeros(0, np.uint8), np.zeros(0, np.int64))

    def translate(self, dx: int, dy: int) -> Outline:
        """Moved by (dx, dy) in 1/64 pixel."""
        return Outline(self.points + np.array((dx, dy), np.int64), self.tags, self.ends)

    def bounds(self) -> Rect:
        """The whole pixels around all points, control points included; empty for an empty outline."""
        if not len(self.points):
            return Rect(0, 0, 0, 0)
        left, top = (int(value) >> 6 for value in self.points.min(axis=0))
        right, bottom = (-(-int(value) >> 6) for value in self.points.max(axis=0))
        return Rect(left, top, right, bottom)

    def contours(self) -> Iterator[Outline]:
        """Each contour as an outline of its own."""
        start = 0
        for end in self.ends.tolist():
            part = slice(start, end + 1)
            yield Outline(self.points[part], self.tags[part], np.array([end - start], np.int64))
            start = end + 1

    def starts(self) -> NDArray[np.int64]:
        """The index of each contour's first point."""
        return np.concatenate([np.zeros(1, np.int64), self.ends[:-1] + 1])[: len(self.ends)]


def meeting(outline: Outline, width: int, height: int) -> Outline:
    """The contours whose control boxes meet the pixels 0..width-1, 0..height-1."""
    if not len(outline.points):
        return outline
    starts = outline.starts()
    low = np.minimum.reduceat(outline.points, starts, axis=0)
    high = np.maximum.reduceat(outline.points, starts, axis=0)
    keep = ((low < (64 * width, 64 * height)) & (high > 0)).all(axis=1)
    if keep.all():
        return outline
    lengths = outline.ends - starts + 1
    chosen = np.repeat(keep, lengths)
    return Outline(outline.points[chosen], outline.tags[chosen], np.cumsum(lengths[keep]) - 1)


def tight_bounds(outline: Outline) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the lines and curves themselves, in 1/64 pixel.

    A curve is halved where its control points stick out of what is known to be inside.
    """
    on = outline.points[outline.tags & 3 == _ON]
    (left, top), (right, bottom) = on.min(axis=0).tolist(), on.max(axis=0).tolist()
    pending = [piece for contour in outline.contours() for piece in segments(contour, closed=True)]
    while pending:
        piece = pending.pop()
        if any(not (left <= x <= right and top <= y <= bottom) for x, y in piece):
            first, second = halves(piece)
            x, y = second[0]
            left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
            pending += [first, second]
    return left, top, right, bottom


def within_limits(outline: Outline, width: int, height: int) -> Outline:
    """The same coverage of the pixels 0..width-1, 0..height-1 in points FreeType accepts.

    Contours may still be too many for one call: the caller draws tile by tile.
    """
    outline = meeting(outline, width, height)
    far = len(outline.points) and int(np.abs(outline.points).max()) > _NEAR
    long = len(outline.points) and int(np.diff(outline.ends, prepend=-1).max()) > _PIECE
    if not far and not long:
        return outline
    size = 64 * width, 64 * height
    contours: list[list[Segment]] = []
    for contour in outline.contours():
        pieces = list(segments(contour, closed=True))
        if far:
            pieces = [near for piece in pieces for near in _nearer(piece, size)]
        contours += _cut(pieces)
    return _joined(contours)


def segments(contour: Outline, *, closed: bool) -> Iterator[Segment]:
    """The lines and curves of one contour, with the points implied between two conic controls.

    If closed, the last one leads back to the start. A contour begins on the curve.
    """
    points: list[Point] = [(x, y) for x, y in contour.points.tolist()]
    tags = contour.tags.tolist()
    if closed:
        points, tags = [*points, points[0]], [*tags, _ON]
    segment = [points[0]]
    for point, tag in zip(points[1:], tags[1:], strict=True):
        if tag == _CONIC and len(segment) == 2:
            middle = _middle(segment[1], point)
            yield (*segment, middle)
            segment = [middle]
        segment.append(point)
        if tag == _ON:
            yield tuple(segment)
            segment = [point]


def _nearer(segment: Segment, size: Point) -> Iterator[Segment]:
    """The segment in pieces that are near, or lines beyond one side of 0..size that stand for far ones."""
    if all(-_NEAR <= value <= _NEAR for point in segment for value in point):
        yield segment
    elif any(
        all(point[axis] <= 0 for point in segment) or all(point[axis] >= size[axis] for point in segment)
        for axis in (0, 1)
    ):
        yield _clamped(segment[0]), _clamped(segment[-1])
    else:
        for half in halves(segment):
            yield from _nearer(half, size)


def _clamped(point: Point) -> Point:
    return min(max(point[0], -_NEAR), _NEAR), min(max(point[1], -_NEAR), _NEAR)


def halves(segment: Segment) -> tuple[Segment, Segment]:
    """De Casteljau's division of a line or curve at its middle, rounded to 1/64 pixel."""
    left, right, row = [segment[0]], [segment[-1]], segment
    while len(row) > 1:
        row = tuple(_middle(a, b) for a, b in itertools.pairwise(row))
        left.append(row[0])
        right.append(row[-1])
    return tuple(left), tuple(reversed(right))


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) >> 1, (a[1] + b[1]) >> 1


def _cut(contour: list[Segment]) -> list[list[Segment]]:
    """The contour in pieces of bounded length, and the polygon of their chords.

    Winding numbers add up: each chord is run once in either direction.
    """
    if len(contour) <= _PIECE:
        return [contour]
    pieces = [contour[start : start + _PIECE] for start in range(0, len(contour), _PIECE)]
    return [*pieces, *_cut([(piece[0][0], piece[-1][-1]) for piece in pieces])]


def _joined(contours: list[list[Segment]]) -> Outline:
    points: list[Point] = []
    tags: list[int] = []
    ends: list[int] = []
    for contour in contours:
        points.append(contour[0][0])
        tags.append(_ON)
        for segment in contour:
            points += segment[1:]
            tags += [_CONIC if len(segment) == 3 else _CUBIC] * (len(segment) - 2) + [_ON]
        ends.append(len(points) - 1)
    return Outline(np.array(points, np.int64), np.array(tags, np.uint8), np.array(ends, np.int64))
