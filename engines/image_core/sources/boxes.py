"""The rounded corners and the border of a picture's or a paint's box, as antialiased coverage.

Both are made of two outlines, filled by exact area where the layer's transform places them: a box, and what
its rounded corners cut off it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.models import RasterLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedMask, LayerBox
from engines.image_core.planning.filtering import spreads
from engines.image_core.planning.placement import SHRINK_REACH, SMALLEST, check_size, outward, reductions
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.source import Source
from engines.image_core.sources.vector.outline import FREETYPE_VERSION, OutlineBuilder, fill_coverage

__all__ = ["box_ring", "box_shape"]


def box_shape(layer: RasterLayer, box: LayerBox, area: Rect) -> Source[DecodedMask] | None:
    """What rounded corners leave of a layer in an area of its parent's pixels; None where that is all of it.

    A layer's straight edges are antialiased already. So it is the part of what a pixel has of the box that
    lies inside the rounded one: their product is antialiased once. Kernels leave a little of what is turned
    outside the box too: beside its straight edges that stays. A layer that a blur has spread has no such
    edges: there it is the rounded box itself, beyond which nothing shows.
    """
    spread = spreads(layer)
    if not any(layer.radii) and not (layer.border and spread):
        return None
    rounded = _rounded(Fraction(0), Fraction(0), box.width, box.height, layer.radii)
    key = _hashed("rounded box", rounded, box, area, spread)

    def make() -> DecodedMask:
        region = _region(box, area)
        whole, cut = _filled(rounded, box.to_parent, region)
        if spread:
            return _mask(whole - cut, region, key)
        left = _share(whole, cut)
        outside = whole == 0
        if outside.any():
            left[outside] = 255 - _beyond(rounded, box.to_parent, region)[outside]
        return _mask(left, region, key)

    return Source(key, make)


def box_ring(layer: RasterLayer, box: LayerBox, area: Rect) -> Source[DecodedMask] | None:
    """All that lies beyond the inner edge of a layer's border; None where it has none."""
    if layer.border is None:
        return None
    width = Fraction(layer.border.width)
    outer = _rounded(Fraction(0), Fraction(0), box.width, box.height, layer.radii)
    radii = [max(radius - width, Fraction(0)) for radius in outer.radii]
    inner = _rounded(width, width, box.width - width, box.height - width, radii)
    key = _hashed("border", inner, box, area)

    def make() -> DecodedMask:
        region = _region(box, area)
        whole, cut = _filled(inner, box.to_parent, region)
        return _mask(255 - (whole - cut), region, key)

    return Source(key, make)


@dataclass(frozen=True)
class _RoundedBox:
    """A box in a layer's own coordinates, with the radii of its corners: top left, top right, bottom right,
    bottom left."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction
    radii: tuple[Fraction, ...]

    @property
    def empty(self) -> bool:
        """Whether it has no area."""
        return self.right <= self.left or self.bottom <= self.top

    def corners(self) -> Iterator[tuple[Fraction, Fraction, Fraction, Fraction]]:
        """Of each round corner its x and y, and its radius as lengths that point outwards along both axes."""
        x0, y0, x1, y1 = self.left, self.top, self.right, self.bottom
        places = (x0, y0, -1, -1), (x1, y0, 1, -1), (x1, y1, 1, 1), (x0, y1, -1, 1)
        for (x, y, right, down), radius in zip(places, self.radii, strict=True):
            if radius > 0:
                yield x, y, right * radius, down * radius


def _rounded(
    left: Fraction, top: Fraction, right: Fraction, bottom: Fraction, radii: Sequence[float | Fraction]
) -> _RoundedBox:
    """A box whose radii fit: those that do not are scaled down together until no two of one side overlap, as
    CSS Backgrounds and Borders Level 3, section 5.5, has it."""
    exact = tuple(Fraction(radius) for radius in radii)
    sides = (right - left, bottom - top) * 2
    pairs = zip(exact, (*exact[1:], exact[0]), sides, strict=True)
    fit = min([Fraction(1), *(side / (first + second) for first, second, side in pairs if first + second)])
    return _RoundedBox(left, top, right, bottom, tuple(radius * fit for radius in exact))


def _region(box: LayerBox, area: Rect) -> Rect:
    """The pixels of an area that a layer's box touches."""
    zero = Fraction(0)
    region = outward(box.to_parent.bounds(zero, zero, box.width, box.height)).intersect(area)
    region = Rect(0, 0, 1, 1) if region.empty else region
    check_size(region)
    return region


def _filled(box: _RoundedBox, to_parent: Affine, region: Rect) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What of each pixel the box covers, and of that what its corners cut off, 0 to 255."""
    whole, corners = OutlineBuilder(to_parent), OutlineBuilder(to_parent)
    if not box.empty:
        x0, y0, x1, y1 = box.left, box.top, box.right, box.bottom
        whole.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        for x, y, across, down in box.corners():
            corners.move_to(x, y)
            corners.quarter(x - across, y - down, (across, 0), (0, down))
            corners.close()
    covered, cut = (fill_coverage(builder.outline(), region) for builder in (whole, corners))
    return covered, np.minimum(covered, cut)


def _beyond(box: _RoundedBox, to_parent: Affine, region: Rect) -> NDArray[np.uint8]:
    """What of each pixel lies outside the box beside what is cut off it, as far as kernels reach."""
    reach = SHRINK_REACH / max(min(reductions(to_parent)), SMALLEST)
    around = OutlineBuilder(to_parent)
    for x, y, across, down in box.corners():
        far_x, far_y = x + (reach if across > 0 else -reach), y + (reach if down > 0 else -reach)
        beside, above = x - across, y - down
        around.polygon([(x, y), (beside, y), (beside, far_y), (far_x, far_y), (far_x, above), (x, above)])
    return fill_coverage(around.outline(), region)


def _share(whole: NDArray[np.uint8], cut: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What is left of what a pixel has of the box, 255 for all of it."""
    left = 255 - cut
    edge = (cut > 0) & (whole < 255)
    covered = whole[edge].astype(np.int32)
    left[edge] = 255 - (255 * cut[edge].astype(np.int32) + covered // 2) // covered
    return left


def _mask(values: NDArray[np.uint8], region: Rect, key: str) -> DecodedMask:
    values.setflags(write=False)
    return DecodedMask(values, key, region.left, region.top)


def _hashed(kind: str, drawn: _RoundedBox, box: LayerBox, area: Rect, *more: bool) -> str:
    """SHA-256 hex digest of all that decides what is drawn of a box."""
    numbers = [drawn.left, drawn.top, drawn.right, drawn.bottom, *drawn.radii, box.width, box.height]
    numbers += vars(box.to_parent).values()
    return content_hash(kind, [*map(str, numbers), *vars(area).values(), *more], FREETYPE_VERSION)
