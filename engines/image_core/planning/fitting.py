"""Where a layer's picture or colour goes: its box, its fit and its transform, as one affine map."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.sources import Anchor, point_of
from engines.image_core.composition.warps import MeshWarp
from engines.image_core.models import Layer, PlacedLayer, RasterLayer, Transform, VectorLayer
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect, sine_cosine
from engines.image_core.planning.decoded import DecodedImage, Reduced
from engines.image_core.planning.focus import picture_corner
from engines.image_core.planning.placement import Box, Placed, outward, place_image
from engines.image_core.planning.quads import corners_map
from engines.image_core.planning.steps import Raster, Solid, color15
from engines.image_core.planning.warping import place_warped, warped_bounds

__all__ = [
    "box_size",
    "code_size",
    "drawn_bounds",
    "is_picture",
    "jpeg_factor",
    "layer_affine",
    "own_size",
    "paint_size",
    "place_picture",
    "place_solid",
    "solid_area",
]


LEAST_REDUCTION = Fraction(3, 2)
"""What at least is left of a reduction for the Keys kernel to do after a JPEG's decoder has done its part.

Against decoding in full, photographs of much detail (JPEG of quality 90) then differ by an rms of 1.0 to 1.6
8-bit steps at a half and up to 2.1 at a quarter; with 1 left it is up to 3.0."""


def jpeg_factor(layer: RasterLayer, width: int, height: int, canvas: tuple[int, int]) -> int:
    """What a JPEG of width x height is reduced by while it is decoded for a layer: 8, 4, 2 or 1.

    libjpeg reduces by these in its inverse DCT, which saves most of the decoding. What is warped is decoded
    in full, for nearer parts of it are larger than others, and so is what is cropped at any of its pixels,
    or repeated.
    """
    if layer.warp is not None or layer.crop is not None or layer.tile is not None:
        return 1
    box, content = _spread(layer, Fraction(width), Fraction(height), canvas)
    affine = layer_affine(layer.transform, *box)
    across = (content[2] - content[0]) ** 2 * (affine.xx**2 + affine.yx**2) / width**2
    down = (content[3] - content[1]) ** 2 * (affine.xy**2 + affine.yy**2) / height**2
    for factor in (8, 4, 2):
        fits = min(width, height) >= factor
        if fits and max(across, down) * (factor * LEAST_REDUCTION) ** 2 <= 1:
            return factor
    return 1


def is_picture(layer: Layer) -> TypeGuard[RasterLayer | VectorLayer]:
    """Whether the layer's source has pixels of its own that the plan must place."""
    if isinstance(layer, RasterLayer):
        return layer.source.color is None and layer.tile is None
    return isinstance(layer, VectorLayer) and layer.svg is not None


def place_picture(
    layer: RasterLayer | VectorLayer, picture: DecodedImage, canvas: tuple[int, int], need: Rect
) -> Placed | None:
    """Place a picture by its layer's fit and transform; None when nothing of it lies in `need`."""
    reduced = _whole(picture)
    if picture.box is not None:
        box, content = picture.box, (Fraction(0), Fraction(0), *picture.box)
    else:
        box, content = _spread(layer, Fraction(reduced.width), Fraction(reduced.height), canvas)
    scale_x = (content[2] - content[0]) / reduced.width
    scale_y = (content[3] - content[1]) / reduced.height
    to_box = _scaled(IDENTITY, scale_x, scale_y, content[0], content[1])
    shown = (
        max(Fraction(0), -content[0]) / scale_x,
        max(Fraction(0), -content[1]) / scale_y,
        (min(box[0], content[2]) - content[0]) / scale_x,
        (min(box[1], content[3]) - content[1]) / scale_y,
    )
    decoded = _scaled(
        to_box,
        Fraction(reduced.factor),
        Fraction(reduced.factor),
        Fraction(reduced.left),
        Fraction(reduced.top),
    )
    visible = (
        (shown[0] - reduced.left) / reduced.factor,
        (shown[1] - reduced.top) / reduced.factor,
        (shown[2] - reduced.left) / reduced.factor,
        (shown[3] - reduced.top) / reduced.factor,
    )
    to_parent = _box_affine(layer, *box)
    if to_parent is None:
        assert isinstance(layer, RasterLayer)
        assert layer.warp is not None
        return place_warped(layer.warp, picture, decoded.then(_to_unit(*box)), visible, need)
    return place_image(Placed(Raster(picture), 0, 0), decoded.then(to_parent), visible, need)


