"""Colour operations on straight colour: curves, matrices, and what looks at all three channels at once."""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, Plane, divide, lerp, mul
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
    Vibrance,
)
from engines.image_core.reference.hues import Hues

__all__ = ["adjust"]

WEIGHT_SHIFT = 14
WEIGHT_HALF = 1 << (WEIGHT_SHIFT - 1)
MIX_SHIFT = 12
MIX_HALF = 1 << (MIX_SHIFT - 1)
INK_SHIFT = 13
INK_HALF = 1 << (INK_SHIFT - 1)


def adjust(color: list[Plane], color_ops: tuple[ColorOp, ...]) -> list[Plane]:
    """Apply colour operations in order to the three colour planes."""
    for step in color_ops:
        color = _applied(color, step)
    return color


def _applied(color: list[Plane], step: ColorOp) -> list[Plane]:
    match step:
        case Table():
            return [step.values[plane].astype(np.int32) for plane in color]
        case Matrix():
            return apply_matrix(color, step)
        case Channels():
            return apply_channels(color, step)
        case Mixer():
            return apply_mixer(color, step)
        case Grey():
            return [apply_grey(color, step)] * 3
        case Cube():
            return apply_cube(color, step)
        case HueSaturation():
            return apply_hue_saturation(color, step)
        case Vibrance():
            return apply_vibrance(color, step)
        case SelectiveColor():
            return apply_selective_color(color, step)


def apply_matrix(color: list[Plane], matrix: Matrix) -> list[Plane]:
    """out_i = clamp((w_i0 * r + w_i1 * g + w_i2 * b + 2^13) >> 14), weights in 2^-14 steps."""
    red, green, blue = color
    out = []
    for row in range(3):
        w = [np.int32(weight) for weight in matrix.weights[3 * row : 3 * row + 3]]
        total = red * w[0] + green * w[1] + blue * w[2]
        total += WEIGHT_HALF
        total >>= WEIGHT_SHIFT
        out.append(np.clip(total, 0, ONE))
    return out


def apply_mixer(color: list[Plane], mixer: Mixer) -> list[Plane]:
    """out_i = clamp((w_i0 * r + w_i1 * g + w_i2 * b + w_i3 * ONE + 2^11) >> 12), weights in 2^-12 steps."""
    red, green, blue = color
    out = []
    for row in range(3):
        w = [np.int32(weight) for weight in mixer.weights[4 * row : 4 * row + 4]]
        total = red * w[0] + green * w[1] + blue * w[2] + (w[3] * ONE + MIX_HALF)
        out.append(np.clip(total >> MIX_SHIFT, 0, ONE))
    return out


def apply_channels(color: list[Plane], step: Channels) -> list[Plane]:
    """Look each channel up in its own curve."""
    curves = step.red, step.green, step.blue
    out = [curve[plane].astype(np.int32) for curve, plane in zip(curves, color, strict=True)]
    return with_luminosity(out, luminosity(color)) if step.keep_luminosity else out


def luminosity(color: list[Plane]) -> Plane:
    """(4915 r + 9667 g + 1802 b + 2^13) >> 14: 0.3, 0.59 and 0.11, in 2^-14 steps."""
    total: Plane = color[0] * np.int32(4915) + color[1] * np.int32(9667) + color[2] * np.int32(1802)
    total += WEIGHT_HALF
    total >>= WEIGHT_SHIFT
    return total


def with_luminosity(color: list[Plane], wanted: Plane) -> list[Plane]:
    """SetLum and ClipColor: what is missing is added, and distances from the luminosity are reduced until all
    channels lie within 0..ONE."""
    missing = wanted - luminosity(color)
    moved = [plane + missing for plane in color]
    low, high = np.minimum.reduce(moved), np.maximum.reduce(moved)
    share = np.where(low < 0, divide(np.where(low < 0, wanted, 0), wanted - np.minimum(low, 0)), ONE)
    over = high > ONE
    above = divide(np.where(over, ONE - wanted, 0), np.where(over, high - wanted, 1))
    share = np.where(over, above, share).astype(np.int32)
    return [np.clip(wanted + mul(plane - wanted, share), 0, ONE) for plane in moved]


