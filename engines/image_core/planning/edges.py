"""Images that go on beyond their layer's box, for filters that are not to see transparency around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from engines.image_core.models import PlacedLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedMask, LayerBox
from engines.image_core.planning.entries import Compose, Coverage, Layer
from engines.image_core.planning.placement import Box, Placed, check_size, outward, place_image
from engines.image_core.planning.steps import Extend, MaskRaster

__all__ = ["Frame", "covered", "extended", "framed", "has_edges", "windowed"]


@dataclass(frozen=True)
class Frame:
    """Where the box of an upright layer lies in its parent's pixels.

    Attributes:
        edges: left, top, right and bottom.
        outer: the pixels that it covers, in part at least.
        inner: those that it covers whole, or `outer` where there are none: their border is what goes on.
    """

    edges: Box
    outer: Rect
    inner: Rect


def has_edges(layer: object) -> bool:
    """Whether a layer has filters that see something else than transparency around it."""
    return isinstance(layer, PlacedLayer) and layer.edged


def framed(box: LayerBox) -> Frame:
    """The frame of a layer's box."""
    edges = box.to_parent.bounds(Fraction(0), Fraction(0), box.width, box.height)
    outer = outward(edges)
    left, top, right, bottom = edges
    inner = Rect(math.ceil(left), math.ceil(top), math.floor(right), math.floor(bottom))
    return Frame(edges, outer, outer if inner.empty else inner)


def extended(placed: Placed, frame: Frame, around: Rect, *, mirrored: bool) -> Placed:
    """An area of an image whose frame's inner pixels go on beyond it, repeated or mirrored at its border.

    placed: what of it there is. Beyond that, within the frame, there is nothing, or what is not wanted.
    """
    check_size(around)
    source = windowed(placed, frame.inner.intersect(around))
    left, top = around.left - source.left, around.top - source.top
    if mirrored:  # counted from 0 up
        left, top = left % (2 * source.image.width), top % (2 * source.image.height)
    return Placed(
        Extend(around.width, around.height, source.image, left, top, mirrored), around.left, around.top
    )


def windowed(placed: Placed, area: Rect) -> Placed:
    """What of an image lies in an area, and nothing around it."""
    if placed.area == area:
        return placed
    check_size(area)
    layer = Layer(placed.image, placed.left - area.left, placed.top - area.top)
    return Placed(Compose(area.width, area.height, (0, 0, 0, 0), (layer,)), area.left, area.top)


def covered(placed: Placed, frame: Frame) -> Placed | None:
    """An image that fills its area, faded where the frame covers a part of a pixel; None where that is less
    than any weight of a pixel."""
    left, top, right, bottom = frame.edges
    if all(edge.denominator == 1 for edge in frame.edges):
        return placed
    zero, one = Fraction(0), Fraction(1)
    to_parent = Affine(right - left, zero, zero, bottom - top, left, top)
    plane = place_image(Placed(_everything(), 0, 0), to_parent, (zero, zero, one, one), placed.area)
    if plane is None:
        return None
    mask = Coverage(plane.image, plane.left - placed.left, plane.top - placed.top)
    image = placed.image
    layer = Layer(image, 0, 0, mask=mask)
    return Placed(Compose(image.width, image.height, (0, 0, 0, 0), (layer,)), placed.left, placed.top)


@lru_cache(maxsize=1)
def _everything() -> MaskRaster:
    """A plane of one pixel that shows."""
    values = np.full((1, 1), 255, np.uint8)
    values.setflags(write=False)
    return MaskRaster(DecodedMask(values, "everything"))
