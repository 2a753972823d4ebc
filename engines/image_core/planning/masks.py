"""Masks of layers as planes: what sources decoded, placed, feathered, made thinner, multiplied."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.masks import Mask
from engines.image_core.numbers.curves import inversion_table
from engines.image_core.numbers.fixed import ONE, to8, to15
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.filtering import blur_reach, blurred
from engines.image_core.planning.linking import place_endless, place_linked
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.planes import Map, Part, combined
from engines.image_core.planning.steps import MaskRaster, Step

__all__ = ["coverage", "feathered"]


def coverage(
    masks: Sequence[Mask],
    decoded: Sequence[DecodedMask],
    area: Rect,
    to_parent: Affine | None = None,
    shape: DecodedMask | None = None,
) -> Coverage | None:
    """What of a layer its masks and its rounded corners show together, where it lies in its parent; None
    where there are none.

    Args:
        masks: of one layer.
        decoded: of each what its source is; outlines that are linked have been drawn where they lie.
        area: the parent's pixels that count.
        to_parent: from the layer's own box to its parent's pixels, which linked pictures go by.
        shape: as in `Sources.shapes`.
    """
    parts = [_part(mask, found, area, to_parent) for mask, found in zip(masks, decoded, strict=True)]
    if shape is not None:
        parts.append(Part(MaskRaster(shape), shape.x, shape.y))
    if not parts:
        return None
    part = parts[0]
    if len(parts) == 1 and part.density == ONE and not (part.inverted and _boxed(masks[0])):
        return Coverage(part.plane, part.left, part.top, part.inverted)
    while len(parts) > 2:
        parts = [Part(combined(parts[:2], area), area.left, area.top), *parts[2:]]
    return Coverage(combined(parts, area), area.left, area.top)


def _boxed(mask: Mask) -> bool:
    """Whether there may be some of what counts around what is decoded of it."""
    return mask.position is not None or mask.vector is not None or mask.linked


def _part(mask: Mask, decoded: DecodedMask, area: Rect, to_parent: Affine | None) -> Part:
    """A mask as it is multiplied. Around a plane lies 0: where all is visible there, it is the plane's
    complement that is placed and feathered."""
    visible = mask.outside == "visible"
    plane: Step = MaskRaster(decoded)
    if visible:
        plane = Map(plane, inversion_table())
    placed = Placed(plane, decoded.x, decoded.y)
    if mask.linked and mask.pictured and to_parent is not None:
        place = place_endless if mask.position is None else place_linked
        reach = blur_reach(mask.feather) if mask.feather > 0 else 0
        placed = place(placed, to_parent, area.expand(reach))
    placed = feathered(placed, mask.feather, area)
    density = round_fraction(Fraction(mask.density) * ONE)
    return Part(placed.image, placed.left, placed.top, mask.flipped != visible, density)


def feathered(placed: Placed, sigma: float, area: Rect) -> Placed:
    """A mask blurred by a Gaussian of `sigma` pixels and rounded to 8 bits, as a mask's file would have it.

    What lies beyond the area is blurred into it, and cropped then.
    """
    if sigma <= 0:
        return placed
    soft = blurred(placed, sigma, area)
    if soft is None:  # it lies beyond the area
        return placed
    return Placed(Map(soft.image, _eight_bits()), soft.left, soft.top)


@lru_cache(maxsize=1)
def _eight_bits() -> NDArray[np.uint16]:
    """Each 15-bit value rounded to the nearest that 8 bits hold."""
    table = to15(to8(np.arange(ONE + 1, dtype=np.int32))).astype(np.uint16)
    table.setflags(write=False)
    return table
