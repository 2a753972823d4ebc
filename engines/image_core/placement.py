"""Where an image lands: fits, transforms, cropping, and the choice of the cheapest exact way to get there.

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

from engines.image_core.decoded import DecodedImage
from engines.image_core.geometry import Affine, Rect, layer_affine
from engines.image_core.models import RasterLayer, VectorLayer
from engines.image_core.rounding import round_line
from engines.image_core.steps import Image, Raster, Resample, Warp
from engines.image_core.tables import resampling_taps

__all__ = ["Placed", "outward", "place_image", "place_picture", "solid_area", "source_reach"]

GATHER_REACH = 3
"""Source pixels around a position that a gather may touch, and one for rounding."""

SHRINK_REACH = 5
"""The same in pixels of a reduced source: two of the gather, two of the reduction, one for rounding."""

Box = tuple[Fraction, Fraction, Fraction, Fraction]
"""left, top, right, bottom"""


@dataclass(frozen=True)
class Placed:
    """An image with the place of its top-left pixel, in the parent's pixels."""

    image: Image
    left: int
    top: int

    @property
    def area(self) -> Rect:
        """The pixels it covers."""
        return Rect(self.left, self.top, self.left + self.image.width, self.top + self.image.height)


def place_picture(
    layer: RasterLayer | VectorLayer, picture: DecodedImage, canvas: tuple[int, int], need: Rect
) -> Placed | None:
    """Place a picture by its layer's fit and transform; None when nothing of it lies in `need`."""
    if picture.box is not None:
        box, content = picture.box, (Fraction(0), Fraction(0), *picture.box)
    elif isinstance(layer, RasterLayer) and layer.fit != "none":
        box, content = _fit(layer, Fraction(picture.width), Fraction(picture.height), canvas)
    else:
        box = Fraction(picture.width), Fraction(picture.height)
        content = (Fraction(0), Fraction(0), *box)
    scale_x = (content[2] - content[0]) / picture.width
    scale_y = (content[3] - content[1]) / picture.height
    to_parent = _scaled(layer_affine(layer.transform, *box), scale_x, scale_y, content[0], content[1])
    visible = (
        max(Fraction(0), -content[0]) / scale_x,
        max(Fraction(0), -content[1]) / scale_y,
        (min(box[0], content[2]) - content[0]) / scale_x,
        (min(box[1], content[3]) - content[1]) / scale_y,
    )
    return place_image(Placed(Raster(picture), 0, 0), to_parent, visible, need)


def _fit(
    layer: RasterLayer, width: Fraction, height: Fraction, canvas: tuple[int, int]
) -> tuple[tuple[Fraction, Fraction], Box]:
    """The layer's box and, in its coordinates, the rectangle that the whole picture is stretched over."""
    box_width = Fraction(layer.width) if layer.width is not None else None
    box_height = Fraction(layer.height) if layer.height is not None else None
    if box_width is None and box_height is None:
        box_width, box_height = Fraction(canvas[0]), Fraction(canvas[1])
    elif box_width is None:
        assert box_height is not None
        box_width = box_height * width / height
    elif box_height is None:
        box_height = box_width * height / width
    if layer.fit == "fill":
        return (box_width, box_height), (Fraction(0), Fraction(0), box_width, box_height)
    choose: Callable[[Fraction, Fraction], Fraction] = max if layer.fit == "cover" else min
    scale = choose(box_width / width, box_height / height)
    left, top = (box_width - width * scale) / 2, (box_height - height * scale) / 2
    return (box_width, box_height), (left, top, left + width * scale, top + height * scale)


def solid_area(layer: RasterLayer, canvas: tuple[int, int]) -> Rect | None:
    """The whole pixels that a one-colour layer fills, or None when its edges need antialiasing."""
    width = Fraction(layer.width if layer.width is not None else canvas[0])
    height = Fraction(layer.height if layer.height is not None else canvas[1])
    affine = layer_affine(layer.transform, width, height)
    edges = affine.bounds(Fraction(0), Fraction(0), width, height)
    upright = (affine.xy == affine.yx == 0) or (affine.xx == affine.yy == 0)
    if not upright or any(edge.denominator != 1 for edge in edges):
        return None
    return Rect(*map(int, edges))


