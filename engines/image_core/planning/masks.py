"""Masks of layers as planes: what sources decoded, feathered, made thinner, multiplied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.masks import Mask
from engines.image_core.numbers.curves import inversion_table
from engines.image_core.numbers.fixed import ONE, to8, to15
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.filtering import blurred
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.steps import Map, MaskRaster, Part, Product, Step

__all__ = ["coverage", "feathered"]


def coverage(masks: Sequence[Mask], decoded: Sequence[DecodedMask], canvas: Rect) -> Coverage | None:
    """What of a layer its masks show together, where it lies on the canvas; None where there are none."""
    parts = [_part(mask, found, canvas) for mask, found in zip(masks, decoded, strict=True)]
    if not parts:
        return None
    part = parts[0]
    if len(parts) == 1 and part.density == ONE and not (part.inverted and _boxed(masks[0])):
        return Coverage(part.plane, part.left, part.top, part.inverted)
    while len(parts) > 2:
        parts = [Part(_product(parts[:2], canvas), canvas.left, canvas.top), *parts[2:]]
    return Coverage(_product(parts, canvas), canvas.left, canvas.top)


def _product(parts: Sequence[Part], canvas: Rect) -> Product:
    moved = [replace(part, left=part.left - canvas.left, top=part.top - canvas.top) for part in parts]
    return Product(canvas.width, canvas.height, tuple(moved))


def _boxed(mask: Mask) -> bool:
    """Whether there may be some of the canvas around what is decoded of it."""
    return mask.position is not None or mask.vector is not None


def _part(mask: Mask, decoded: DecodedMask, canvas: Rect) -> Part:
    """A mask as it is multiplied. Around a plane lies 0: where all is visible there, it is the plane's
    complement that is placed and feathered."""
    visible = mask.outside == "visible"
    placed = feathered(decoded, mask.feather, canvas, complement=visible)
    density = round_fraction(Fraction(mask.density) * ONE)
    return Part(placed.image, placed.left, placed.top, mask.flipped != visible, density)


def feathered(decoded: DecodedMask, sigma: float, canvas: Rect, *, complement: bool = False) -> Placed:
    """A mask blurred by a Gaussian of `sigma` pixels and rounded to 8 bits, as a mask's file would have it.

    What lies beyond the canvas is blurred into it, and cropped then. complement: it is ONE minus the mask.
    """
    plane: Step = MaskRaster(decoded)
    if complement:
        plane = Map(plane, inversion_table())
    placed = Placed(plane, decoded.x, decoded.y)
    if sigma <= 0:
        return placed
    soft = blurred(placed, sigma, canvas)
    if soft is None:  # it lies beyond the canvas
        return placed
    return Placed(Map(soft.image, _eight_bits()), soft.left, soft.top)


@lru_cache(maxsize=1)
def _eight_bits() -> NDArray[np.uint16]:
    """Each 15-bit value rounded to the nearest that 8 bits hold."""
    table = to15(to8(np.arange(ONE + 1, dtype=np.int32))).astype(np.uint16)
    table.setflags(write=False)
    return table
