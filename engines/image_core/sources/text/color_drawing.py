"""Trees of paints drawn: outlines filled by FreeType's integer rasteriser, composited in 15-bit integers.

What is inside of an outline is drawn first and then cut by it, as one: layers that a common outline cuts do
not show through each other along its edge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import Plane, mul, to8, to15
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.runtime.limits import Clock
from engines.image_core.sources.text.color_gradients import gradient_planes
from engines.image_core.sources.text.color_modes import composite, paint_over
from engines.image_core.sources.text.color_paints import (
    Box,
    Boxed,
    Composite,
    Gradient,
    Inside,
    Layers,
    Moved,
    Paint,
    Solid,
)
from engines.image_core.sources.text.glyph_outlines import GlyphOutline
from engines.image_core.sources.vector.outline import FillWork, Outline, fill_coverage

__all__ = ["TooFarError", "draw_paint"]

_BITS = 30  # fractional bits below 26.6 that scaled outlines carry until they are rounded
_LIMIT = 1 << (30 + _BITS)  # 26.6: as far as glyphs of text may reach


class TooFarError(Exception):
    """An outline reaches farther than 16 million pixels."""


def draw_paint(
    paint: Paint, glyph: Callable[[int], GlyphOutline], affine: Affine, region: Rect, work: FillWork,
    clock: Clock,
) -> NDArray[np.uint8]:  # fmt: skip
    """Draw a paint over nothing.

    Args:
        paint: The paint, in font units, y upwards.
        glyph: A glyph's outline by its number.
        affine: From font units, y upwards, to pixels.
        region: The pixels wanted.
        work: Counts on over all that one layer fills.
        clock: Called before each fill.

    Returns:
        uint8, shape (region.height, region.width, 4): straight RGBA, what is invisible 0, 0, 0, 0.

    Raises:
        TooFarError: see there.
        CompositionError: the time is over.
        SourceError: an outline cannot be read or is too dense to be filled.
    """
    canvas = _Canvas.empty(region)
    _Painter(glyph, work, clock).draw(paint, affine, (), region, canvas)
    planes = to8(canvas.planes)
    planes *= planes[3] > 0
    return np.moveaxis(planes, 0, -1).astype(np.uint8)


@dataclass(frozen=True)
class _Canvas:
    """Straight 15-bit planes, shape (4, rows, columns), of an area of pixels."""

    area: Rect
    planes: Plane

    @classmethod
    def empty(cls, area: Rect) -> _Canvas:
        return cls(area, np.zeros((4, area.height, area.width), np.int32))

    def part(self, place: Rect) -> Plane:
        """A view of the pixels of a place within the area."""
        window = place.shift(-self.area.left, -self.area.top)
        return self.planes[:, window.top : window.bottom, window.left : window.right]


class _Painter:
    """Draws paints on canvases. `edges` are outlines that what is drawn must lie within, each of them."""

    def __init__(self, glyph: Callable[[int], GlyphOutline], work: FillWork, clock: Clock) -> None:
        self._glyph = glyph
        self._work = work
        self._clock = clock

    def draw(
        self, paint: Paint, affine: Affine, edges: tuple[Outline, ...], place: Rect, canvas: _Canvas
    ) -> None:
        """Composite a paint over the pixels of a place."""
        match paint:
            case Solid():
                color = np.append(to15(np.array(paint.color[:3], np.int32)), np.int32(paint.color[3]))
                self._over(color[:, None, None], edges, place, canvas)
            case Gradient():
                planes = gradient_planes(paint, affine, place)
                if planes is not None:
                    self._over(planes, edges, place, canvas)
            case Moved():
                self.draw(paint.paint, paint.affine.then(affine), edges, place, canvas)
            case Inside():
                self._draw_within(
                    _mapped(self._glyph(paint.glyph), affine), paint.paint, affine, edges, place, canvas
                )
            case Boxed():
                self._draw_within(
                    _mapped(_box_outline(paint.box), affine), paint.paint, affine, edges, place, canvas
                )
            case Layers():
                if edges:
                    self._draw_apart(paint, affine, edges, place, canvas)
                else:
                    for part in paint.paints:
                        self.draw(part, affine, (), place, canvas)
            case Composite():
                self._draw_apart(paint, affine, edges, place, canvas)

    def _draw_within(
        self,
        edge: Outline,
        paint: Paint,
        affine: Affine,
        edges: tuple[Outline, ...],
        place: Rect,
        canvas: _Canvas,
    ) -> None:
        place = place.intersect(edge.bounds())
        if not place.empty:
            self.draw(paint, affine, (*edges, edge), place, canvas)

    def _draw_apart(
        self,
        paint: Layers | Composite,
        affine: Affine,
        edges: tuple[Outline, ...],
        place: Rect,
        canvas: _Canvas,
    ) -> None:
        """Draw what is made of several paints on a canvas of its own, and that as one within the edges."""
        if isinstance(paint, Layers):
            planes = self._apart(paint, affine, place)
        else:
            source, backdrop = (self._apart(part, affine, place) for part in (paint.source, paint.backdrop))
            planes = composite(paint.mode, source, backdrop)
        self._over(planes, edges, place, canvas)

    def _apart(self, paint: Paint, affine: Affine, place: Rect) -> Plane:
        apart = _Canvas.empty(place)
        self.draw(paint, affine, (), place, apart)
        return apart.planes

    def _over(self, source: Plane, edges: tuple[Outline, ...], place: Rect, canvas: _Canvas) -> None:
        self._clock()
        alpha: Plane = np.broadcast_to(source[3], (place.height, place.width))
        for edge in edges:
            alpha = mul(to15(fill_coverage(edge, place, self._work)), alpha)
        paint_over(source, alpha, canvas.part(place))


def _box_outline(box: Box) -> GlyphOutline:
    """A box as an outline of whole font units, as those of files are."""
    left, bottom, right, top = (round(value) for value in box)
    points = np.array([(left, bottom), (right, bottom), (right, top), (left, top)], np.int64)
    return GlyphOutline(points, np.ones(4, np.uint8), np.array([3], np.int64), (left, bottom, right, top))


def _mapped(glyph: GlyphOutline, affine: Affine) -> Outline:
    """A glyph's outline in 26.6 of pixels, each coordinate rounded half up.

    Rounding the factors of the map first moves a point by less than 2^-15 of 1/64 pixel.
    """
    if not len(glyph.points):
        return Outline.empty()
    xx, xy, yx, yy, x0, y0 = (
        round(entry * (64 << _BITS))
        for entry in (affine.xx, affine.xy, affine.yx, affine.yy, affine.x0, affine.y0)
    )
    left, bottom, right, top = glyph.box
    across, up = max(abs(left), abs(right)), max(abs(bottom), abs(top))
    if max(abs(xx) * across + abs(xy) * up + abs(x0), abs(yx) * across + abs(yy) * up + abs(y0)) > _LIMIT:
        raise TooFarError
    points = np.empty_like(glyph.points)
    half = 1 << (_BITS - 1)
    points[:, 0] = xx * glyph.points[:, 0] + xy * glyph.points[:, 1] + (x0 + half)
    points[:, 1] = yx * glyph.points[:, 0] + yy * glyph.points[:, 1] + (y0 + half)
    points >>= _BITS
    return Outline(points, glyph.tags, glyph.ends)