def place_image(source: Placed, to_parent: Affine, visible: Box, need: Rect) -> Placed | None:
    """Place an image under an affine map from its own space (where source.left, source.top is its corner).

    Args:
        source: the image where it lies in its own space.
        to_parent: from that space to the parent's pixels.
        visible: the part of that space that is shown.
        need: the parent's pixels that are wanted; what lies outside may be left out.
    """
    own = source.area
    visible = (
        max(visible[0], Fraction(own.left)),
        max(visible[1], Fraction(own.top)),
        min(visible[2], Fraction(own.right)),
        min(visible[3], Fraction(own.bottom)),
    )
    if visible[0] >= visible[2] or visible[1] >= visible[3]:
        return None
    if to_parent.xx == to_parent.yy == 0 and isinstance(source.image, Raster):
        turned = Raster(_derived(source.image.image, "transposed", lambda p: p.transpose(1, 0, 2)))
        swapped = Affine(to_parent.xy, to_parent.xx, to_parent.yy, to_parent.yx, to_parent.x0, to_parent.y0)
        source = Placed(turned, source.top, source.left)
        return place_image(source, swapped, (visible[1], visible[0], visible[3], visible[2]), need)
    area = outward(to_parent.bounds(*visible)).intersect(need)
    if area.empty:
        return None
    if to_parent.xy == to_parent.yx == 0:
        return _copied(source, to_parent, visible) or _resampled(source, to_parent, visible, area)
    return _warped(source, to_parent, visible, area)


def _copied(source: Placed, to_parent: Affine, visible: Box) -> Placed | None:
    """The same pixels elsewhere, perhaps cropped and mirrored; None when that is not what the map does."""
    edges = to_parent.bounds(*visible)
    whole = all(value.denominator == 1 for value in (*visible, *edges))
    if not whole or abs(to_parent.xx) != 1 or abs(to_parent.yy) != 1:
        return None
    left, top, right, bottom = map(int, visible)
    plain = (left, top, right, bottom) == tuple(vars(source.area).values())
    x, y = int(edges[0]), int(edges[1])
    if plain and to_parent.xx == to_parent.yy == 1:
        return Placed(source.image, x, y)
    if not isinstance(source.image, Raster):
        return None
    rows = slice(top - source.top, bottom - source.top)
    columns = slice(left - source.left, right - source.left)
    step_x, step_y = int(to_parent.xx), int(to_parent.yy)
    name = f"cropped {rows.start} {rows.stop} {columns.start} {columns.stop} mirrored {step_x} {step_y}"
    part = _derived(source.image.image, name, lambda p: p[rows, columns][::step_y, ::step_x])
    return Placed(Raster(part), x, y)


def _derived(
    image: DecodedImage, name: str, change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
) -> DecodedImage:
    """The same picture with its pixels rearranged, under a hash that says how."""
    pixels = np.ascontiguousarray(change(image.pixels))
    pixels.setflags(write=False)
    content_hash = hashlib.sha256(f"{image.content_hash} {name}".encode()).hexdigest()
    return replace(image, pixels=pixels, content_hash=content_hash)


def _resampled(source: Placed, to_parent: Affine, visible: Box, area: Rect) -> Placed:
    edges = to_parent.bounds(*visible)
    rows = resampling_taps(
        area.top, area.height, 1 / to_parent.yy, -to_parent.y0 / to_parent.yy - source.top,
        source.image.height, (edges[1], edges[3]),
    )  # fmt: skip
    columns = resampling_taps(
        area.left, area.width, 1 / to_parent.xx, -to_parent.x0 / to_parent.xx - source.left,
        source.image.width, (edges[0], edges[2]),
    )  # fmt: skip
    return Placed(Resample(source.image, rows, columns), area.left, area.top)


