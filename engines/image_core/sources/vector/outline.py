"""Outlines in 26.6 fixed point, filled by FreeType's integer rasteriser.

    OutlineBuilder (exact rationals) -> Outline (26.6) -> fill_coverage -> 8-bit coverage

FreeType is given lines only, which are near and not too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.runtime.limits import Clock, untimed
from engines.image_core.sources.vector.flattening import flatten
from engines.image_core.sources.vector.freetype_fill import FREETYPE_VERSION, Polygons
from engines.image_core.sources.vector.outline_limits import (
    CONIC,
    CUBIC,
    MAX_POINTS,
    ON,
    Outline,
    cut,
    meeting,
    nearer,
    without_detours,
)
from engines.image_core.sources.vector.scattered import SIDE, Tiles, scattered

__all__ = [
    "FREETYPE_VERSION",
    "FillWork",
    "Outline",
    "OutlineBuilder",
    "concat",
    "fill_coverage",
    "transform",
]

Number = Fraction | int

# An eighth of a unit circle as a cubic, off by no more than 4e-6: its control distance 4/3 * tan(pi / 16),
# and the cosine of 45 degrees.
_KAPPA = Fraction(265216489840, 10**12)
_DIAGONAL = Fraction(707106781187, 10**12)
_ROWS, _CELLS = 64, 600  # of a band of FreeType's, at most about
_MAX_WORK = 30_000_000_000  # pixels: a minute or two


def concat(outlines: Iterable[Outline]) -> Outline:
    """All contours of several outlines as one outline."""
    parts = [outline for outline in outlines if len(outline.points)]
    if not parts:
        return Outline.empty()
    offsets = np.cumsum([0] + [len(part.points) for part in parts[:-1]])
    return Outline(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.tags for part in parts]),
        np.concatenate([part.ends + offset for part, offset in zip(parts, offsets, strict=True)]),
    )


def transform(outline: Outline, affine: Affine) -> Outline:
    """The outline's image, each coordinate rounded half up to 1/64 pixel from its exact value."""
    place = _placer(affine, unit=64)
    points = [place(x, y) for x, y in outline.points.tolist()]
    return Outline(np.array(points, np.int64).reshape(-1, 2), outline.tags, outline.ends)


def _placer(affine: Affine, unit: int) -> Callable[[Number, Number], tuple[int, int]]:
    """What maps coordinates, in fractions 1/unit, to 26.6: exact in integers, then rounded once, half up."""
    entries = affine.xx, affine.xy, affine.x0 * unit, affine.yx, affine.yy, affine.y0 * unit
    denominator = lcm(*(entry.denominator for entry in entries))
    xx, xy, x0, yx, yy, y0 = (int(entry * 128 * denominator) for entry in entries)

    def place(x: Number, y: Number) -> tuple[int, int]:
        a, b, c = x.numerator * y.denominator, y.numerator * x.denominator, x.denominator * y.denominator
        half = unit * denominator * c
        return (xx * a + xy * b + x0 * c + half) // (2 * half), (yx * a + yy * b + y0 * c + half) // (
            2 * half
        )

    return place


