"""The outline, and how it is brought within the limits of FreeType's rasteriser.

FreeType counts points and contours in signed 16 bits and refuses coordinates beyond 2^24 (26.6). What is
done here changes no winding number inside of the region that is drawn:

- a contour that does not meet the region is left out: closed, it winds around none of its pixels;
- a far curve is halved until each piece is near or lies wholly to one side of the region; such a piece
  becomes a line there;
- of a polygon's run beyond one side of a tile, only the ends are kept;
- a polygon of very many points is cut into pieces closed by chords, and the polygon of those chords.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Rect

__all__ = [
    "CONIC",
    "CUBIC",
    "MAX_POINTS",
    "ON",
    "Outline",
    "Point",
    "Segment",
    "cut",
    "halves",
    "meeting",
    "nearer",
    "segments",
    "tight_bounds",
    "without_detours",
]

MAX_POINTS = 32767
_NEAR = 1 << 22  # 26.6: 65536 pixels, a quarter of what FreeType takes
_PIECE = 4096  # points
ON, CONIC, CUBIC = 1, 0, 2  # tags

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

    def neighbours(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each point the index of the one before and of the one after it on its contour, going round."""
        index = np.arange(len(self.points), dtype=np.int64)
        before, after = index - 1, index + 1
        before[self.starts()], after[self.ends] = self.ends, self.starts()
        return before, after


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
    on = outline.points[outline.tags & 3 == ON]
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


def without_detours(polygons: Outline, width: int, height: int) -> Outline:
    """The same coverage of the pixels 0..width-1, 0..height-1 by fewer points.

    Where a polygon stays beyond one side of the pixels for a while, only the ends of that run are kept.
    """
    for axis, limit, sign in ((0, 0, 1), (0, -64 * width, -1), (1, 0, 1), (1, -64 * height, -1)):
        if not len(polygons.points):
            break
        beyond = sign * polygons.points[:, axis] <= limit
        before, after = polygons.neighbours()
        keep = ~(beyond & beyond[before] & beyond[after])
        polygons = meeting(_chosen(polygons, keep), width, height)
    return polygons


def _chosen(polygons: Outline, keep: NDArray[np.bool_]) -> Outline:
    """Some of the points; each contour has at least one of them."""
    return Outline(polygons.points[keep], polygons.tags[keep], np.cumsum(keep)[polygons.ends] - 1)


def nearer(outline: Outline, width: int, height: int) -> Outline:
    """The same coverage of the pixels 0..width-1, 0..height-1, with no point farther out than 2^22."""
    if not len(outline.points) or int(np.abs(outline.points).max()) <= _NEAR:
        return outline
    size = 64 * width, 64 * height
    return _joined(
        [near for piece in segments(contour, closed=True) for near in _nearer(piece, size)]
        for contour in outline.contours()
    )


def cut(polygons: Outline) -> Outline:
    """The same winding numbers from polygons of at most a few thousand points each."""
    if not len(polygons.points) or int(np.diff(polygons.ends, prepend=-1).max()) <= _PIECE:
        return polygons
    parts = [part for contour in polygons.contours() for part in _cut(contour.points)]
    points = np.concatenate(parts)
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64) - 1
    return Outline(points, np.full(len(points), ON, np.uint8), ends)


def _cut(points: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """A polygon in pieces, and the polygon of their chords, each of which is run once in either direction."""
    if len(points) <= _PIECE:
        return [points]
    pieces = [points[start : start + _PIECE + 1] for start in range(0, len(points), _PIECE)]
    return [*pieces, *_cut(np.concatenate([points[::_PIECE], points[-1:]]))]


def segments(contour: Outline, *, closed: bool) -> Iterator[Segment]:
    """The lines and curves of one contour, with the points implied between two conic controls.

    If closed, the last one leads back to the start. A contour begins on the curve.
    """
    points: list[Point] = [(x, y) for x, y in contour.points.tolist()]
    tags = contour.tags.tolist()
    if closed:
        points, tags = [*points, points[0]], [*tags, ON]
    segment = [points[0]]
    for point, tag in zip(points[1:], tags[1:], strict=True):
        if tag == CONIC and len(segment) == 2:
            middle = _middle(segment[1], point)
            yield (*segment, middle)
            segment = [middle]
        segment.append(point)
        if tag == ON:
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


def _joined(contours: Iterable[list[Segment]]) -> Outline:
    points: list[Point] = []
    tags: list[int] = []
    ends: list[int] = []
    for contour in contours:
        points.append(contour[0][0])
        tags.append(ON)
        for segment in contour:
            points += segment[1:]
            tags += [CONIC if len(segment) == 3 else CUBIC] * (len(segment) - 2) + [ON]
        ends.append(len(points) - 1)
    return Outline(np.array(points, np.int64), np.array(tags, np.uint8), np.array(ends, np.int64))
