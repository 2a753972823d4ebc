"""Affine gather with cubic weights at 1/256-pixel phases, on premultiplied values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.planning.steps import Warp
from engines.image_core.reference.gathering import BORDER, gathered
from engines.image_core.reference.pixels import Pixels, empty15, premultiplied, size
from engines.image_core.reference.tiles import for_bands
from engines.image_core.reference.weighted import store_sums

__all__ = ["warp"]


def warp(step: Warp, source: Pixels) -> NDArray[np.uint16]:
    """`gathered` at the sums of a column's and a row's position, and `store_sums`. Transparency lies outside
    the source."""
    height = size(source)[0]
    framed = [np.pad(plane, BORDER) for plane in premultiplied(source, slice(0, height), opaque=False)]
    out = empty15(step)

    def band(rows: slice) -> None:
        u = step.column_u + step.row_u[rows, None]
        v = step.column_v + step.row_v[rows, None]
        store_sums(gathered(framed, u, v), rows, out)

    for_bands(step.height, step.width, band)
    return out
