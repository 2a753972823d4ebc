"""A picture brought to four corners or bent by a mesh: each pixel's place in it, made here for a `Remap`.

Places are float64 on the way to their rounding, and the same everywhere: sums, products, quotients and square
roots of single numbers, element by element and in the order written, which IEEE 754 rounds correctly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.warps import CornersWarp, MeshWarp
from engines.image_core.numbers.gathering import SPREAD_BITS
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.meshes import Floats
from engines.image_core.numbers.places import Places
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.meshes import Mesh
from engines.image_core.planning.placement import (
    GATHER_REACH,
    MAX_SIDE,
    SMALLEST,
    Box,
    Placed,
    TooLargeError,
    check_size,
    outward,
    place_image,
)
from engines.image_core.planning.quads import Quad
from engines.image_core.planning.remap import Remap
from engines.image_core.planning.steps import Raster

__all__ = ["Warped", "place_warped", "warped_bounds"]

_BAND_PIXELS = 1 << 19
"""Pixels whose places are made at once."""

_WIDEST = (1 << 15) - 1
"""What 16 bits hold of a spread: 128 source pixels."""


class Warped(Protocol):
    """A map of a picture to its parent's pixels.

    Attributes:
        growth: by the squares of which a step of the picture's pixels grows at most, across and down.
    """

    growth: tuple[Fraction, Fraction]

    @property
    def bounds(self) -> Box:
        """The box around what the map brings the picture to, in the parent's pixels."""

    def check(self, area: Rect) -> None:
        """Raise a TooLargeError where the places of an area would take too long."""

    def coverage(self, area: Rect) -> NDArray[np.uint16]:
        """What the picture covers of each of the parent's pixels, 0..ONE: uint16 (height, width)."""

    def places(self, area: Rect) -> Places:
        """Where those pixels lie in the picture; of those that it covers no part of, anything."""


def place_warped(
    warp: CornersWarp | MeshWarp, picture: DecodedImage, to_unit: Affine, shown: Box, need: Rect
) -> Placed | None:
    """A picture in the parent's pixels that are needed; None where nothing of it lies there.

    Args:
        warp: where the layer's box goes.
        picture: what is in it.
        to_unit: from the picture's pixels to the box as the unit square; no turn.
        shown: the part of the picture that the box shows, in its pixels.
        need: the parent's pixels that are wanted; what lies outside may be left out.

    Raises:
        TooLargeError: it covers more pixels than a step may have, or a mesh lies over itself too often.
    """
    warped = _warped(warp, to_unit, shown)
    area = outward(warped.bounds).intersect(need)
    if area.empty or min(warped.growth) < SMALLEST**2:
        return None
    check_size(area)
    warped.check(area)
    width, height = (
        _reduced(side, growth)
        for side, growth in zip((picture.width, picture.height), warped.growth, strict=True)
    )
    check_size(Rect(0, 0, width, height))
    scale = Fraction(width, picture.width), Fraction(height, picture.height)
    tables = _Tables(area)
    for band in _bands(area):
        coverage = warped.coverage(band)
        if coverage.any():  # what holds next to nothing has places beyond what floats hold
            tables.fill(band, coverage, warped.places(band), scale)
    read = tables.read(Rect(0, 0, width, height))
    if read.empty:
        return None
    zero = Fraction(0)
    whole = zero, zero, Fraction(picture.width), Fraction(picture.height)
    shrunk = Affine(scale[0], zero, zero, scale[1], zero, zero)
    flat = place_image(Placed(Raster(picture), 0, 0), shrunk, whole, read)
    assert flat is not None  # what is read lies within it
    tables.move(flat.left, flat.top)
    return Placed(Remap(flat.image, tables.positions, tables.spread, tables.coverage), area.left, area.top)


def warped_bounds(warp: CornersWarp | MeshWarp, to_unit: Affine, part: Box) -> Box:
    """The box around where a part of a picture goes, in the parent's pixels."""
    return _warped(warp, to_unit, part).bounds


