"""Colour operations on straight colour: curves, matrices, and what looks at all three channels at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, Plane, lerp, mul
from engines.image_core.planning.color_ops import (
    Channels,
    ColorOp,
    Cube,
    Grey,
    HueSaturation,
    Matrix,
    Mixer,
    SelectiveColor,
    Table,
    Values,
    Vibrance,
)
from engines.image_core.reference.components import fitted
from engines.image_core.reference.hues import Hues, painted
from engines.image_core.reference.pixels import Color

__all__ = ["adjust"]

WEIGHT_SHIFT = 14
WEIGHT_HALF = 1 << (WEIGHT_SHIFT - 1)
MIX_SHIFT = 12
MIX_HALF = 1 << (MIX_SHIFT - 1)
INK_SHIFT = 13
INK_HALF = 1 << (INK_SHIFT - 1)


def adjust(color: Color, color_ops: tuple[ColorOp, ...]) -> Color:
    """Apply colour operations in order."""
    for step in color_ops:
        color = _applied(color, step)
    return color


def _applied(color: Color, step: ColorOp) -> Color:
    match step:
        case Table():
            return looked_up(color, (step.values,) * 3)
        case Matrix():
            return apply_matrix(color, step)
        case Channels():
            return apply_channels(color, step)
        case Mixer():
            return apply_mixer(color, step)
        case Grey():
            return np.stack([apply_grey(color, step)] * 3)
        case Cube():
            return apply_cube(color, step)
        case HueSaturation():
            return apply_hue_saturation(color, step)
        case Vibrance():
            return apply_vibrance(color, step)
        case SelectiveColor():
            return apply_selective_color(color, step)


def looked_up(color: Color, curves: tuple[Values, Values, Values]) -> Color:
    """Look each channel up in its own curve."""
    out = np.empty_like(color)
    for found, plane, curve in zip(out, color, curves, strict=True):
        # No place needs to be clipped: it is the quickest way, and into int32 at once.
        np.take(curve.astype(np.int32), plane, out=found, mode="clip")
    return out


def apply_matrix(color: Color, matrix: Matrix) -> Color:
    """out_i = clamp((w_i0 * r + w_i1 * g + w_i2 * b + 2^13) >> 14), weights in 2^-14 steps."""
    red, green, blue = color
    out = np.empty_like(color)
    for row, plane in enumerate(out):
        w = [np.int32(weight) for weight in matrix.weights[3 * row : 3 * row + 3]]
        total = red * w[0] + green * w[1] + blue * w[2]
        total += WEIGHT_HALF
        total >>= WEIGHT_SHIFT
        np.clip(total, 0, ONE, out=plane)
    return out


def apply_mixer(color: Color, mixer: Mixer) -> Color:
    """out_i = clamp((w_i0 * r + w_i1 * g + w_i2 * b + w_i3 * ONE + 2^11) >> 12), weights in 2^-12 steps."""
    red, green, blue = color
    out = np.empty_like(color)
    for row, plane in enumerate(out):
        w = [np.int32(weight) for weight in mixer.weights[4 * row : 4 * row + 4]]
        total = red * w[0] + green * w[1] + blue * w[2] + (w[3] * ONE + MIX_HALF)
        np.clip(total >> MIX_SHIFT, 0, ONE, out=plane)
    return out


def apply_channels(color: Color, step: Channels) -> Color:
    """A curve for each channel, and where the luminosity is kept, SetLum."""
    out = looked_up(color, (step.red, step.green, step.blue))
    return fitted(out - luminosity(out), luminosity(color)) if step.keep_luminosity else out


def luminosity(color: Color) -> Plane:
    """(4915 r + 9667 g + 1802 b + 2^13) >> 14: 0.3, 0.59 and 0.11, in 2^-14 steps."""
    total: Plane = color[0] * np.int32(4915) + color[1] * np.int32(9667) + color[2] * np.int32(1802)
    total += WEIGHT_HALF
    total >>= WEIGHT_SHIFT
    return total


def apply_grey(color: Color, step: Grey) -> Plane:
    """clamp(low + ((high - middle) * w_high + (middle - low) * w_low + 2^11 >> 12)), w_high the weight of the
    largest channel and w_low that of the two largest together."""
    hues = Hues(color)
    weights = [np.int32(weight) for weight in step.weights]
    total: Plane = (hues.high - hues.middle) * hues.of_largest(weights[0], weights[2], weights[4])
    total += (hues.middle - hues.low) * hues.of_smallest(weights[3], weights[5], weights[1])
    grey: Plane = np.clip(hues.low + ((total + MIX_HALF) >> MIX_SHIFT), 0, ONE)
    return grey


def apply_cube(color: Color, cube: Cube) -> Color:
    """Tetrahedral: from a node along the axis of the largest fraction, then of the next, then of the last;
    (n0 (ONE - f1) + n1 (f1 - f2) + n2 (f2 - f3) + n3 f3 + HALF) >> 15."""
    places = [plane * np.int32(cube.size - 1) for plane in color]
    nodes = [np.minimum(place >> SHIFT, cube.size - 2) for place in places]
    r, g, b = (place - (node << SHIFT) for place, node in zip(places, nodes, strict=True))
    steps = [np.int32(3 * cube.size**axis) for axis in range(3)]
    start = nodes[0] * steps[0] + nodes[1] * steps[1] + nodes[2] * steps[2]
    rg, gb, rb = r >= g, g >= b, r >= b
    first = np.where(rg & rb, steps[0], np.where(~rg & gb, steps[1], steps[2]))
    last = np.where(~rg & ~rb, steps[0], np.where(rg & ~gb, steps[1], steps[2]))
    whole = steps[0] + steps[1] + steps[2]
    at = (start, start + first, start + (whole - last), start + whole)
    largest, smallest = np.maximum(np.maximum(r, g), b), np.minimum(np.minimum(r, g), b)
    middle = r + g + b - largest - smallest
    weights = (ONE - largest, largest - middle, middle - smallest, smallest)
    out = np.full_like(color, HALF)
    for channel, total in enumerate(out):
        for index, weight in zip(at, weights, strict=True):
            total += cube.values[index + channel].astype(np.int32) * weight
    out >>= SHIFT
    return out


def apply_hue_saturation(color: Color, step: HueSaturation) -> Color:
    """See docs/PIXEL_RULES.md: lightness of all colours, then what the hue decides."""
    if step.lightness > 0:
        color = color + mul(ONE - color, np.int32(step.lightness))
    elif step.lightness < 0:
        color = color - mul(color, np.int32(-step.lightness))
    hues = Hues(color)
    chroma, both = hues.high - hues.low, hues.high + hues.low
    if step.turn is not None:
        chroma, room = _saturated(chroma, both, step.saturation)
        return painted(hues.turned(step.turn), _largest(both, chroma), chroma)
    hue = hues.turned()
    turn, factor, lift = _of_degrees(hue, step.ranges)
    kept = chroma - mul(chroma, np.abs(lift))
    both = np.where(lift >= 0, 2 * hues.high - kept, 2 * hues.low + kept)
    chroma, room = _saturated(kept, both, step.saturation)
    chroma = np.minimum((chroma * factor + 256) >> 9, room)
    return painted((hue + (turn << 4) + 36 * ONE) % (6 * ONE), _largest(both, chroma), chroma)


def _of_degrees(hue: Plane, ranges: NDArray[np.int32]) -> tuple[Plane, ...]:
    """The three numbers that ranges have for a hue, between half degrees on straight lines."""
    degrees = hue * np.int32(120)
    first, part = 3 * (degrees >> SHIFT), degrees & (ONE - 1)
    return tuple(lerp(ranges[first + number], ranges[first + 3 + number], part) for number in range(3))


def _saturated(chroma: Plane, both: Plane, saturation: int) -> tuple[Plane, Plane]:
    """A chroma multiplied, in 2^-9 steps, and what has room where both ends sum to so much: its most."""
    room = np.minimum(both, 2 * ONE - both)
    return np.minimum((chroma * np.int32(saturation) + 256) >> 9, room), room


def _largest(both: Plane, chroma: Plane) -> Plane:
    largest: Plane = (both + chroma + 1) >> 1
    return largest


def apply_vibrance(color: Color, step: Vibrance) -> Color:
    """clamp(lum + ((v - lum) * k + 2^11 >> 12)), k = (1 + saturation) (1 + vibrance (1 - chroma))."""
    grey = luminosity(color)
    chroma = np.maximum.reduce(color) - np.minimum.reduce(color)
    factor = (1 << MIX_SHIFT) + mul(ONE - chroma, np.int32(step.vibrance))
    factor = (factor * np.int32((1 << MIX_SHIFT) + step.saturation) + MIX_HALF) >> MIX_SHIFT
    out: Color = grey + (((color - grey) * factor + MIX_HALF) >> MIX_SHIFT)
    return np.clip(out, 0, ONE, out=out)


def apply_selective_color(color: Color, step: SelectiveColor) -> Color:
    """Five ranges hold a colour: its largest channel's, that of the two largest, whites, neutrals, blacks.
    Each adds its amount, held within what the channel can take, by how much the range holds of the colour."""
    hues = Hues(color)
    shares = (
        hues.high - hues.middle,
        hues.middle - hues.low,
        np.maximum(2 * hues.low - ONE, 0),
        ONE - np.abs(hues.high - HALF) - np.abs(hues.low - HALF),
        np.maximum(ONE - 2 * hues.high, 0),
    )
    out = color.copy()
    for channel, (plane, total) in enumerate(zip(color, out, strict=True)):
        amounts = [np.int32(amount) for amount in step.amounts[channel::3]]
        chosen = (
            hues.of_largest(amounts[0], amounts[2], amounts[4]),
            hues.of_smallest(amounts[3], amounts[5], amounts[1]),
            *(np.full_like(plane, amount) for amount in amounts[6:]),
        )
        for amount, share in zip(chosen, shares, strict=True):
            ink = (amount * (ONE - plane) + INK_HALF) >> INK_SHIFT if step.relative else amount << 2
            total += mul(np.clip(ink, -plane, ONE - plane), share)
        np.clip(total, 0, ONE, out=total)
    return out
