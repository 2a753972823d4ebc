"""Planes: one channel of coverage, without colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane, lerp, mul
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.planes import Alpha, Box, Combine, Grain, Map, Part
from engines.image_core.planning.steps import Opaque
from engines.image_core.reference.dissolving import thresholds
from engines.image_core.reference.pixels import Pixels, channels15, coverage15
from engines.image_core.reference.tiles import for_bands

__all__ = ["alpha", "box", "combine", "grain", "map_plane", "opaque"]


def alpha(step: Alpha, source: Pixels) -> NDArray[np.uint16]:
    """An image's last channel."""
    if source.dtype == np.uint16:
        return np.ascontiguousarray(source[3]).astype(np.uint16)
    return coverage15(source[..., 3], slice(None), slice(None)).astype(np.uint16)


def opaque(step: Opaque, source: Pixels) -> NDArray[np.uint16]:
    """An image's colour, all of it opaque."""
    out = np.full((4, step.height, step.width), ONE, np.uint16)
    out[:3] = channels15(source, slice(None), slice(None), 3)
    return out


def box(step: Box, source: Pixels) -> NDArray[np.uint16]:
    """Each axis, vertical first: (sum + side // 2) // side; outside the source lies 0."""
    height, width = source.shape[:2]
    upright = np.empty((step.height, width), np.uint16)
    out = np.empty((step.height, step.width), np.uint16)

    def down(columns: slice) -> None:
        values = coverage15(source, slice(0, height), columns)
        upright[:, columns] = _mean(values, step.top, step.height, step.side)

    def across(rows: slice) -> None:
        values = upright[rows].T.astype(np.int32)
        out[rows] = _mean(values, step.left, step.width, step.side).T

    for_bands(width, height + step.height, down)
    for_bands(step.height, width + step.width, across)
    return out


def _mean(values: Plane, first: int, count: int, side: int) -> Plane:
    """Down the columns: the mean of `side` values from row first + i on, for i = 0 ... count - 1. A column of
    all that a canvas may have sums to less than 2^31."""
    total = np.zeros((len(values) + 1, values.shape[1]), np.int32)
    np.cumsum(values, axis=0, out=total[1:])
    begins = np.clip(np.arange(first, first + count), 0, len(values))
    ends = np.clip(np.arange(first + side, first + side + count), 0, len(values))
    mean: Plane = (total[ends] - total[begins] + side // 2) // side
    return mean


def map_plane(step: Map, source: Pixels) -> NDArray[np.uint16]:
    """Each value looked up in a table."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        out[rows] = step.table[coverage15(source, rows, slice(None))]

    for_bands(step.height, step.width, band)
    return out


def grain(step: Grain, source: Pixels) -> NDArray[np.uint16]:
    """lerp(value, value > threshold ? ONE : 0, amount)."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        values = coverage15(source, rows, slice(None))
        area = Rect(0, rows.start, step.width, rows.stop).shift(step.left, step.top)
        whole = np.where(values > thresholds(area), np.int32(ONE), np.int32(0))
        out[rows] = lerp(values, whole, np.int32(step.amount))

    for_bands(step.height, step.width, band)
    return out


def combine(step: Combine, *sources: Pixels) -> NDArray[np.uint16]:
    """The parts multiplied, in their order, or their difference without its sign."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        area = Rect(0, rows.start, step.width, rows.stop)
        first, *others = [_part(part, source, area) for part, source in zip(step.parts, sources, strict=True)]
        for other in others:
            first = mul(first, other) if step.how == "multiply" else np.abs(first - other)
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