def _warped(source: Placed, to_parent: Affine, visible: Box, area: Rect) -> Placed | None:
    """Crop to what the area can see, shrink to the final scale where the map shrinks, then gather.

    The pixels that are gathered from lie on a grid of the whole source, so a picture does not change with
    the part of it that is seen.
    """
    seen = to_parent.inverse().bounds(*map(Fraction, (area.left, area.top, area.right, area.bottom)))
    margin_x, margin_y = source_reach(to_parent)
    crop = (
        max(visible[0], Fraction(math.floor(seen[0]) - margin_x)),
        max(visible[1], Fraction(math.floor(seen[1]) - margin_y)),
        min(visible[2], Fraction(math.ceil(seen[2]) + margin_x)),
        min(visible[3], Fraction(math.ceil(seen[3]) + margin_y)),
    )
    if crop[0] >= crop[2] or crop[1] >= crop[3]:
        return None
    zero, half = Fraction(0), Fraction(1, 2)
    shrink_x, shrink_y = _shrink(to_parent.xx, to_parent.yx), _shrink(to_parent.xy, to_parent.yy)
    shrunk = Affine(shrink_x, zero, zero, shrink_y, zero, zero)
    near = outward(shrunk.bounds(*crop))
    flat = _copied(source, shrunk, crop) or _resampled(source, shrunk, crop, near)
    back = _then(to_parent.inverse(), shrunk)
    warp = Warp(
        flat.image,
        _positions(back.xx, back.xx / 2, area.left, area.width),
        _positions(back.yx, back.yx / 2, area.left, area.width),
        _positions(back.xy, back.xy / 2 + back.x0 - flat.left - half, area.top, area.height),
        _positions(back.yy, back.yy / 2 + back.y0 - flat.top - half, area.top, area.height),
    )
    return Placed(warp, area.left, area.top)


def source_reach(to_parent: Affine) -> tuple[int, int]:
    """Source pixels, across and down, beyond those that an area shows that still count for its pixels."""
    return _reach(to_parent.xx, to_parent.yx), _reach(to_parent.xy, to_parent.yy)


def _reach(a: Fraction, b: Fraction) -> int:
    square = _square_scale(a, b)
    return GATHER_REACH if square >= 1 else math.isqrt(int(SHRINK_REACH**2 / square)) + 1


def _shrink(a: Fraction, b: Fraction) -> Fraction:
    """How much a source is reduced along an axis before the gather: 1, or the map's scale where that is less,
    rounded up to 2^-16."""
    square = _square_scale(a, b)
    return (
        Fraction(1) if square >= 1 else Fraction(math.isqrt(math.ceil(square * (1 << 32)) - 1) + 1, 1 << 16)
    )


def _square_scale(a: Fraction, b: Fraction) -> Fraction:
    """The square of a column's length: how much the map stretches one axis, squared. A rotation alone, whose
    sine and cosine are rounded, counts as exactly 1."""
    square = a * a + b * b
    return Fraction(1) if abs(square - 1) < Fraction(1, 1 << 40) else square


def _scaled(affine: Affine, scale_x: Fraction, scale_y: Fraction, left: Fraction, top: Fraction) -> Affine:
    """First scale and move by (left, top), then the affine map."""
    zero = Fraction(0)
    return _then(Affine(scale_x, zero, zero, scale_y, left, top), affine)


def _then(first: Affine, second: Affine) -> Affine:
    x0, y0 = second.apply(first.x0, first.y0)
    return Affine(
        second.xx * first.xx + second.xy * first.yx,
        second.xx * first.xy + second.xy * first.yy,
        second.yx * first.xx + second.yy * first.yx,
        second.yx * first.xy + second.yy * first.yy,
        x0,
        y0,
    )


def outward(edges: tuple[Fraction, ...]) -> Rect:
    """The whole pixels around a box."""
    left, top, right, bottom = edges
    return Rect(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def _positions(slope: Fraction, offset: Fraction, first: int, count: int) -> NDArray[np.int32]:
    """slope * i + offset in 2^-16 pixels, modulo 2^32: far from the origin two tables may wrap, but not the
    sum of their entries, which lies near the source."""
    return round_line(slope * (1 << 16), offset * (1 << 16), first, count).astype(np.int32)
