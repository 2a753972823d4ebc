"""An image under an affine map: cropping, and the choice of the cheapest exact way to get there.

Whole-pixel moves, mirrors and quarter turns copy pixels; other upright placements resample along the two
axes with antialiasing; anything turned is brought to its final scale first and then gathered affinely.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.kernels import KEYS_TOTAL, resampling_taps
from engines.image_core.numbers.rounding import round_line
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.steps import Raster, Resample, Step, Warp

__all__ = [
    "SHRINK_REACH",
    "SMALLEST",
    "Box",
    "Placed",
    "TooLargeError",
    "area_read",
    "check_size",
    "outward",
    "picture_part",
    "place_image",
    "reductions",
    "warped",
]

GATHER_REACH = 3
"""Source pixels around a position that a gather may touch, and one for rounding."""

MAX_SIDE = 32767
MAX_PIXELS = 1 << 29
"""How large an image may become on its way: 16-bit positions reach that far, and a canvas of the largest size
blurred by the widest filter is within it."""

THINNEST = Fraction(1, 2 * KEYS_TOTAL)
"""What is thinner than this, in the parent's pixels, has no weight in any of them."""

SMALLEST = Fraction(1, 1 << 31)
"""Reduced to less than this, 65,536 pixels are thinner than that."""

SMALLEST_GROUP = Fraction(1, 1 << 15)
"""Reduced to less than this, MAX_SIDE pixels are less than one: nothing of a group is shown then."""

SHRINK_REACH = 6
"""Pixels of a reduced source that an output may read around its place: two and a half of the gather, two of
the reduction, and one for rounding."""

Box = tuple[Fraction, Fraction, Fraction, Fraction]
"""left, top, right, bottom"""


class TooLargeError(Exception):
    """An image would have too many pixels; the plan adds which layer's it is."""


@dataclass(frozen=True)
class Placed:
    """An image or a plane with the place of its top-left pixel, in the parent's pixels."""

    image: Step
    left: int
    top: int

    @property
    def area(self) -> Rect:
        """The pixels it covers."""
        return Rect(self.left, self.top, self.left + self.image.width, self.top + self.image.height)


def place_image(source: Placed, to_parent: Affine, visible: Box | None, need: Rect) -> Placed | None:
    """Place an image under an affine map from its own space (where source.left, source.top is its corner).

    What is cropped away changes no pixel that is left: every grid is aligned with the image's own space.

    Args:
        source: the image where it lies in its own space.
        to_parent: from that space to the parent's pixels.
        visible: the part of that space that is shown, whose edges stay sharp where the placement is upright.
            None: all of it, as it lies in endless transparency.
        need: the parent's pixels that are wanted; what lies outside may be left out.

    Returns:
        The placed image, or None where nothing of it shows: it lies outside, or no pixel has a part of it
        that rounds to more than 0.

    Raises:
        TooLargeError: it covers more pixels than a step may have.
    """
    if min(reductions(to_parent)) < (SMALLEST_GROUP if visible is None else SMALLEST):
        return None
    if to_parent.xx == to_parent.yy == 0 and isinstance(source.image, Raster):
        return _transposed(source, to_parent, visible, need)
    if visible is None:
        shown = to_parent.bounds(*_read_around(to_parent, _edges(source.area)))
    else:
        visible = _overlap(visible, _edges(source.area))
        if visible[0] >= visible[2] or visible[1] >= visible[3]:
            return None
        shown = to_parent.bounds(*visible)
        if min(shown[2] - shown[0], shown[3] - shown[1]) < THINNEST:
            return None
    area = outward(shown).intersect(need)
    if area.empty:
        return None
    if to_parent.xy == to_parent.yx == 0:
        copied = _copied(source, to_parent, visible, area)
        if copied is not None:
            return copied
        check_size(area)
        return _resampled(source, to_parent, visible and shown, area)
    check_size(area)
    return warped(lambda shrunk, seen: place_image(source, shrunk, visible, seen), to_parent, area)