class OutlineBuilder:
    """Collects contours drawn in any coordinates and maps them to pixels.

    Each coordinate (an int or a Fraction) goes through the affine exactly and is then rounded once, half
    up, to 1/64 pixel. The clock is called at each point; what it raises ends the drawing.
    """

    def __init__(self, affine: Affine, clock: Clock = untimed) -> None:
        self._place = _placer(affine, unit=1)
        self._clock = clock
        self._points: list[tuple[int, int]] = []
        self._tags: list[int] = []
        self._ends: list[int] = []
        self._closed: list[bool] = []

    def move_to(self, x: Number, y: Number) -> None:
        """Begin a contour at (x, y); the one before, if not closed, stays open (it matters to strokes)."""
        self._end(closed=False)
        self._add(ON, x, y)

    def line_to(self, x: Number, y: Number) -> None:
        """A straight line to (x, y)."""
        self._add(ON, x, y)

    def conic_to(self, cx: Number, cy: Number, x: Number, y: Number) -> None:
        """A quadratic Bezier curve with one control point, to (x, y)."""
        self._add(CONIC, cx, cy)
        self._add(ON, x, y)

    def cubic_to(self, c1x: Number, c1y: Number, c2x: Number, c2y: Number, x: Number, y: Number) -> None:
        """A cubic Bezier curve with two control points, to (x, y)."""
        self._add(CUBIC, c1x, c1y)
        self._add(CUBIC, c2x, c2y)
        self._add(ON, x, y)

    def close(self) -> None:
        """Close the contour with a straight line to its start."""
        self._end(closed=True)

    def polygon(self, points: Sequence[tuple[Number, Number]], *, closed: bool = True) -> None:
        """A contour of straight lines through the points."""
        self.move_to(*points[0])
        for point in points[1:]:
            self.line_to(*point)
        self._end(closed=closed)

    def rounded_rect(
        self, x: Number, y: Number, width: Number, height: Number, rx: Number, ry: Number
    ) -> None:
        """A rectangle whose corners are quarter ellipses; with rx, ry half its sides it is an ellipse."""
        right, bottom = x + width, y + height
        if not rx or not ry:
            self.polygon([(x, y), (right, y), (right, bottom), (x, bottom)])
            return
        self.move_to(x + rx, y)
        self.quarter(right - rx, y + ry, (0, -ry), (rx, 0))
        self.quarter(right - rx, bottom - ry, (rx, 0), (0, ry))
        self.quarter(x + rx, bottom - ry, (0, ry), (-rx, 0))
        self.quarter(x + rx, y + ry, (-rx, 0), (0, -ry))
        self.close()

    def quarter(self, cx: Number, cy: Number, u: tuple[Number, Number], v: tuple[Number, Number]) -> None:
        """A line to centre + u and a quarter of an ellipse, in two cubics, to centre + v."""

        def at(a: Number, b: Number) -> tuple[Number, Number]:
            return cx + a * u[0] + b * v[0], cy + a * u[1] + b * v[1]

        k, c = _KAPPA, _DIAGONAL
        self.line_to(*at(1, 0))
        self.cubic_to(*at(1, k), *at(c + c * k, c - c * k), *at(c, c))
        self.cubic_to(*at(c - c * k, c + c * k), *at(k, 1), *at(0, 1))

    @property
    def closed(self) -> tuple[bool, ...]:
        """For each contour so far, whether it was closed."""
        self._end(closed=False)
        return tuple(self._closed)

    def outline(self) -> Outline:
        """The contours so far."""
        self._end(closed=False)
        if not self._points:
            return Outline.empty()
        return Outline(
            np.array(self._points, np.int64), np.array(self._tags, np.uint8), np.array(self._ends, np.int64)
        )

    def _add(self, tag: int, x: Number, y: Number) -> None:
        self._clock()
        self._points.append(self._place(x, y))
        self._tags.append(tag)

    def _end(self, *, closed: bool) -> None:
        last = len(self._points) - 1
        if last > (self._ends[-1] if self._ends else -1):
            self._ends.append(last)
            self._closed.append(closed)


def fill_coverage(outline: Outline, region: Rect, work: FillWork | None = None) -> NDArray[np.uint8]:
    """The share of each pixel that lies inside the outline, by the non-zero winding rule.

    Args:
        outline: Contours, each taken as closed; they may reach far outside of the region.
        region: The pixels wanted, in the outline's coordinates.
        work: Counts on, where outlines or regions of one layer are filled one after another.

    Returns:
        uint8, shape (region.height, region.width), 0 outside to 255 inside.

    Raises:
        SourceError: more than 32767 points fall into one pixel, or so many fall into so many places that
            filling them would take minutes.
    """
    coverage = np.zeros((max(region.height, 0), max(region.width, 0)), np.uint8)
    if coverage.size and len(outline.points):
        local = outline.translate(-64 * region.left, -64 * region.top)
        near = nearer(meeting(local, region.width, region.height), region.width, region.height)
        _fill_all(cut(flatten(near)), coverage, work or FillWork())
    return coverage


