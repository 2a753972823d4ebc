"""Masks of layers as planes: what sources decoded, feathered where a selection asks for it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.masks import Mask
from engines.image_core.numbers.fixed import ONE, to8, to15
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.filtering import blurred
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.steps import Map, MaskRaster

__all__ = ["coverage", "feathered"]


def coverage(mask: Mask, decoded: DecodedMask, canvas: Rect) -> Coverage:
    """What of a layer its mask shows, where it lies on the canvas."""
    selection = mask.selection
    inverted = mask.inverted != (selection is not None and selection.inverted)
    placed = feathered(decoded, selection.feather_radius if selection else 0, canvas)
    return Coverage(placed.image, placed.left, placed.top, inverted)


def feathered(decoded: DecodedMask, sigma: float, canvas: Rect) -> Placed:
    """A mask blurred by a Gaussian of `sigma` pixels and rounded to 8 bits, as a mask's file would have it.

    What lies beyond the canvas is blurred into it, and cropped then.
    """
    placed = Placed(MaskRaster(decoded), decoded.x, decoded.y)
    if sigma <= 0:
        return placed
    soft = blurred(placed, sigma, canvas)
    assert soft is not None  # a mask covers the canvas
    return Placed(Map(soft.image, _eight_bits()), soft.left, soft.top)


@lru_cache(maxsize=1)
def _eight_bits() -> NDArray[np.uint16]:
    """Each 15-bit value rounded to the nearest that 8 bits hold."""
    table = to15(to8(np.arange(ONE + 1, dtype=np.int32))).astype(np.uint16)
    table.setflags(write=False)
    return table