def _box_affine(layer: RasterLayer | VectorLayer, width: Fraction, height: Fraction) -> Affine | None:
    """From the layer's box to the parent's pixels; None where no affine map brings it there."""
    if not isinstance(layer, RasterLayer) or layer.warp is None:
        return layer_affine(layer.transform, width, height)
    if isinstance(layer.warp, MeshWarp):
        return None
    return corners_map(layer.warp).after(_to_unit(width, height)).affine


def _to_unit(width: Fraction, height: Fraction) -> Affine:
    """From a box to the unit square."""
    return _scaled(IDENTITY, 1 / width, 1 / height, Fraction(0), Fraction(0))


def _whole(picture: DecodedImage) -> Reduced:
    return picture.reduced or Reduced(1, picture.width, picture.height)


def own_size(
    layer: PlacedLayer, picture: DecodedImage | None, canvas: tuple[int, int]
) -> tuple[Fraction, Fraction]:
    """The width and height of the own box of any layer but a text.

    Args:
        layer: the layer.
        picture: what it draws; only pictures and SVGs are asked for their size.
        canvas: the canvas's width and height, the box of what has no size of its own.
    """
    if picture is not None and picture.box is not None:
        return picture.box
    if isinstance(layer, VectorLayer) and layer.code is not None:
        return code_size(layer)
    if not isinstance(layer, RasterLayer):
        return Fraction(canvas[0]), Fraction(canvas[1])
    if layer.source.color is not None or layer.tile is not None or picture is None:
        return paint_size(layer, canvas)
    whole = _whole(picture)
    return _spread(layer, Fraction(whole.width), Fraction(whole.height), canvas)[0]


def drawn_bounds(
    layer: RasterLayer | VectorLayer, picture: DecodedImage | None, canvas: tuple[int, int]
) -> Rect:
    """The parent's pixels that a picture or a paint covers, in part at least: of a picture those of its own
    pixels that are at least half opaque, if any are, within its box."""
    width, height = own_size(layer, picture, canvas)
    left, top, right, bottom = Fraction(0), Fraction(0), width, height
    if picture is not None and is_picture(layer):
        shown = _shown_box(layer, picture, canvas)
        left, top = max(left, shown[0]), max(top, shown[1])
        right, bottom = min(right, shown[2]), min(bottom, shown[3])
    if isinstance(layer, RasterLayer) and layer.warp is not None:
        return outward(warped_bounds(layer.warp, _to_unit(width, height), (left, top, right, bottom)))
    return outward(layer_affine(layer.transform, width, height).bounds(left, top, right, bottom))


def _shown_box(layer: RasterLayer | VectorLayer, picture: DecodedImage, canvas: tuple[int, int]) -> Box:
    """Where a picture is at least half opaque, in its layer's coordinates."""
    whole = _whole(picture)
    if picture.box is not None:
        spread = Fraction(0), Fraction(0), *picture.box
    else:
        spread = _spread(layer, Fraction(whole.width), Fraction(whole.height), canvas)[1]
    if picture.opaque:
        return spread
    half = picture.pixels[..., 3] >= 128
    columns, rows = (_extent(np.logical_or.reduce(half, axis=axis)) for axis in (0, 1))
    scale_x, scale_y = (spread[2] - spread[0]) / whole.width, (spread[3] - spread[1]) / whole.height
    left, right = (spread[0] + (whole.left + whole.factor * edge) * scale_x for edge in columns)
    top, bottom = (spread[1] + (whole.top + whole.factor * edge) * scale_y for edge in rows)
    return left, top, right, bottom


def _extent(there: NDArray[np.bool_]) -> tuple[int, int]:
    """From the first that is there to behind the last; all where none is."""
    found = np.flatnonzero(there)
    return (int(found[0]), int(found[-1]) + 1) if found.size else (0, len(there))


def paint_size(layer: RasterLayer, canvas: tuple[int, int]) -> tuple[Fraction, Fraction]:
    """The width and height of the box of a paint or of tiles."""
    width = layer.width if layer.width is not None else canvas[0]
    height = layer.height if layer.height is not None else canvas[1]
    return Fraction(width), Fraction(height)


def code_size(layer: VectorLayer) -> tuple[Fraction, Fraction]:
    """The width and height of the box of a code. A QR code, which is square, may be given one of them."""
    sides = [Fraction(side) for side in (layer.width, layer.height) if side is not None]
    return sides[0], sides[-1]