def apply_grey(color: list[Plane], step: Grey) -> Plane:
    """clamp(low + ((high - middle) * w_high + (middle - low) * w_low + 2^11 >> 12)), w_high the weight of the
    largest channel and w_low that of the two largest together."""
    hues = Hues(color)
    weights = [np.int32(weight) for weight in step.weights]
    total: Plane = (hues.high - hues.middle) * hues.of_largest(weights[0], weights[2], weights[4])
    total += (hues.middle - hues.low) * hues.of_smallest(weights[3], weights[5], weights[1])
    grey: Plane = np.clip(hues.low + ((total + MIX_HALF) >> MIX_SHIFT), 0, ONE)
    return grey


def apply_cube(color: list[Plane], cube: Cube) -> list[Plane]:
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
    out = []
    for channel in range(3):
        total = np.full_like(r, HALF)
        for index, weight in zip(at, weights, strict=True):
            total += cube.values[index + channel].astype(np.int32) * weight
        out.append(total >> SHIFT)
    return out


def apply_hue_saturation(color: list[Plane], step: HueSaturation) -> list[Plane]:
    """See docs/PIXEL_RULES.md: lightness of all colours, then what the hue decides."""
    light = np.int32(abs(step.lightness))
    if step.lightness >= 0:
        color = [plane + mul(ONE - plane, light) for plane in color]
    else:
        color = [plane - mul(plane, light) for plane in color]
    hues = Hues(color)
    degrees = hues.hue * np.int32(60)
    first, part = 3 * (degrees >> SHIFT), degrees & (ONE - 1)
    turn, factor, lift = (
        lerp(step.ranges[first + number], step.ranges[first + 3 + number], part) for number in range(3)
    )
    chroma = hues.high - hues.low
    kept = chroma - mul(chroma, np.abs(lift))
    both = np.where(lift >= 0, 2 * hues.high - kept, 2 * hues.low + kept)
    room = np.minimum(both, 2 * ONE - both)
    chroma = np.minimum((kept * np.int32(step.saturation) + 256) >> 9, room)
    chroma = np.minimum((chroma * factor + 256) >> 9, room)
    return hues.painted((hues.hue + (turn << 4) + 36 * ONE) % (6 * ONE), (both + chroma + 1) >> 1, chroma)


def apply_vibrance(color: list[Plane], step: Vibrance) -> list[Plane]:
    """clamp(lum + ((v - lum) * k + 2^11 >> 12)), k = (1 + saturation) (1 + vibrance (1 - chroma))."""
    grey = luminosity(color)
    chroma = np.maximum.reduce(color) - np.minimum.reduce(color)
    factor = (1 << MIX_SHIFT) + mul(ONE - chroma, np.int32(step.vibrance))
    factor = (factor * np.int32((1 << MIX_SHIFT) + step.saturation) + MIX_HALF) >> MIX_SHIFT
    return [np.clip(grey + (((plane - grey) * factor + MIX_HALF) >> MIX_SHIFT), 0, ONE) for plane in color]


def apply_selective_color(color: list[Plane], step: SelectiveColor) -> list[Plane]:
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
    out = []
    for channel, plane in enumerate(color):
        amounts = [np.int32(amount) for amount in step.amounts[channel::3]]
        chosen = (
            hues.of_largest(amounts[0], amounts[2], amounts[4]),
            hues.of_smallest(amounts[3], amounts[5], amounts[1]),
            *(np.full_like(plane, amount) for amount in amounts[6:]),
        )
        total = plane.copy()
        for amount, share in zip(chosen, shares, strict=True):
            ink = (amount * (ONE - plane) + INK_HALF) >> INK_SHIFT if step.relative else amount << 2
            total += mul(np.clip(ink, -plane, ONE - plane), share)
        out.append(np.clip(total, 0, ONE))
    return out
