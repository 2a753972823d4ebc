"""Planes: one channel of coverage, without colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import Plane, lerp, mul
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.steps import ONE, Map, Part, Product
from engines.image_core.reference.pixels import Pixels, coverage15
from engines.image_core.reference.tiles import for_bands

__all__ = ["map_plane", "product"]


def map_plane(step: Map, source: Pixels) -> NDArray[np.uint16]:
    """Each value looked up in a table."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        out[rows] = step.table[coverage15(source, rows, slice(None))]

    for_bands(step.height, step.width, band)
    return out


def product(step: Product, *sources: Pixels) -> NDArray[np.uint16]:
    """The parts multiplied, in their order."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        area = Rect(0, rows.start, step.width, rows.stop)
        first, *others = [_part(part, source, area) for part, source in zip(step.parts, sources, strict=True)]
        for other in others:
            first = mul(first, other)
        out[rows] = first

    for_bands(step.height, step.width, band)
    return out


def _part(part: Part, source: Pixels, area: Rect) -> Plane:
    """What an area of a product is multiplied by: 0 lies around the plane."""
    height, width = source.shape[:2]
    values = np.zeros((area.height, area.width), np.int32)
    covered = area.intersect(Rect(part.left, part.top, part.left + width, part.top + height))
    if not covered.empty:
        own, inner = covered.shift(-part.left, -part.top), covered.shift(-area.left, -area.top)
        found = coverage15(source, slice(own.top, own.bottom), slice(own.left, own.right))
        values[inner.top : inner.bottom, inner.left : inner.right] = found
    if part.inverted:
        np.subtract(ONE, values, out=values)
    return values if part.density == ONE else lerp(np.full_like(values, ONE), values, np.int32(part.density))
