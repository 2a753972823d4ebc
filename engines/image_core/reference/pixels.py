"""The two shapes pixels have here, and how they become int32 planes.

8-bit: uint8 (height, width, 4), straight RGBA, as decoded. 15-bit: uint16 (4, height, width), straight RGBA,
0..ONE, what steps make. Planes are the int32 (rows, width) arrays that arithmetic is done on.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.reference.fixed import ONE, Plane, divide, mul, to8, to15

__all__ = ["Pixels", "pack8", "planes", "premultiplied", "size", "straight"]

Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]


def size(pixels: Pixels) -> tuple[int, int]:
    """Height and width."""
    shape = pixels.shape[:2] if pixels.dtype == np.uint8 else pixels.shape[1:]
    return int(shape[0]), int(shape[1])


def planes(pixels: Pixels, rows: slice, columns: slice, channels: int = 4) -> list[Plane]:
    """The first 3 or 4 channels of an area, straight, 0..ONE."""
    if pixels.dtype == np.uint16:
        return [pixels[channel, rows, columns].astype(np.int32) for channel in range(channels)]
    packed = np.ascontiguousarray(pixels[rows, columns]).view("<i4")[..., 0]
    return [to15((packed >> (8 * channel)) & 255) for channel in range(channels)]


def premultiplied(pixels: Pixels, rows: slice, opaque: bool) -> list[Plane]:
    """Premultiplied colour and alpha of whole rows; the colour alone where all is opaque."""
    if opaque:
        return planes(pixels, rows, slice(None), 3)
    *color, alpha = planes(pixels, rows, slice(None))
    return [*(mul(plane, alpha) for plane in color), alpha]


def straight(color: list[Plane], alpha: Plane) -> list[Plane]:
    """Premultiplied to straight: colour / alpha, at most ONE, and 0 where alpha is 0."""
    return [divide(np.minimum(plane, alpha), alpha) for plane in color]


def pack8(color: list[Plane], alpha: Plane | None, out: NDArray[np.uint8]) -> None:
    """Round straight planes to 8 bits into out (rows, width, 4); where alpha rounds to 0 all is 0.

    alpha None: opaque.
    """
    packed = to8(color[0])
    packed |= to8(color[1]) << 8
    packed |= to8(color[2]) << 16
    if alpha is None:
        packed |= np.int32(-1 << 24)
    else:
        alpha8 = to8(alpha)
        packed |= alpha8 << 24
        packed[alpha8 == 0] = 0
    out.view("<i4")[..., 0] = packed


def stack15(color: list[Plane], alpha: Plane | None, out: NDArray[np.uint16]) -> None:
    """Store straight planes into out (4, rows, width). alpha None: opaque."""
    for channel, plane in enumerate(color):
        out[channel] = plane
    out[3] = ONE if alpha is None else alpha
