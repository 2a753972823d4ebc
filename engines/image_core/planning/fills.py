"""Gradient and pattern fills of raster layers as steps, placed."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.models import RasterLayer
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.numbers.kernels import KEYS_TOTAL, Taps, resampling_taps
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.entries import Compose, Coverage, Layer
from engines.image_core.planning.fitting import layer_affine, paint_size, solid_area
from engines.image_core.planning.gradients import gradient_step
from engines.image_core.planning.placement import Placed, area_read, check_size, outward, place_image
from engines.image_core.planning.steps import MaskRaster, Raster, Resample, Solid, Step, Tile, color15

__all__ = ["filled", "is_fill", "place_fill", "repeated"]

_FAR = 1 << 30
"""Pixels of a source without an end."""

_BEYOND = 1024
"""How far beyond its box a gradient is wanted, mostly: so far its roundings are those of the box."""


def is_fill(layer: object) -> bool:
    """Whether a layer's pixels are a gradient fill or a pattern, which `place_fill` makes."""
    return isinstance(layer, RasterLayer) and isinstance(layer.source.color, GradientFill | PatternFill)


def place_fill(
    layer: RasterLayer, image: DecodedImage | None, canvas: tuple[int, int], need: Rect
) -> Placed | None:
    """The pixels of a fill that lie in `need`; None where there are none.

    Args:
        layer: a layer of which `is_fill` holds.
        image: a pattern's picture; of a gradient the box, drawn in one colour, where its edges need
            antialiasing, else None.
        canvas: the canvas's width and height, the size of a box of which none is given.
        need: the parent's pixels wanted.
    """
    width, height = paint_size(layer, canvas)
    to_parent = layer_affine(layer.transform, width, height)
    fill = layer.source.color
    if isinstance(fill, PatternFill):
        return None if image is None else _pattern(fill, image, (width, height), to_parent, need)
    assert isinstance(fill, GradientFill)
    whole = solid_area(layer, canvas)
    if whole is None:
        return None if image is None else _masked_gradient(fill, image, (width, height), to_parent)
    area = whole.intersect(need)
    if area.empty:
        return None
    check_size(area)
    return Placed(gradient_step(fill, (width, height), to_parent, area), area.left, area.top)


def filled(
    fill: str | GradientFill | PatternFill, area: Rect, box: Rect, picture: DecodedImage | None
) -> Placed | None:
    """An area of a paint that a box of whole pixels begins or bounds; None where nothing shows.

    Args:
        fill: the paint: a colour, a gradient over the box, or a pattern from its corner on.
        area: the pixels wanted, which may lie beyond the box.
        box: in the same pixels.
        picture: a pattern's.
    """
    if area.empty:
        return None
    check_size(area)
    match fill:
        case str():
            color = color15(fill)
            made: Step | None = Solid(area.width, area.height, color) if color[3] else None
        case GradientFill():
            size = Fraction(max(box.width, 1)), Fraction(max(box.height, 1))
            to_parent = replace(IDENTITY, x0=Fraction(box.left), y0=Fraction(box.top))
            made = gradient_step(fill, size, to_parent, area, box.expand(_BEYOND).union(area))
        case PatternFill():
            own = area.shift(-box.left, -box.top)
            made = None if picture is None else _repeated(fill, Raster(picture), own)
    return None if made is None else Placed(made, area.left, area.top)


def repeated(fill: PatternFill, picture: DecodedImage, to_parent: Affine, need: Rect) -> Placed | None:
    """An area of a pattern without an end; None where it is made so small that nothing of it shows.

    Args:
        fill: the pattern.
        picture: its picture.
        to_parent: from the pixels of the box that it begins at the corner of to those of the parent.
        need: the parent's pixels wanted.
    """
    area = area_read(to_parent, need)
    if area.empty:
        return None
    check_size(area)
    return place_image(
        Placed(_repeated(fill, Raster(picture), area), area.left, area.top), to_parent, None, need
    )