class FillWork:
    """Counts, about, the pixels that FreeType walks while it fills the outlines of one layer.

    It fills band by band of rows, as many as its pool of cells demands, and in each walks all along every
    line that crosses it, far out too. Many long lines could keep it busy for hours.
    """

    def __init__(self) -> None:
        self._pixels = 0.0

    def add(self, outline: Outline, width: int, height: int) -> None:
        """Count what an outline takes; a SourceError where all together are too many."""
        points = outline.points
        before = points[outline.neighbours()[0]]
        across, down = np.abs(points - before).T / 64
        lengths = across + down + 1
        inside = np.minimum(lengths * np.minimum(height / np.maximum(down, 1), 1), width + height)
        cells = inside[_crossing(before, points, width, height)].sum()
        bands = height / _ROWS + min(cells, width * height) / _CELLS
        self._count(float((lengths * (1 + bands * np.minimum(down / height, 1))).sum()))

    def add_tiles(self, tiles: Tiles) -> None:
        """Count at most what tiles take together; a SourceError where all are too many."""
        self._count(tiles.length * (1 + SIDE / _ROWS + SIDE * SIDE / _CELLS))

    def _count(self, pixels: float) -> None:
        self._pixels += pixels
        if self._pixels > _MAX_WORK:
            raise SourceError("too dense an outline: its lines are too many and too long")


def _crossing(start: NDArray[np.int64], end: NDArray[np.int64], width: int, height: int) -> NDArray[np.bool_]:
    """Which lines cross a tile: its corners lie to both sides of them, and they not beyond one of its."""
    (x, y), (x1, y1), (dx, dy) = start.T, end.T, (end - start).T
    # On which side of a line the first corner lies, and what is added for the tile's width and height.
    side, right, bottom = dy * x - dx * y, -64 * width * dy, 64 * height * dx
    beside = (np.minimum(x, x1) < 64 * width) & (np.maximum(x, x1) > 0)
    level = (np.minimum(y, y1) < 64 * height) & (np.maximum(y, y1) > 0)
    least = side + np.minimum(right, 0) + np.minimum(bottom, 0)
    most = side + np.maximum(right, 0) + np.maximum(bottom, 0)
    crossed: NDArray[np.bool_] = beside & level & (least < 0) & (most > 0)
    return crossed


def _fill_all(outline: Outline, target: NDArray[np.uint8], work: FillWork) -> None:
    height, width = target.shape
    tiles = scattered(outline, width, height)
    if tiles is None:
        _fill(outline, target, work)
        return
    work.add_tiles(tiles)
    polygons = Polygons(tiles.points, tiles.ends)
    for tile in tiles.all():
        place = target[tile.rows, tile.columns]
        count = tile.points.stop - tile.points.start
        if count > MAX_POINTS or not polygons.fill(tile.points, tile.contours, place):
            _fill(tiles.part(tile), place, work)


def _fill(outline: Outline, target: NDArray[np.uint8], work: FillWork) -> None:
    """Fill the target, halved as long as FreeType cannot take all points or cells at once."""
    height, width = target.shape
    outline = meeting(outline, width, height)
    if not len(outline.points):
        return
    work.add(outline, width, height)
    points, contours = len(outline.points), len(outline.ends)
    if points <= MAX_POINTS:
        polygons = Polygons(outline.points, outline.ends)
        if polygons.fill(slice(0, points), slice(0, contours), target):
            return
    if width == height == 1:
        raise SourceError(f"too dense an outline: more than {MAX_POINTS} of its points meet in one pixel")
    _halved(without_detours(outline, width, height), target, work)


def _halved(outline: Outline, target: NDArray[np.uint8], work: FillWork) -> None:
    height, width = target.shape
    across, down = (width // 2, 0) if width >= height else (0, height // 2)
    _fill(outline, target[: down or height, : across or width], work)
    _fill(outline.translate(-64 * across, -64 * down), target[down:, across:], work)