def _overlap(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _transposed(source: Placed, to_parent: Affine, visible: Box | None, need: Rect) -> Placed | None:
    """A quarter turn as the placement of a picture whose rows and columns have changed places."""
    assert isinstance(source.image, Raster)
    turned = Raster(_derived(source.image.image, "transposed", lambda p: p.transpose(1, 0, 2)))
    swapped = Affine(to_parent.xy, to_parent.xx, to_parent.yy, to_parent.yx, to_parent.x0, to_parent.y0)
    shown = visible and (visible[1], visible[0], visible[3], visible[2])
    return place_image(Placed(turned, source.top, source.left), swapped, shown, need)


def check_size(area: Rect) -> None:
    """Raise a TooLargeError for an area that a step may not have."""
    if max(area.width, area.height) > MAX_SIDE or area.width * area.height > MAX_PIXELS:
        raise TooLargeError(
            f"{area.width} x {area.height} pixels are to be made of it; "
            f"allowed is {MAX_SIDE} a side and {MAX_PIXELS} in all"
        )


def _copied(source: Placed, to_parent: Affine, visible: Box | None, area: Rect) -> Placed | None:
    """The same pixels elsewhere, perhaps cropped and mirrored; None when that is not what the map does."""
    part = _edges(source.area) if visible is None else visible
    edges = to_parent.bounds(*part)
    whole = all(value.denominator == 1 for value in (*part, *edges))
    if not whole or abs(to_parent.xx) != 1 or abs(to_parent.yy) != 1:
        return None
    if not isinstance(source.image, Raster):
        plain = to_parent.xx == to_parent.yy == 1 and part == _edges(source.area)
        return Placed(source.image, int(edges[0]), int(edges[1])) if plain else None
    shown = outward(to_parent.inverse().bounds(*_edges(area))).shift(-source.left, -source.top)
    step_x, step_y = int(to_parent.xx), int(to_parent.yy)
    return Placed(Raster(picture_part(source.image.image, shown, step_x, step_y)), area.left, area.top)


def picture_part(image: DecodedImage, area: Rect, step_x: int = 1, step_y: int = 1) -> DecodedImage:
    """A part of a picture, mirrored where a step is -1; the picture itself where that is all of it."""
    if area == Rect(0, 0, image.width, image.height) and step_x == step_y == 1:
        return image
    rows, columns = slice(area.top, area.bottom), slice(area.left, area.right)
    name = f"cropped {rows.start} {rows.stop} {columns.start} {columns.stop} mirrored {step_x} {step_y}"
    return _derived(image, name, lambda p: p[rows, columns][::step_y, ::step_x])


def _derived(
    image: DecodedImage, name: str, change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
) -> DecodedImage:
    """The same picture with its pixels rearranged, under a hash that says how."""
    pixels = np.ascontiguousarray(change(image.pixels))
    pixels.setflags(write=False)
    content_hash = hashlib.sha256(f"{image.content_hash} {name}".encode()).hexdigest()
    return replace(image, pixels=pixels, content_hash=content_hash)


def _resampled(source: Placed, to_parent: Affine, edges: Box | None, area: Rect) -> Placed:
    """Separable resampling. edges: where the picture's own lie, in the parent's pixels; None where
    transparency lies around it."""
    rows = resampling_taps(
        area.top, area.height, 1 / to_parent.yy, -to_parent.y0 / to_parent.yy - source.top,
        source.image.height, edges and (edges[1], edges[3]),
    )  # fmt: skip
    columns = resampling_taps(
        area.left, area.width, 1 / to_parent.xx, -to_parent.x0 / to_parent.xx - source.left,
        source.image.width, edges and (edges[0], edges[2]),
    )  # fmt: skip
    image = source.image
    if isinstance(image, Raster):  # only what is read need be uploaded and resampled
        read = Rect(columns.first, rows.first, columns.last + 1, rows.last + 1)
        image = Raster(picture_part(image.image, read))
        rows, columns = rows.shifted(-read.top), columns.shifted(-read.left)
    return Placed(Resample(image, rows, columns), area.left, area.top)


def warped(placed: Callable[[Affine, Rect], Placed | None], to_parent: Affine, area: Rect) -> Placed | None:
    """Bring what the area can see to its final scale where the map shrinks it, then gather.

    placed: gives the image under an upright map, so much of it as lies in an area, or None for nothing.
    """
    scale_x, scale_y = reductions(to_parent)
    zero, half = Fraction(0), Fraction(1, 2)
    shrunk = Affine(scale_x, zero, zero, scale_y, zero, zero)
    back = to_parent.inverse().then(shrunk)
    seen = outward(back.bounds(*_edges(area))).expand(GATHER_REACH)
    flat = placed(shrunk, seen)
    if flat is None:
        return None
    # Positions are counted from the pixel that the source's own origin falls in, so that neither a move by
    # whole pixels nor a crop changes how they round.
    left, top = math.floor(to_parent.x0), math.floor(to_parent.y0)
    u, v = back.apply(left + half, top + half)
    first_x, first_y = area.left - left, area.top - top
    warp = Warp(
        flat.image,
        _positions(back.xx, zero, first_x, area.width),
        _positions(back.yx, zero, first_x, area.width),
        _positions(back.xy, u - half - flat.left, first_y, area.height),
        _positions(back.yy, v - half - flat.top, first_y, area.height),
    )
    return Placed(warp, area.left, area.top)


def area_read(to_parent: Affine, area: Rect) -> Rect:
    """The part of a group's own space that an area of its parent's pixels may read (see `place_image`)."""
    if to_parent.whole_move is not None:
        x, y = to_parent.whole_move
        return area.shift(-x, -y)
    if min(reductions(to_parent)) < SMALLEST_GROUP:
        return Rect(0, 0, 0, 0)
    return outward(_read_around(to_parent, to_parent.inverse().bounds(*_edges(area))))


def _read_around(to_parent: Affine, box: Box) -> Box:
    """A box of an image's own space, and around it what kernels read on their way to the parent's pixels."""
    across, down = (SHRINK_REACH / scale for scale in reductions(to_parent))
    return box[0] - across, box[1] - down, box[2] + across, box[3] + down


def reductions(to_parent: Affine) -> tuple[Fraction, Fraction]:
    """What a source is reduced by along its two axes: the lengths that the map gives them, at most 1, to 40
    fractional bits (so that a turn alone, whose sine and cosine are rounded to 48, reduces by exactly 1)."""
    squares = to_parent.xx**2 + to_parent.yx**2, to_parent.xy**2 + to_parent.yy**2
    across, down = (Fraction((math.isqrt(int(square * (1 << 82))) + 1) >> 1, 1 << 40) for square in squares)
    return min(across, Fraction(1)), min(down, Fraction(1))


def _edges(area: Rect) -> Box:
    return Fraction(area.left), Fraction(area.top), Fraction(area.right), Fraction(area.bottom)


def outward(edges: Box) -> Rect:
    """The whole pixels around a box."""
    left, top, right, bottom = edges
    return Rect(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def _positions(slope: Fraction, offset: Fraction, first: int, count: int) -> NDArray[np.int32]:
    """slope * i + offset in 2^-16 pixels, modulo 2^32: far from the origin two tables may wrap, but not the
    sum of their entries, which lies near the source."""
    return round_line(slope * (1 << 16), offset * (1 << 16), first, count).astype(np.int32)