def _masked_gradient(
    fill: GradientFill, drawn: DecodedImage, size: tuple[Fraction, Fraction], to_parent: Affine
) -> Placed:
    """The gradient through what a box in one colour covers."""
    area = Rect(drawn.x, drawn.y, drawn.x + drawn.width, drawn.y + drawn.height)
    values = np.ascontiguousarray(drawn.pixels[..., 3])
    values.setflags(write=False)
    content_hash = hashlib.sha256(f"{drawn.content_hash} alpha".encode()).hexdigest()
    mask = Coverage(MaskRaster(DecodedMask(values, content_hash)), 0, 0)
    layer = Layer(gradient_step(fill, size, to_parent, area), 0, 0, mask=mask)
    return Placed(Compose(area.width, area.height, (0, 0, 0, 0), (layer,)), area.left, area.top)


def _pattern(
    fill: PatternFill, picture: DecodedImage, size: tuple[Fraction, Fraction], to_parent: Affine, need: Rect
) -> Placed | None:
    """The picture repeated over what is seen of the box, which is then placed as pictures are."""
    box = Fraction(0), Fraction(0), *size
    area = area_read(to_parent, need).intersect(outward(box))
    if area.empty:
        return None
    check_size(area)
    return place_image(
        Placed(_repeated(fill, Raster(picture), area), area.left, area.top), to_parent, box, need
    )


def _repeated(fill: PatternFill, source: Step, area: Rect) -> Step:
    """The pattern in an area of the box's pixels.

    At another scale, or moved by parts of a pixel, it is resampled from one copy and so much of the next that
    no output pixel reads beyond it: each reads the endless pattern, and no seam shows.
    """
    scale = 1 / Fraction(fill.scale)
    x, y = (-Fraction(part) * scale for part in fill.offset)
    if scale == 1 and x.denominator == y.denominator == 1:
        left, top = (int(x) + area.left) % source.width, (int(y) + area.top) % source.height
        return Tile(area.width, area.height, source, left, top)
    taps = _endless_linear if fill.sampling == "linear" and scale < 1 else _endless
    columns = taps(area.left, area.width, scale, x, source.width)
    rows = taps(area.top, area.height, scale, y, source.height)
    read = Rect(columns.first, rows.first, columns.last + 1, rows.last + 1)
    check_size(read)
    tile = Tile(read.width, read.height, source, read.left % source.width, read.top % source.height)
    return Resample(tile, rows.shifted(-read.top), columns.shifted(-read.left))


def _endless(first: int, count: int, scale: Fraction, origin: Fraction, period: int) -> Taps:
    """Taps of output pixels first..first+count-1 over a source of `period` pixels that repeats without end.

    They are those of a source so long that none reaches over its ends, each brought back by whole periods.
    """
    ahead = (math.ceil(abs(origin) + scale * (abs(first) + 4)) // period + 2) * period
    taps = resampling_taps(first, count, scale, origin + ahead, _FAR, None)
    return _brought_back(taps.start, taps.weights, period)


def _endless_linear(first: int, count: int, scale: Fraction, origin: Fraction, period: int) -> Taps:
    """The same between two pixels of the source: that of output pixel i lies at i scale + origin, and what is
    beyond its whole part is how much of the next counts."""
    places = [index * scale + origin for index in range(first, first + count)]
    parts = np.array([round_fraction((place % 1) * KEYS_TOTAL) for place in places], np.int32)
    starts = np.array([math.floor(place) for place in places], np.int64)
    return _brought_back(starts, np.stack([KEYS_TOTAL - parts, parts], axis=1), period)


def _brought_back(starts: NDArray[np.integer], weights: NDArray[np.int32], period: int) -> Taps:
    """Taps moved by whole periods to where little is read: all alike where they read less than a period,
    which may lie across its end; else each into the first."""
    first, last = int(starts.min()), int(starts.max()) + weights.shape[1]
    moved = starts - first // period * period if last - first < period else starts % period
    return Taps(moved.astype(np.int32), weights)
