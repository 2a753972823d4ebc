"""Fills: gradients looked up in their ramps, planes likewise, and images repeated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.gradients import gradient_values
from engines.image_core.planning.steps import Colored, Gradient, Tile
from engines.image_core.reference.pixels import Pixels, channels15, coverage15, empty15, size
from engines.image_core.reference.tiles import for_bands

__all__ = ["colored", "gradient", "tile"]


def gradient(step: Gradient) -> NDArray[np.uint16]:
    """Each pixel's place in the ramp, and its colour there."""
    out = empty15(step)
    x = np.arange(step.left, step.left + step.width, dtype=np.int32)

    def band(rows: slice) -> None:
        u = step.column_u + step.row_u[rows, None]
        v = step.column_v + step.row_v[rows, None]
        y = np.arange(step.top + rows.start, step.top + rows.stop, dtype=np.int32)
        noise = (x, y) if step.dither else None
        out[:, rows] = gradient_values(step.style, step.bits, u, v, step.ramp, noise)

    for_bands(step.height, step.width, band)
    return out


def colored(step: Colored, source: Pixels) -> NDArray[np.uint16]:
    """Each value's entry in the ramp."""
    out = empty15(step)

    def band(rows: slice) -> None:
        out[:, rows] = step.ramp[:, (coverage15(source, rows, slice(None)) + 1) >> 1]

    for_bands(step.height, step.width, band)
    return out


def tile(step: Tile, source: Pixels) -> NDArray[np.uint16]:
    """The source's pixels, in 15 bits, at positions modulo its size."""
    height, width = size(source)
    out = empty15(step)
    columns = (np.arange(step.width) + step.left) % width
    rows_read = (np.arange(step.height) + step.top) % height
    if source.dtype == np.uint8 and step.height * step.width < height * width:  # little is read of it
        read = source[rows_read[:, None], columns]
        return channels15(read, slice(None), slice(None)).astype(np.uint16)
    copy = channels15(source, slice(None), slice(None)).astype(np.uint16)

    def band(rows: slice) -> None:
        out[:, rows] = copy[:, rows_read[rows, None], columns]

    for_bands(step.height, step.width, band)
    return out
