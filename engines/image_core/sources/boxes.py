"""The rounded corners and the border of a picture's or a paint's box, as antialiased coverage.

Both are made of two outlines, filled by exact area where the layer's transform places them: a box, and what
its rounded corners cut off it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.models import RasterLayer
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedMask, LayerBox
from engines.image_core.planning.filtering import spreads
from engines.image_core.planning.placement import check_size, outward
from engines.image_core.sources.describing import Source
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.vector.outline import FREETYPE_VERSION, OutlineBuilder, fill_coverage

__all__ = ["box_ring", "box_shape"]

_OUTWARD = ((-1, -1), (1, -1), (1, 1), (-1, 1))
"""From a box's middle to its corners: top left, top right, bottom right, bottom left."""


def box_shape(layer: RasterLayer, box: LayerBox, area: Rect) -> Source[DecodedMask] | None:
    """What rounded corners leave of a layer in an area of its parent's pixels; None where that is all of it.

    A layer's straight edges are antialiased already. So it is the part of what a pixel has of the box that
    lies inside the rounded one: their product is antialiased once. A layer that a blur has spread has no such
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
        return _mask(whole - cut if spread else _share(whole, cut), region, key)

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
    """A box in a layer's own coordinates, with the radii of its corners in the order of `_OUTWARD`."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction
    radii: tuple[Fraction, ...]

    @property
    def empty(self) -> bool:
        """Whether it has no area."""
        return self.right <= self.left or self.bottom <= self.top


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
        whole.polygon([_corner(box, *outward) for outward in _OUTWARD])
        for (right, down), radius in zip(_OUTWARD, box.radii, strict=True):
            if radius:
                x, y = _corner(box, right, down)
                across, along = right * radius, down * radius
                corners.move_to(x, y)
                corners.quarter(x - across, y - along, (across, 0), (0, along))
                corners.close()
    covered, cut = (fill_coverage(builder.outline(), region) for builder in (whole, corners))
    return covered, np.minimum(covered, cut)


def _corner(box: _RoundedBox, right: int, down: int) -> tuple[Fraction, Fraction]:
    return box.right if right > 0 else box.left, box.bottom if down > 0 else box.top


def _share(whole: NDArray[np.uint8], cut: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What is left of what a pixel has of the box, 255 for all of it; 0 where it has nothing."""
    left = np.where(whole > 0, np.uint8(255), np.uint8(0))
    parts = np.nonzero(cut)
    covered = whole[parts].astype(np.int32)
    left[parts] = 255 - (255 * cut[parts].astype(np.int32) + covered // 2) // covered
    return left


def _mask(values: NDArray[np.uint8], region: Rect, key: str) -> DecodedMask:
    values.setflags(write=False)
    return DecodedMask(values, key, region.left, region.top)


def _hashed(kind: str, drawn: _RoundedBox, box: LayerBox, area: Rect, *more: bool) -> str:
    """SHA-256 hex digest of all that decides what is drawn of a box."""
    numbers = [drawn.left, drawn.top, drawn.right, drawn.bottom, *drawn.radii, box.width, box.height]
    numbers += vars(box.to_parent).values()
    return content_hash(kind, [*map(str, numbers), *vars(area).values(), *more], FREETYPE_VERSION)