def _warped(warp: CornersWarp | MeshWarp, to_unit: Affine, shown: Box) -> Warped:
    if isinstance(warp, CornersWarp):
        return Quad(warp, to_unit, shown)
    return Mesh(warp, to_unit, shown)


def _reduced(side: int, growth: Fraction) -> int:
    """The fewest pixels that a side of so many is not reduced too far with: where it is largest it is not
    enlarged again. growth: the square of what a pixel grows to at most."""
    squared = math.ceil(side * side * growth)
    return min(side, math.isqrt(max(squared, 1) - 1) + 1)


def _bands(area: Rect) -> Iterator[Rect]:
    tall = max(1, _BAND_PIXELS // area.width)
    for top in range(area.top, area.bottom, tall):
        yield Rect(area.left, top, area.right, min(top + tall, area.bottom))


class _Tables:
    """The tables of a `Remap` over an area, made band by band."""

    def __init__(self, area: Rect) -> None:
        self._area = area
        size = area.height, area.width
        self.positions = np.zeros((*size, 2), np.int32)
        self.spread = np.zeros((*size, 4), np.int16)
        self.coverage = np.zeros(size, np.uint16)

    def fill(
        self, band: Rect, coverage: NDArray[np.uint16], places: Places, scale: tuple[Fraction, Fraction]
    ) -> None:
        """Round the places of a band. scale: what the picture is reduced by, across and down."""
        rows = slice(band.top - self._area.top, band.bottom - self._area.top)
        self.coverage[rows] = coverage
        seen = coverage > 0
        x, y = map(float, scale)
        for axis, values in enumerate((places.u * x, places.v * y)):
            steps = np.floor((values - 0.5) * 65536.0 + 0.5)
            self.positions[rows, :, axis] = np.where(seen, steps, 0)
        sides = (places.across_u * x, places.across_v * y), (places.down_u * x, places.down_v * y)
        for index, values in enumerate(part for side in sides for part in _spread(*side)):
            self.spread[rows, :, index] = np.where(seen, values, 0)

    def read(self, source: Rect) -> Rect:
        """What is read of a source of that size; empty where nothing is covered."""
        seen = (self.coverage > 0)[..., None]
        if not seen.any():
            return Rect(0, 0, 0, 0)
        reach = (max(int(self.spread.max()), -int(self.spread.min())) >> SPREAD_BITS) + 1 + GATHER_REACH
        least, most = np.iinfo(np.int32).min, np.iinfo(np.int32).max
        left, top = (self.positions.min(axis=(0, 1), where=seen, initial=most) >> 16).tolist()
        right, bottom = ((self.positions.max(axis=(0, 1), where=seen, initial=least) >> 16) + 1).tolist()
        read = Rect(left, top, right, bottom).expand(reach).intersect(source)
        if max(read.width, read.height) > MAX_SIDE - 2 * (_WIDEST >> SPREAD_BITS):
            raise TooLargeError(f"{read.width} x {read.height} pixels are to be read of it for its warp")
        return read

    def move(self, left: int, top: int) -> None:
        """Count positions from another pixel of the source."""
        self.positions -= np.array([left, top], np.int32) * np.int32(65536)
        self.positions[self.coverage == 0] = 0


def _spread(u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """What a gather has to take the mean over along a side (u, v) of what a pixel covers, in 2^-SPREAD_BITS
    of the source's pixels: the side, of whose length f sqrt(f^2 - 1) is left. The kernel takes in one pixel
    itself, and squares of widths add."""
    square = u * u + v * v
    left = np.sqrt(np.maximum(square - 1.0, 0.0) / np.maximum(square, 1.0))
    scale = float(1 << SPREAD_BITS)
    across, down = (np.floor(np.clip(part * left * scale, -_WIDEST, _WIDEST) + 0.5) for part in (u, v))
    return across, down
