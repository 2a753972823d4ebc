"""Shapes drawn into straight RGBA: outlines filled and stroked in order, each over the last.

A shape is built in its own coordinates, mapped to pixels exactly, and only there rasterised: it is as crisp
at any scale and rotation. Compositing is the pixel rule of a normal layer over its backdrop.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.composition.shapes import (
    EllipseShape,
    LineShape,
    Paint,
    PathShape,
    PolygonShape,
    RectShape,
    Shape,
    Stroke,
)
from engines.image_core.errors import SourceError
from engines.image_core.models import VectorLayer
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.runtime.limits import Budget, Clock
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.paint import Frame, box_affine
from engines.image_core.sources.patterns import NO_PICTURES, PatternPictures, by_content
from engines.image_core.sources.vector.outline import (
    FREETYPE_VERSION,
    Outline,
    OutlineBuilder,
    concat,
    transform,
)
from engines.image_core.sources.vector.outline_limits import tight_bounds
from engines.image_core.sources.vector.pieces import drawn_pieces, filled
from engines.image_core.sources.vector.stroking import stroke
from engines.image_core.sources.vector.svg_path import draw_path

__all__ = ["rasterise_shapes", "shapes_bounds", "shapes_hash", "shapes_outlines"]


class _Part(NamedTuple):
    """What a shape's fill or stroke covers, its paint, and the box that the paint spans."""

    outline: Outline
    paint: Paint
    box: Affine
    frame: Frame


def rasterise_shapes(
    layer: VectorLayer,
    affine: Affine,
    region: Rect,
    label: str,
    budget: Budget | None = None,
    pictures: PatternPictures = NO_PICTURES,
) -> DecodedImage | None:
    """Draw a layer's shapes.

    A gradient spans the bounding box of its shape's geometry, strokes included or not, as SVG's
    objectBoundingBox, and a pattern begins at its corner; a side on which the geometry has no extent (a
    straight line's) is the stroke's width.

    Args:
        layer: A vector layer with shapes.
        affine: From the layer's coordinates to pixels of its parent.
        region: The parent's pixels that can be seen.
        label: How errors name the layer.
        budget: Says how long it may take.
        pictures: Those of the shapes' patterns.

    Returns:
        The smallest box of pixels that holds all there is to see in the region, or None if there is nothing.

    Raises:
        SourceError: a path is not SVG path data, or FreeType cannot take a shape, or its curves and strokes
            have too many points.
        CompositionError: the time is over.
        TooLargeError: so much of it is seen that it would have too many pixels.
    """
    clock = (budget or Budget()).clock(label)
    parts = _parts(layer, affine, label, clock)
    pieces = [filled((part.outline,), *part[1:], region, pictures) for part in parts]
    try:
        return drawn_pieces(pieces, region, shapes_hash(layer, affine, region, pictures), clock)
    except SourceError as error:
        raise SourceError(f"{label}: {error}") from error


def shapes_bounds(layer: VectorLayer, affine: Affine, label: str, budget: Budget) -> Rect:
    """The parent's pixels that the outlines of a layer's shapes touch, seen or not. Arguments and errors as
    of `rasterise_shapes`."""
    return concat(shapes_outlines(layer, affine, label, budget)).bounds()


def shapes_outlines(layer: VectorLayer, affine: Affine, label: str, budget: Budget) -> list[Outline]:
    """What a layer's shapes fill, their fills and strokes in order, whatever their paints, in 26.6 of the
    parent's pixels: each to be filled non-zero. Arguments and errors as of `rasterise_shapes`."""
    return [part.outline for part in _parts(layer, affine, label, budget.clock(label))]


def shapes_hash(
    layer: VectorLayer, affine: Affine, region: Rect, pictures: PatternPictures = NO_PICTURES
) -> str:
    """SHA-256 hex digest of all that decides the pixels of a layer's shapes; the pictures of patterns count
    by what they hold, not by their names."""
    entries = (affine.xx, affine.xy, affine.yx, affine.yy, affine.x0, affine.y0)
    description = {
        "layer": by_content(layer.drawing("transform"), pictures),
        "affine": [str(entry) for entry in entries],
        "region": [region.left, region.top, region.right, region.bottom],
    }
    return content_hash("shapes", description, FREETYPE_VERSION)


def _parts(layer: VectorLayer, affine: Affine, label: str, clock: Clock) -> Iterator[_Part]:
    for index, shape in enumerate(layer.shapes or ()):
        yield from _parts_of(shape, affine, f"{label}, shapes[{index}]", clock)


def _parts_of(shape: Shape, affine: Affine, field: str, clock: Clock) -> Iterator[_Part]:
    """The fill and then the stroke of a shape."""
    # In coordinates enlarged by a power of two the shape is at least as large as its image in pixels.
    scale = affine.enlargement
    builder = OutlineBuilder(IDENTITY.after_scaling(scale), clock)
    _build(shape, builder, field)
    outline, closed = builder.outline(), builder.closed
    if not len(outline.points):
        return
    to_pixels = affine.after_scaling(1 / scale)
    own = _paint_box(outline, shape.stroke, scale)
    box, sides = own.then(affine), (own.xx, own.yy)
    if shape.fill is not None:
        yield _part(transform(outline, to_pixels), shape.fill, box, sides)
    if shape.stroke is not None:
        width = max(int(Fraction(shape.stroke.width) * scale * 64 + Fraction(1, 2)), 1)
        try:
            line = stroke(outline, width, shape.stroke.cap, shape.stroke.join, closed, clock)
        except SourceError as error:
            raise SourceError(f"{field}: {error}") from error
        yield _part(transform(line, to_pixels), shape.stroke.color, box, sides)


def _part(outline: Outline, paint: Paint, box: Affine, sides: tuple[Fraction, Fraction]) -> _Part:
    return _Part(outline, paint, box, Frame(*sides, outline.bounds()))


def _build(shape: Shape, builder: OutlineBuilder, field: str) -> None:
    match shape:
        case RectShape():
            width, height = Fraction(shape.width), Fraction(shape.height)
            radius = min(Fraction(shape.radius), width / 2, height / 2)
            builder.rounded_rect(Fraction(shape.x), Fraction(shape.y), width, height, radius, radius)
        case EllipseShape():
            rx, ry = Fraction(shape.rx), Fraction(shape.ry)
            left, top = Fraction(shape.cx) - rx, Fraction(shape.cy) - ry
            builder.rounded_rect(left, top, 2 * rx, 2 * ry, rx, ry)
        case PolygonShape() | LineShape():
            points = [(Fraction(x), Fraction(y)) for x, y in shape.points]
            builder.polygon(points, closed=isinstance(shape, PolygonShape))
        case PathShape():
            draw_path(shape.d, builder, f"{field}.d")


def _paint_box(outline: Outline, line: Stroke | None, scale: Fraction) -> Affine:
    """From fractions of the shape's bounding box to the layer's coordinates."""
    left, top, right, bottom = (Fraction(value) / 64 / scale for value in tight_bounds(outline))
    half = Fraction(line.width) / 2 if line else Fraction(1, 2) / 64 / scale
    if left == right:
        left, right = left - half, right + half
    if top == bottom:
        top, bottom = top - half, bottom + half
    return box_affine(left, top, right - left, bottom - top)
