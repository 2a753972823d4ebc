"""Pictures repeated over a layer's box, or without an end, as steps, placed."""

from __future__ import annotations

from fractions import Fraction

from engines.image_core.composition.tiling import Tiling
from engines.image_core.models import RasterLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.entries import Compose, Layer
from engines.image_core.planning.fitting import layer_affine, paint_size
from engines.image_core.planning.placement import Placed, area_read, check_size, outward, place_image
from engines.image_core.planning.steps import Raster, Step, Tile

__all__ = ["place_tiled"]


def place_tiled(
    layer: RasterLayer, picture: DecodedImage, canvas: tuple[int, int], need: Rect
) -> Placed | None:
    """What of a layer with a tiling lies in `need`; None where there is nothing.

    Args:
        layer: without a width and a height its tiles go on without an end.
        picture: what is repeated.
        canvas: the canvas's width and height, for a side of the box that is missing.
        need: the parent's pixels wanted.

    Raises:
        TooLargeError: it covers more pixels than a step may have, or a copy with its gap does.
    """
    assert layer.tile is not None
    width, height = paint_size(layer, canvas)
    to_parent = layer_affine(layer.transform, width, height)
    endless = layer.width is None and layer.height is None
    box = None if endless else (Fraction(0), Fraction(0), width, height)
    area = area_read(to_parent, need)
    if box is not None:
        area = area.intersect(outward(box))
    if area.empty:
        return None
    check_size(area)
    cell = _cell(layer.tile, _copy(layer.tile, picture))
    x, y = layer.tile.offset
    tiles = Tile(area.width, area.height, cell, (area.left - x) % cell.width, (area.top - y) % cell.height)
    return place_image(Placed(tiles, area.left, area.top), to_parent, box, need)


def _copy(tile: Tiling, picture: DecodedImage) -> Step:
    """One copy: the picture at its size, as a picture is that fills a box."""
    own = Fraction(picture.width), Fraction(picture.height)
    width, height = tile.width, tile.height
    if width is None:
        width = picture.width if height is None else max(1, round_fraction(height * own[0] / own[1]))
    if height is None:
        height = picture.height if tile.width is None else max(1, round_fraction(width * own[1] / own[0]))
    area = Rect(0, 0, width, height)
    check_size(area)
    zero = Fraction(0)
    fitted = Affine(width / own[0], zero, zero, height / own[1], zero, zero)
    placed = place_image(Placed(Raster(picture), 0, 0), fitted, (zero, zero, *own), area)
    assert placed is not None  # it has a pixel at least
    return placed.image


def _cell(tile: Tiling, copy: Step) -> Step:
    """What repeats: a copy with its gap, or two rows of one where every second row is moved."""
    across, down = tile.gaps
    width, height = copy.width + across, copy.height + down
    moved = round_fraction(Fraction(tile.stagger) * width) % width
    if (width, height) == (copy.width, copy.height) and not moved:
        return copy
    layers = [Layer(copy, 0, 0)]
    if moved:
        layers.append(Layer(copy, moved, height))
        if moved + copy.width > width:
            layers.append(Layer(copy, moved - width, height))
        height *= 2
    check_size(Rect(0, 0, width, height))
    return Compose(width, height, (0, 0, 0, 0), tuple(layers))
