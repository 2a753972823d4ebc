"""RGBA pixels from one colour space to another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.sources.raster.icc import Conversion

__all__ = ["converted", "strips"]

_STRIP_PIXELS = 1 << 16
"""Conversion goes by strips of about this many pixels, so that a strip stays in the processor's cache."""


def strips(width: int, height: int) -> Iterator[tuple[int, int]]:
    """The first row of each strip of a picture, and the one behind its last."""
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield top, min(top + rows, height)


def converted(pixels: NDArray[np.uint8], convert: Conversion) -> NDArray[np.uint8]:
    """Convert colours; alpha stays as it is.

    Args:
        pixels: uint8, shape (height, width, 4), straight RGBA.
        convert: a conversion of RGBA pictures.

    Returns:
        uint8 of the same shape, read-only.
    """
    height, width, _ = pixels.shape
    result = np.empty((height, width, 4), np.uint8)
    for top, bottom in strips(width, height):
        strip = Image.fromarray(np.ascontiguousarray(pixels[top:bottom]))
        result[top:bottom] = np.asarray(convert(strip))
    result.setflags(write=False)
    return result