def _spread(
    layer: RasterLayer | VectorLayer, width: Fraction, height: Fraction, canvas: tuple[int, int]
) -> tuple[tuple[Fraction, Fraction], Box]:
    """The layer's box and, in its coordinates, the rectangle that the whole picture is stretched over."""
    if isinstance(layer, RasterLayer) and layer.fit != "none":
        return _fit(layer, width, height, canvas)
    return (width, height), (Fraction(0), Fraction(0), width, height)


def _fit(
    layer: RasterLayer, width: Fraction, height: Fraction, canvas: tuple[int, int]
) -> tuple[tuple[Fraction, Fraction], Box]:
    """`_spread` of a layer whose picture fills, covers or is contained in its box."""
    box_width, box_height = box_size(layer, width, height, (Fraction(canvas[0]), Fraction(canvas[1])))
    if layer.fit == "fill":
        return (box_width, box_height), (Fraction(0), Fraction(0), box_width, box_height)
    choose: Callable[[Fraction, Fraction], Fraction] = max if layer.fit == "cover" else min
    scale = choose(box_width / width, box_height / height)
    left, top = picture_corner(layer, (width, height), (box_width, box_height), scale)
    return (box_width, box_height), (left, top, left + width * scale, top + height * scale)


def box_size(
    layer: RasterLayer | VectorLayer, width: Fraction, height: Fraction, neither: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """The width and height that a layer gives its picture of width x height: a missing side follows the
    picture's proportions, both missing are `neither`."""
    given_width = None if layer.width is None else Fraction(layer.width)
    given_height = None if layer.height is None else Fraction(layer.height)
    if given_width is None:
        return neither if given_height is None else (given_height * width / height, given_height)
    return given_width, given_width * height / width if given_height is None else given_height


def solid_area(layer: RasterLayer, canvas: tuple[int, int]) -> Rect | None:
    """The whole pixels that a one-colour layer fills, or None when its edges need antialiasing."""
    width, height = paint_size(layer, canvas)
    affine = layer_affine(layer.transform, width, height)
    edges = affine.bounds(Fraction(0), Fraction(0), width, height)
    upright = (affine.xy == affine.yx == 0) or (affine.xx == affine.yy == 0)
    if not upright or any(edge.denominator != 1 for edge in edges):
        return None
    return Rect(*map(int, edges))


def place_solid(layer: Layer, canvas: tuple[int, int], need: Rect) -> Placed | None:
    """The pixels of a layer of one colour that lie in `need`; None where there are none."""
    if not isinstance(layer, RasterLayer) or not isinstance(layer.source.color, str):
        return None
    area = solid_area(layer, canvas)
    area = area.intersect(need) if area else Rect(0, 0, 0, 0)
    color = color15(layer.source.color)
    if area.empty or color[3] == 0:
        return None
    return Placed(Solid(area.width, area.height, color), area.left, area.top)


def _scaled(affine: Affine, scale_x: Fraction, scale_y: Fraction, left: Fraction, top: Fraction) -> Affine:
    """First scale and move by (left, top), then the affine map."""
    zero = Fraction(0)
    return Affine(scale_x, zero, zero, scale_y, left, top).then(affine)


def layer_affine(
    transform: Transform,
    width: Fraction,
    height: Fraction,
    left: Fraction = Fraction(0),
    top: Fraction = Fraction(0),
) -> Affine:
    """From the own coordinates of a layer, whose width x height box begins at (left, top), to its parent's
    pixels. The anchor is a point of the box; "top-left" is its coordinates' 0, 0.

    The anchor lands on (x, y); scale comes first, then the clockwise rotation (y points down).
    """
    sine, cosine = sine_cosine(transform.rotation)
    sx = Fraction(transform.scale)
    sy = sx if transform.scale_y is None else Fraction(transform.scale_y)
    xx, xy, yx, yy = cosine * sx, -sine * sy, sine * sx, cosine * sy
    ax, ay = Fraction(0), Fraction(0)
    if transform.anchor != "top-left":
        across, down = _anchor(transform.anchor)
        ax, ay = left + width * across, top + height * down
    return Affine(
        xx, xy, yx, yy,
        Fraction(transform.x) - xx * ax - xy * ay,
        Fraction(transform.y) - yx * ax - yy * ay,
    )  # fmt: skip


def _anchor(anchor: Anchor) -> tuple[Fraction, Fraction]:
    """Where along the sides of a box an anchor lies, as parts of them."""
    if isinstance(anchor, str):
        return point_of(anchor)
    return Fraction(anchor[0]), Fraction(anchor[1])
