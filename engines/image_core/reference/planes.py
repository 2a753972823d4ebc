"""Planes: one channel of coverage, without colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.planning.steps import Map
from engines.image_core.reference.pixels import Pixels, coverage15
from engines.image_core.reference.tiles import for_bands

__all__ = ["map_plane"]


def map_plane(step: Map, source: Pixels) -> NDArray[np.uint16]:
    """Each value looked up in a table."""
    out = np.empty((step.height, step.width), np.uint16)

    def band(rows: slice) -> None:
        out[rows] = step.table[coverage15(source, rows, slice(None))]

    for_bands(step.height, step.width, band)
    return out
