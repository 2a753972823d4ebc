"""What every encoder asks of pixels: their shape, their hash, whether they are opaque, their channels."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse_color
from engines.image_core.errors import ExportError
from engines.image_core.numbers.fixed import lerp, to8, to15

__all__ = [
    "Pixels",
    "channels",
    "check_mask",
    "check_pixels",
    "flatten",
    "is_opaque",
    "mask_hash",
    "pixel_hash",
    "words",
]

Pixels = NDArray[np.uint8]

_BAND = 1 << 16  # pixels at a time where 15-bit planes are needed: they stay in a core's cache


def check_pixels(pixels: Pixels) -> None:
    """Check that an array is uint8 of shape (height, width, 4), and not empty."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4 or 0 in pixels.shape:
        raise ExportError(
            f"pixels of shape {pixels.shape} and type {pixels.dtype} are not allowed: "
            "allowed is uint8 of shape (height, width, 4)"
        )


def check_mask(mask: Pixels) -> None:
    """Check that an array is uint8 of shape (height, width), and not empty."""
    if mask.dtype != np.uint8 or mask.ndim != 2 or 0 in mask.shape:
        raise ExportError(
            f"a mask of shape {mask.shape} and type {mask.dtype} is not allowed: "
            "allowed is uint8 of shape (height, width)"
        )


def pixel_hash(pixels: Pixels) -> str:
    """SHA-256 hex digest of width and height (4 bytes each, big-endian) and the RGBA bytes, row by row.

    It names a picture whatever file it is written to.
    """
    check_pixels(pixels)
    return _hash(pixels)


def mask_hash(mask: Pixels) -> str:
    """SHA-256 hex digest of width and height (4 bytes each, big-endian) and the grey bytes, row by row."""
    check_mask(mask)
    return _hash(mask)


def _hash(pixels: Pixels) -> str:
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(struct.pack(">II", width, height))
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def words(pixels: Pixels) -> NDArray[np.uint32]:
    """Each pixel as one number, alpha in the highest byte and red in the lowest: shape (height, width)."""
    return np.ascontiguousarray(pixels).view("<u4")[..., 0]


def is_opaque(pixels: Pixels) -> bool:
    """Whether every alpha is 255."""
    return int(np.bitwise_and.reduce(words(pixels), axis=None)) >> 24 == 255


def channels(pixels: Pixels, count: int) -> Pixels:
    """The first channels of the pixels: shape (height, width, count)."""
    if count == pixels.shape[2]:
        return pixels
    packed = np.empty((*pixels.shape[:2], count), np.uint8)
    for channel in range(count):  # channel by channel: four times faster than copying triples
        packed[..., channel] = pixels[..., channel]
    return packed


def flatten(pixels: Pixels, matte: str) -> Pixels:
    """The pixels over an opaque colour, as the compositor lays a layer over its background.

    Args:
        pixels: uint8, shape (height, width, 4), straight sRGB.
        matte: "#rrggbb".

    Returns:
        uint8, shape (height, width, 3).
    """
    backdrop = to15(np.array(parse_color(matte)[:3], np.uint8))
    height, width, _ = pixels.shape
    flat = np.empty((height, width, 3), np.uint8)
    band = max(1, _BAND // width)
    for top in range(0, height, band):
        rows = pixels[top : top + band]
        flat[top : top + band] = to8(lerp(backdrop, to15(rows[..., :3]), to15(rows[..., 3:])))
    return flat
