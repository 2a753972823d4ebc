"""The shapes pixels have here, and how they become the int32 arrays that arithmetic is done on.

    images  8-bit: uint8 (height, width, 4), straight RGBA, as decoded
            15-bit: uint16 (4, height, width), straight RGBA, 0..ONE, what steps make
    planes  8-bit: uint8 (height, width), as decoded;  15-bit: uint16 (height, width), 0..ONE

A Plane is one channel, int32 (rows, width); a Color is the three of colour in one int32 (3, rows, width)
array, for what treats all channels alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane, divide, mul, to8, to15
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.steps import Step

__all__ = [
    "Color",
    "Pixels",
    "channels15",
    "coverage15",
    "coverage_around",
    "empty15",
    "pack8",
    "planes",
    "premultiplied",
    "rounded8",
    "share8",
    "size",
    "stack15",
    "store_premultiplied",
    "straight",
]

Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]
Color: TypeAlias = NDArray[np.int32]

_SHIFTS = np.array([0, 8, 16, 24], np.int32)[:, None, None]
"""Where the channels lie in a little-endian word."""


def size(pixels: Pixels) -> tuple[int, int]:
    """Height and width."""
    shape = pixels.shape[:2] if pixels.dtype == np.uint8 or pixels.ndim == 2 else pixels.shape[1:]
    return int(shape[0]), int(shape[1])


def channels15(pixels: Pixels, rows: slice, columns: slice, channels: int = 4) -> NDArray[np.int32]:
    """The first 3 or 4 channels of an area, straight, 0..ONE: int32 (channels, rows, columns)."""
    if pixels.dtype == np.uint16:
        return pixels[:channels, rows, columns].astype(np.int32)
    packed = np.ascontiguousarray(pixels[rows, columns]).view("<i4")[..., 0]
    values = packed >> _SHIFTS[:channels]
    values &= 255
    return to15(values)


def share8(share: Plane | np.int32) -> Plane:
    """A source's alpha as 8 bits hold it."""
    rounded: Plane = to15(to8(np.asarray(share)))
    return rounded


def rounded8(color: Color, alpha: Plane | None) -> tuple[Color, Plane | None]:
    """Colour and alpha as 8 bits hold them: where alpha rounds to 0 the whole pixel is 0."""
    if alpha is None:
        return to15(to8(color)), None
    bytes8 = to8(alpha)
    return np.where(bytes8 == 0, 0, to15(to8(color))), to15(bytes8)


def planes(pixels: Pixels, rows: slice, columns: slice, channels: int = 4) -> list[Plane]:
    """The first 3 or 4 channels of an area, straight, 0..ONE, plane by plane."""
    return list(channels15(pixels, rows, columns, channels))


def coverage15(pixels: Pixels, rows: slice, columns: slice) -> Plane:
    """An area of a plane, 0..ONE: int32 (rows, columns)."""
    part = pixels[rows, columns]
    return to15(part.astype(np.uint8, copy=False)) if part.dtype == np.uint8 else part.astype(np.int32)


def coverage_around(pixels: Pixels, area: Rect) -> Plane:
    """An area of a plane that may reach beyond its edges, where 0 lies."""
    found = Rect(0, 0, pixels.shape[1], pixels.shape[0]).intersect(area)
    values = np.zeros((area.height, area.width), np.int32)
    if not found.empty:
        inside = found.shift(-area.left, -area.top)
        values[inside.top : inside.bottom, inside.left : inside.right] = coverage15(
            pixels, slice(found.top, found.bottom), slice(found.left, found.right)
        )
    return values


def premultiplied(pixels: Pixels, rows: slice, opaque: bool) -> list[Plane]:
    """Premultiplied colour and alpha of whole rows; the colour alone where all is opaque. Of a plane, its one
    channel."""
    if pixels.ndim == 2:
        return [coverage15(pixels, rows, slice(None))]
    if opaque:
        return planes(pixels, rows, slice(None), 3)
    *color, alpha = planes(pixels, rows, slice(None))
    return [*(mul(plane, alpha) for plane in color), alpha]


def straight(color: list[Plane], alpha: Plane) -> list[Plane]:
    """Premultiplied to straight: colour / alpha, at most ONE, and 0 where alpha is 0."""
    return [divide(np.minimum(plane, alpha), alpha) for plane in color]


def store_premultiplied(channels: list[Plane], rows: slice, out: NDArray[np.uint16]) -> None:
    """Store whole rows of premultiplied colour and alpha as straight pixels, of a plane as they are."""
    if out.ndim == 2:
        out[rows] = channels[0]
        return
    *color, alpha = channels
    stack15(straight(color, alpha), alpha, out[:, rows])


def empty15(step: Step) -> NDArray[np.uint16]:
    """Room for the 15-bit pixels of an image or a plane."""
    shape = (step.height, step.width)
    return np.empty(shape if step.plane else (4, *shape), np.uint16)


def pack8(color: Color, alpha: Plane | None, out: NDArray[np.uint8]) -> None:
    """Round straight colour to 8 bits into out (rows, width, 4); where alpha rounds to 0 all is 0.

    alpha None: opaque.
    """
    color8 = to8(color)
    color8 <<= _SHIFTS[:3]
    packed = color8[0]
    packed |= color8[1]
    packed |= color8[2]
    if alpha is None:
        packed |= np.int32(-1 << 24)
    else:
        alpha8 = to8(alpha)
        packed |= alpha8 << 24
        packed[alpha8 == 0] = 0
    out.view("<i4")[..., 0] = packed


def stack15(color: Iterable[Plane], alpha: Plane | None, out: NDArray[np.uint16]) -> None:
    """Store straight planes into out (4, rows, width). alpha None: opaque."""
    for channel, plane in enumerate(color):
        out[channel] = plane
    out[3] = ONE if alpha is None else alpha
