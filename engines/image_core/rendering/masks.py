"""Selections drawn as masks of their own, for the store: what a layer's mask shows, as 8-bit grey."""

from __future__ import annotations

import numpy as np

from engines.image_core.composition.masks import Mask
from engines.image_core.composition.shapes import Selection
from engines.image_core.numbers.fixed import to8
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.masks import coverage
from engines.image_core.reference import evaluate_step
from engines.image_core.reference.pixels import coverage15
from engines.image_core.runtime.limits import Budget
from engines.image_core.sources.vector.selections import rasterise_selection, selection_hash

__all__ = ["draw_mask"]


def draw_mask(selection: Selection, width: int, height: int, budget: Budget | None = None) -> DecodedMask:
    """A selection's mask of a canvas: uint8, shape (height, width), 255 = selected, feathered and inverted.

    NumPy draws it: one plane is not worth the way to a device and back.

    Raises:
        SourceError: the outline is too dense to be drawn, or of too many points.
        CompositionError: the time is over.
    """
    decoded = rasterise_selection(selection, width, height, budget)
    shown = coverage([Mask(selection=selection)], [decoded], Rect(0, 0, width, height))
    assert shown is not None  # there is one mask
    rows = slice(-shown.top, height - shown.top)
    columns = slice(-shown.left, width - shown.left)
    mask = to8(coverage15(evaluate_step(shown.plane), rows, columns)).astype(np.uint8)
    if shown.inverted:
        np.subtract(255, mask, out=mask)
    mask.setflags(write=False)
    return DecodedMask(mask, selection_hash(selection, width, height))
