"""Painted outlines in order, each over the last, as straight RGBA.

Compositing is the pixel rule of a normal layer over its backdrop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.shapes import Paint
from engines.image_core.numbers.fixed import Plane, divide, lerp, mul, to8, to15
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.placement import check_size
from engines.image_core.runtime.limits import Clock, untimed
from engines.image_core.sources.paint import Frame, Painting, paint_alone, paint_planes, painting
from engines.image_core.sources.patterns import PatternPictures
from engines.image_core.sources.vector.outline import FillWork, Outline, fill_coverage

__all__ = ["Drawn", "Filled", "Piece", "drawn_pieces", "filled"]

_BAND = 1 << 18  # pixels composited at a time
_KEPT = 8 * _BAND  # pixels of coverages that are kept meanwhile


class Piece(Protocol):
    """Something that is drawn over what was drawn before it."""

    @property
    def bounds(self) -> Rect:
        """The pixels that it touches."""

    @property
    def plain(self) -> bool:
        """Whether drawing it alone takes no more memory than its pixels."""

    def alone(self, region: Rect, work: FillWork) -> NDArray[np.uint8]:
        """Its pixels over nothing: straight RGBA, shape (region.height, region.width, 4)."""

    def planes(self, region: Rect, work: FillWork) -> Plane:
        """Straight 15-bit red, green, blue and alpha, shape (4, region.height, region.width)."""


@dataclass(frozen=True)
class Filled:
    """What one paint fills.

    Attributes:
        outlines: In 26.6 of pixels, each filled by the non-zero rule; all of them are painted as one.
        paint: The paint.
        box: From fractions of the painted box to pixels.
        frame: What gradient fills need of that box.
        clip: What lets it be seen; None for all of it.
    """

    outlines: tuple[Outline, ...]
    paint: Painting
    box: Affine
    frame: Frame
    clip: Outline | None = None

    @property
    def bounds(self) -> Rect:
        """The pixels that it touches."""
        return _bounds(self.outlines, self.clip)

    @property
    def plain(self) -> bool:
        """Whether it is of one colour."""
        return isinstance(self.paint, str)

    def coverage(self, region: Rect, work: FillWork) -> NDArray[np.uint8]:
        """The share of each pixel that is filled: uint8, shape (region.height, region.width)."""
        covered, *more = (fill_coverage(outline, region, work) for outline in self.outlines)
        return _clipped(reduce(_either, more, covered), self.clip, region, work)

    def alone(self, region: Rect, work: FillWork) -> NDArray[np.uint8]:
        """Its pixels over nothing."""
        return paint_alone(self.paint, self.box, region, self.coverage(region, work), self.frame)

    def planes(self, region: Rect, work: FillWork) -> Plane:
        """Its paint, with alpha as far as it is filled."""
        return self.through(self.coverage(region, work), region)

    def through(self, coverage: NDArray[np.uint8], region: Rect) -> Plane:
        """Its paint, with alpha as far as a coverage says."""
        planes = np.array(paint_planes(self.paint, self.box, region, self.frame))
        planes[3] = mul(to15(coverage), planes[3])
        return planes


def filled(
    outlines: tuple[Outline, ...], paint: Paint, box: Affine, frame: Frame, region: Rect,
    pictures: PatternPictures,
    clip: Outline | None = None,
) -> Filled:  # fmt: skip
    """What a paint fills of a region. pictures: that of a pattern; all else as in `Filled`."""
    area = _bounds(outlines, clip).intersect(region)
    return Filled(outlines, painting(paint, box, frame, area, pictures), box, frame, clip)


def _bounds(outlines: tuple[Outline, ...], clip: Outline | None) -> Rect:
    bounds = reduce(Rect.union, (outline.bounds() for outline in outlines), Rect(0, 0, 0, 0))
    return bounds if clip is None else bounds.intersect(clip.bounds())


@dataclass(frozen=True)
class Drawn:
    """Pixels that something else draws.

    Attributes:
        bounds: The pixels that they touch.
        draw: Gives those of a region: straight RGBA8, shape (region.height, region.width, 4).
        clip: What lets them be seen; None for all of them.
    """

    bounds: Rect
    draw: Callable[[Rect], NDArray[np.uint8]]
    clip: Outline | None = None

    @property
    def plain(self) -> bool:
        """That they are drawn."""
        return True

    def alone(self, region: Rect, work: FillWork) -> NDArray[np.uint8]:
        """What is drawn, and not clipped."""
        pixels = self.draw(region)
        pixels[..., 3] = _clipped(pixels[..., 3], self.clip, region, work)
        pixels[pixels[..., 3] == 0] = 0
        return pixels

    def planes(self, region: Rect, work: FillWork) -> Plane:
        """The same in 15 bits."""
        return to15(np.moveaxis(self.alone(region, work), -1, 0))


def drawn_pieces(
    pieces: Sequence[Piece], region: Rect, digest: str, clock: Clock = untimed
) -> DecodedImage | None:
    """The smallest box of pixels that holds all there is to see of the pieces in a region.

    Args:
        pieces: From the bottom to the top.
        region: The pixels that can be seen.
        digest: The image's content hash.
        clock: Called at each step; what it raises ends the drawing.

    Returns:
        The image, or None if there is nothing to see.

    Raises:
        SourceError: FreeType cannot take an outline.
        TooLargeError: so much is seen that it would have too many pixels.
    """
    rect = reduce(Rect.union, (piece.bounds.intersect(region) for piece in pieces), Rect(0, 0, 0, 0))
    if rect.empty:
        return None
    check_size(rect)
    return _cropped(_composite(pieces, rect, clock), rect, digest)


def _either(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What either of two coverages covers, where they lie independently."""
    left = (255 - first.astype(np.int32)) * (255 - second.astype(np.int32))
    return (255 - (left + 127) // 255).astype(np.uint8)


def _clipped(
    covered: NDArray[np.uint8], clip: Outline | None, region: Rect, work: FillWork
) -> NDArray[np.uint8]:
    return covered if clip is None else _both(covered, fill_coverage(clip, region, work))


def _both(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What both of two coverages cover, where they lie independently."""
    return ((first.astype(np.int32) * second + 127) // 255).astype(np.uint8)


def _composite(pieces: Sequence[Piece], rect: Rect, clock: Clock) -> NDArray[np.uint8]:
    """The pieces in order, each over the last, as straight RGBA8 of the rectangle's size."""
    work = FillWork()
    if len(pieces) == 1 and pieces[0].plain:
        return _composited(pieces, rect, work, clock)
    pixels = np.empty((rect.height, rect.width, 4), np.uint8)
    rows = max(_BAND // max(rect.width, 1), 1)
    for top in range(rect.top, rect.bottom, rows):
        band = Rect(rect.left, top, rect.right, min(top + rows, rect.bottom))
        pixels[band.top - rect.top : band.bottom - rect.top] = _composited(pieces, band, work, clock)
    return pixels


def _composited(pieces: Sequence[Piece], band: Rect, work: FillWork, clock: Clock) -> NDArray[np.uint8]:
    if len(pieces) == 1:
        clock()
        return pieces[0].alone(band, work)
    places = [piece.bounds.intersect(band) for piece in pieces]
    met = [(piece, place) for piece, place in zip(pieces, places, strict=True) if not place.empty]
    solids = [(piece, place) for piece, place in met if isinstance(piece, Filled) and piece.plain]
    if len(solids) == len(met) and sum(place.width * place.height for _, place in met) <= _KEPT:
        return _solid_colors(solids, band, work, clock)
    planes = np.zeros((4, band.height, band.width), np.int32)
    for piece, place in met:
        clock()
        _put(planes, band, place, piece.planes(place, work))
    return _straight(planes)


def _solid_colors(
    pieces: Sequence[tuple[Filled, Rect]], band: Rect, work: FillWork, clock: Clock
) -> NDArray[np.uint8]:
    """Solid colours and where they lie in a band, each over the last: looked up where a pixel has one of
    them, as most of a text's have, and composited where it has several."""
    pixels = np.zeros((band.height, band.width), np.uint32)
    covered, several = np.zeros((2, band.height, band.width), bool)
    coverages = []
    for piece, place in pieces:
        clock()
        window, coverage = _window(place, band), piece.coverage(place, work)
        inside = coverage > 0
        several[window] |= inside & covered[window]
        covered[window] |= inside
        alone = paint_alone(piece.paint, piece.box, place, coverage)
        np.copyto(pixels[window], alone.view(np.uint32)[..., 0], where=inside)
        coverages.append(coverage)
    found = pixels.view(np.uint8).reshape(*pixels.shape, 4)
    box = _around(several)
    if not box.empty:
        box = box.shift(band.left, band.top)
        planes = np.zeros((4, box.height, box.width), np.int32)
        for (piece, place), coverage in zip(pieces, coverages, strict=True):
            met = place.intersect(box)
            if not met.empty:
                _put(planes, box, met, piece.through(coverage[_window(met, place)], met))
        found[_window(box, band)] = _straight(planes)
    return found


def _around(marked: NDArray[np.bool_]) -> Rect:
    """The smallest box with all that is marked."""
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return Rect(0, 0, 0, 0)
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _put(planes: Plane, area: Rect, place: Rect, source: Plane) -> None:
    """Composite a source over a place in the planes of an area, straight and 15-bit, of shape (4, ...)."""
    backdrop = planes[:, *_window(place, area)]
    alpha = source[3]
    union = alpha + backdrop[3] - mul(alpha, backdrop[3])
    share = divide(alpha, union)
    for channel in range(3):
        backdrop[channel] = lerp(backdrop[channel], source[channel], share)
    backdrop[3] = union


def _window(place: Rect, band: Rect) -> tuple[slice, slice]:
    """The rows and columns of a place in a band."""
    return (
        slice(place.top - band.top, place.bottom - band.top),
        slice(place.left - band.left, place.right - band.left),
    )


def _straight(planes: Plane) -> NDArray[np.uint8]:
    """15-bit planes as RGBA8, shape (..., 4); what is invisible is 0, 0, 0, 0."""
    planes = to8(planes)
    planes *= planes[3] > 0
    return np.ascontiguousarray(np.moveaxis(planes, 0, -1).astype(np.uint8))


def _cropped(pixels: NDArray[np.uint8], rect: Rect, digest: str) -> DecodedImage | None:
    """What is visible of the pixels of a rectangle; None if nothing is."""
    visible = pixels.view(np.uint32)[..., 0] > 0  # what is invisible is all zeros
    box = _around(visible)
    if box.empty:
        return None
    shown = slice(box.top, box.bottom), slice(box.left, box.right)
    cropped = np.ascontiguousarray(pixels[shown])
    cropped.setflags(write=False)
    opaque = bool(visible[shown].all() and (cropped[..., 3] == 255).all())
    return DecodedImage(cropped, digest, opaque, rect.left + box.left, rect.top + box.top)
