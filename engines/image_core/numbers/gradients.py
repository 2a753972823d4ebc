"""Where in its ramp each pixel of a gradient lies, in integers: what `shaders/lib/gradient.glsl` repeats.

A pixel's place has two coordinates in units of 2^-bits: u along the gradient's line and v across it, to the
left of its direction. Of linear gradients u runs from 0 to 1 along the line; of the others both count from
the line's middle in halves of its length. |u| and |v| are below 2^30.

    linear     u                    reflected  |u|
    radial     sqrt(u^2 + v^2)      diamond    |u| + |v|
    angle      the angle of (u, v), counter-clockwise, in turns
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE, Plane
from engines.image_core.numbers.ramps import RAMP_BITS
from engines.image_core.numbers.rounding import round_table

__all__ = [
    "ANGLE_BITS",
    "PLACE_BITS",
    "RATIO_STEPS",
    "Style",
    "arctangents",
    "dithered",
    "gradient_values",
    "places",
]

Style: TypeAlias = Literal["linear", "radial", "angle", "reflected", "diamond"]

PLACE_BITS = 16
"""Fractional bits of a place on its way to the ramp; `bits` of a step are no more."""

ANGLE_BITS = 24
"""But of the angle style, which tells the direction of pixels right beside the middle."""

TURN = 1 << PLACE_BITS
RATIO_BITS = 14
RATIO_STEPS = 1 << RATIO_BITS


def gradient_values(
    style: Style, bits: int, u: Plane, v: Plane, ramp: NDArray[np.uint16],
    noise: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None,
) -> NDArray[np.int32]:  # fmt: skip
    """Straight 15-bit colours (4, rows, columns) of places. noise: columns and rows to dither by, if any."""
    values: NDArray[np.int32] = ramp[:, places(style, u, v, bits)].astype(np.int32)
    return values if noise is None else dithered(values, *noise)


def places(style: Style, u: Plane, v: Plane, bits: int) -> Plane:
    """The nearest entry of the ramp for each place, 0..RAMP_STEPS."""
    place = _place(style, u, v, bits)
    place += 1 << (PLACE_BITS - RAMP_BITS - 1)
    place >>= PLACE_BITS - RAMP_BITS
    return place


def _place(style: Style, u: Plane, v: Plane, bits: int) -> Plane:
    """0..TURN in 2^-PLACE_BITS steps; a new array."""
    one = 1 << bits
    match style:
        case "linear":
            place = np.clip(u, 0, one)
        case "reflected":
            place = np.minimum(np.abs(u), one)
        case "diamond":  # each at most one, so that the sum fits
            place = np.minimum(np.minimum(np.abs(u), one) + np.minimum(np.abs(v), one), one)
        case "radial":
            return np.minimum(_length(u, v, bits), TURN)
        case "angle":
            return _turned(u, v)
    place <<= PLACE_BITS - bits
    return place


def _length(u: Plane, v: Plane, bits: int) -> Plane:
    """floor(sqrt(u^2 + v^2)) in 2^-15 steps, and half a step: 2 floor + 1 in 2^-16 steps.

    Each of the two is at most 2^15, so the sum of the squares is at most 2^31, which float64 holds (and
    32 bits without a sign). IEEE 754 rounds a square root correctly: of a whole number below 2^52 its whole
    part is right.
    """
    one = 1 << bits
    x = (np.minimum(np.abs(u), one) << (PLACE_BITS - bits)) + 1 >> 1
    y = (np.minimum(np.abs(v), one) << (PLACE_BITS - bits)) + 1 >> 1
    squares = x.astype(np.float64) ** 2 + y.astype(np.float64) ** 2
    length: Plane = np.sqrt(squares).astype(np.int32)
    length <<= 1
    length += 1
    return length


def _turned(u: Plane, v: Plane) -> Plane:
    """The angle of (u, v) in 2^-16 turns: by the arctangent of the smaller over the larger, and the octant.

    The larger, a, is brought below 2^16 first, so that the smaller, times 2^14, and half of a fit 31 bits.
    """
    x, y = np.abs(u), np.abs(v)
    a, b = np.maximum(x, y), np.minimum(x, y)
    shift = np.maximum(np.frexp(a.astype(np.float64))[1] - 16, 0).astype(np.int32)
    a >>= shift
    b >>= shift
    ratio = ((b << RATIO_BITS) + (a >> 1)) // np.maximum(a, 1)
    angle = arctangents()[ratio].astype(np.int32)
    angle = np.where(y > x, TURN // 4 - angle, angle)
    angle = np.where(u < 0, TURN // 2 - angle, angle)
    angle = np.where(v < 0, -angle, angle)
    turned: Plane = np.bitwise_and(angle, TURN - 1).astype(np.int32)
    return turned


@lru_cache(maxsize=1)
def arctangents() -> NDArray[np.uint16]:
    """The arctangent of i / RATIO_STEPS in 2^-16 turns, correctly rounded, for i = 0..RATIO_STEPS."""

    def exact(mp: Any, index: int) -> Any:
        return mp.atan(mp.mpf(index) / RATIO_STEPS) / (2 * mp.pi) * TURN

    curve = np.arctan(np.arange(RATIO_STEPS + 1) / RATIO_STEPS) / (2 * np.pi) * TURN
    table = round_table(curve, exact).astype(np.uint16)
    table.setflags(write=False)
    return table


# The first 32 fractional bits of the square roots of 3, 11, 17 and 19, which are odd.
_X, _Y, _FIRST, _SECOND = (np.uint32(root) for root in (0xBB67AE85, 0x510E527F, 0x1F83D9AB, 0x5BE0CD19))


def dithered(values: NDArray[np.int32], x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int32]:
    """Straight 15-bit values (4, rows, columns), each moved by up to half an 8-bit step, clamped.

    x, y: the pixels' columns and rows, whose hash (products and shifts, modulo 2^32) has a byte for each
    channel: n = byte - 128 adds ((2 n + 1) * 254 + 512) >> 10, -63..63. Alpha stays where it is 0 or ONE.
    A value that is exactly one of 8 bits rounds to it all the same.
    """
    mixed = (x.astype(np.uint32) * _X)[None, :] + (y.astype(np.uint32) * _Y)[:, None]
    mixed ^= mixed >> np.uint32(16)
    mixed *= _FIRST
    mixed ^= mixed >> np.uint32(15)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint32(16)
    moved = np.empty_like(values)
    for channel in range(4):
        byte = (mixed >> np.uint32(8 * channel) & np.uint32(255)).astype(np.int32)
        moved[channel] = np.clip(values[channel] + (((2 * byte - 255) * 254 + 512) >> 10), 0, ONE)
    kept = (values[3] == 0) | (values[3] == ONE)
    moved[3] = np.where(kept, values[3], moved[3])
    return moved
