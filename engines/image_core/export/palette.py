"""Pictures of few colours as indices into a palette."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.export.pixels import Pixels, words

__all__ = ["Indexed", "indexed"]

_MOST = 256
_BAND = 1 << 18  # pixels counted at a time: a photograph is known as one after the first


@dataclass(frozen=True)
class Indexed:
    """A picture as indices.

    Attributes:
        depth: bits an index: 1, 2, 4 or 8.
        rows: uint8, shape (height, bytes a row): the indices, packed from the highest bit down.
        colors: bytes of PNG's PLTE: red, green and blue of each colour.
        alphas: bytes of PNG's tRNS: alpha of the colours up to the last translucent one.
    """

    depth: int
    rows: Pixels
    colors: bytes
    alphas: bytes


def indexed(pixels: Pixels) -> Indexed | None:
    """A picture with a palette of its colours, in ascending order of alpha; None when they are over 256.

    Args:
        pixels: uint8, shape (height, width, 4), straight sRGB.
    """
    picture = words(pixels)
    colors = _colors(picture)
    if colors is None:
        return None
    depth = next(bits for bits in (1, 2, 4, 8) if len(colors) <= 1 << bits)
    table = colors.astype("<u4").view(np.uint8).reshape(-1, 4)
    translucent = int(np.count_nonzero(table[:, 3] < 255))  # they come first: alpha is the highest byte
    indices = np.searchsorted(colors, picture).astype(np.uint8)
    return Indexed(depth, _packed(indices, depth), table[:, :3].tobytes(), table[:translucent, 3].tobytes())


def _colors(picture: NDArray[np.uint32]) -> NDArray[np.uint32] | None:
    """The different numbers of a picture in ascending order; None when they are over 256."""
    flat = picture.reshape(-1)
    colors = np.empty(0, np.uint32)
    for start in range(0, flat.size, _BAND):
        colors = np.union1d(colors, flat[start : start + _BAND])
        if len(colors) > _MOST:
            return None
    return colors


def _packed(indices: Pixels, depth: int) -> Pixels:
    """Several indices a byte, the first in the highest bits; the end of a row is filled with 0."""
    height, width = indices.shape
    each = 8 // depth
    padded = np.zeros((height, -(-width // each) * each), np.uint8)
    padded[:, :width] = indices
    shifts = np.arange(8 - depth, -1, -depth, dtype=np.uint8)
    packed: Pixels = np.bitwise_or.reduce(padded.reshape(height, -1, each) << shifts, axis=2)
    return packed
