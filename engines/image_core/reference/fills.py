"""Fills: gradients looked up in their ramps, planes likewise, images repeated and extended."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.gradients import gradient_values
from engines.image_core.planning.steps import Colored, Extend, Gradient, Tile
from engines.image_core.reference.pixels import Pixels, channels15, coverage15, empty15, size
from engines.image_core.reference.tiles import for_bands

__all__ = ["colored", "extend", "gradient", "tile"]


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
    columns = (np.arange(step.width) + step.left) % width
    rows_read = (np.arange(step.height) + step.top) % height
    return _gathered(step, source, rows_read, columns)


def extend(step: Extend, source: Pixels) -> NDArray[np.uint16]:
    """The source's pixels, in 15 bits, at positions beyond its border too."""
    height, width = size(source)
    rows_read = _within(np.arange(step.height) + step.top, height, mirrored=step.mirrored)
    columns = _within(np.arange(step.width) + step.left, width, mirrored=step.mirrored)
    return _gathered(step, source, rows_read, columns)


def _within(places: NDArray[np.int64], length: int, *, mirrored: bool) -> NDArray[np.int64]:
    """Places brought to 0 ... length - 1: to the nearest, or by mirrors at both ends."""
    if not mirrored:
        return np.clip(places, 0, length - 1)
    turned = places % (2 * length)
    return np.minimum(turned, 2 * length - 1 - turned)


def _gathered(
    step: Tile | Extend, source: Pixels, rows_read: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.uint16]:
    """The source's pixels, in 15 bits, where each output row and column reads it."""
    height, width = size(source)
    out = empty15(step)
    if source.dtype == np.uint8 and step.height * step.width < height * width:  # little is read of it
        read = source[rows_read[:, None], columns]
        return channels15(read, slice(None), slice(None)).astype(np.uint16)
    copy = channels15(source, slice(None), slice(None)).astype(np.uint16)

    def band(rows: slice) -> None:
        out[:, rows] = copy[:, rows_read[rows, None], columns]

    for_bands(step.height, step.width, band)
    return out
