"""Pictures of glyphs shown under any affine map, in integers.

A picture that is shown smaller is first averaged over squares of whole pixels, down to between one and two
times the size shown, and then read at four places of each pixel, between pixels linearly: nothing aliases.
One that is shown larger is read at each pixel's centre. Beyond its edges lies nothing. Colours go
premultiplied.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import divide, to8
from engines.image_core.numbers.geometry import Affine, Rect

__all__ = ["GlyphPicture"]

_BITS = 16  # fractional bits of places
_WEIGHT_BITS = 7  # of the weights between pixels; twice that and 15 bits of colour, four times, fit 31
_FAR = 1 << 60
_MARGIN = 2  # pixels of nothing around a picture


class _Reduced(NamedTuple):
    """A picture averaged: uint32, shape (rows, columns, 4), premultiplied, 0..32768, with its margin."""

    pixels: NDArray[np.uint32]
    columns: int
    rows: int


@dataclass(eq=False)
class GlyphPicture:
    """A picture and where it lies.

    Attributes:
        pixels: uint8, shape (height, width, 4), straight RGBA.
        place: from pixels of the picture, y downwards, to font units, y upwards.
    """

    pixels: NDArray[np.uint8]
    place: Affine
    _reduced: dict[tuple[int, int], _Reduced] = field(default_factory=dict)

    def draw(self, affine: Affine, region: Rect) -> NDArray[np.uint8]:
        """The picture over nothing.

        Args:
            affine: From font units, y upwards, to pixels.
            region: The pixels wanted.

        Returns:
            uint8, shape (region.height, region.width, 4): straight RGBA, what is invisible 0, 0, 0, 0.
        """
        whole = self.place.then(affine)
        if whole.xx * whole.yy == whole.xy * whole.yx:
            return np.zeros((region.height, region.width, 4), np.uint8)
        across = min(_fewer(whole.xx, whole.yx), self.pixels.shape[1])
        down = min(_fewer(whole.xy, whole.yy), self.pixels.shape[0])
        whole = Affine(
            whole.xx * across, whole.xy * down, whole.yx * across, whole.yy * down, whole.x0, whole.y0
        )
        taps = 2 if _shrinks(whole) else 1
        return _straight(_read(self._averaged(across, down), whole.inverse(), region, taps))

    def _averaged(self, across: int, down: int) -> _Reduced:
        found = self._reduced.get((across, down))
        if found is None:
            found = _averaged(self.pixels, across, down)
            self._reduced = {(across, down): found}  # the last: text comes in few sizes at a time
        return found


def _fewer(x: Fraction, y: Fraction) -> int:
    """How many pixels in a row come to one at least: the whole part of 1 / |(x, y)|."""
    return max(math.isqrt(math.floor(1 / (x * x + y * y))), 1)


def _shrinks(affine: Affine) -> bool:
    """Whether a pixel becomes smaller, along either side."""
    return affine.xx**2 + affine.yx**2 < 1 or affine.xy**2 + affine.yy**2 < 1


def _averaged(pixels: NDArray[np.uint8], across: int, down: int) -> _Reduced:
    height, width = pixels.shape[:2]
    rows, columns = -(-height // down), -(-width // across)
    straight = pixels.astype(np.uint32)
    alpha = straight[..., 3:]
    # 15-bit: value * alpha / 255^2 * 2^15, rounded once, after the sum over a square.
    wide = np.zeros((rows * down, columns * across, 4), np.uint32)
    wide[:height, :width, :3] = straight[..., :3] * alpha
    wide[:height, :width, 3:] = 255 * alpha
    sums = wide.reshape(rows, down, columns, across, 4).sum(axis=(1, 3), dtype=np.uint64)
    divisor = np.uint64(65025 * down * across)
    average = ((sums << np.uint64(15)) + divisor // np.uint64(2)) // divisor
    edged = np.zeros((rows + 2 * _MARGIN, columns + 2 * _MARGIN, 4), np.uint32)
    edged[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = average
    return _Reduced(edged, columns, rows)


def _read(picture: _Reduced, back: Affine, region: Rect, taps: int) -> NDArray[np.uint32]:
    """The mean of taps x taps readings in each pixel; back: from pixels to the picture's."""
    total = np.zeros((region.height, region.width, 4), np.uint32)
    for row in range(taps):
        for column in range(taps):
            x, y = Fraction(2 * column + 1, 2 * taps), Fraction(2 * row + 1, 2 * taps)
            u = _places(back.xx, back.xy, back.x0, (x, y), region, picture.columns)
            v = _places(back.yx, back.yy, back.y0, (x, y), region, picture.rows)
            total += _between(picture.pixels, u, v)
    total += taps * taps // 2
    total //= taps * taps
    return total


def _places(
    a: Fraction, b: Fraction, c: Fraction, within: tuple[Fraction, Fraction], region: Rect, count: int
) -> NDArray[np.int64]:
    """Along one side of the picture, where each pixel reads, in 2^-_BITS from the margin's first centre."""
    scale = 1 << _BITS
    first = (a * (region.left + within[0]) + b * (region.top + within[1]) + c - Fraction(1, 2)) * scale
    places = (
        _steps(a * scale, Fraction(0), region.width)[None, :]
        + _steps(b * scale, first, region.height)[:, None]
    )
    near: NDArray[np.int64] = np.clip(places, -scale, count * scale) + _MARGIN * scale
    return near


def _steps(slope: Fraction, offset: Fraction, count: int) -> NDArray[np.int64]:
    """floor(slope * i + offset) for i = 0..count-1, cut off where no picture reaches."""
    whole = math.lcm(slope.denominator, offset.denominator)
    step, first = int(slope * whole), int(offset * whole)
    return np.array([min(max((step * i + first) // whole, -_FAR), _FAR) for i in range(count)], np.int64)


def _between(pixels: NDArray[np.uint32], u: NDArray[np.int64], v: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Readings between pixels, weighed linearly."""
    one, shift = 1 << _WEIGHT_BITS, _BITS - _WEIGHT_BITS
    # Rounded to weights first: a place just below a pixel's centre is that pixel.
    u, v = (u + (1 << (shift - 1))) >> shift, (v + (1 << (shift - 1))) >> shift
    x, y = u >> _WEIGHT_BITS, v >> _WEIGHT_BITS
    right = (u & (one - 1)).astype(np.uint32)[..., None]
    below = (v & (one - 1)).astype(np.uint32)[..., None]
    left, above = np.uint32(one) - right, np.uint32(one) - below
    flat = pixels.reshape(-1, 4)
    at = y * pixels.shape[1] + x
    upper = flat[at] * left + flat[at + 1] * right
    at += pixels.shape[1]
    lower = flat[at] * left + flat[at + 1] * right
    read: NDArray[np.uint32] = (upper * above + lower * below + (1 << (2 * _WEIGHT_BITS - 1))) >> (
        2 * _WEIGHT_BITS
    )
    return read


def _straight(premultiplied: NDArray[np.uint32]) -> NDArray[np.uint8]:
    planes = np.moveaxis(premultiplied, -1, 0).astype(np.int32)
    planes[:3] = divide(np.minimum(planes[:3], planes[3]), planes[3])
    pixels = np.moveaxis(to8(planes), 0, -1).astype(np.uint8)
    pixels[pixels[..., 3] == 0] = 0
    return pixels
