"""The composite modes of colour glyphs: W3C "Compositing and Blending Level 1", in 15-bit integers.

Planes are int32, shape (4, rows, columns), 0..ONE: straight red, green, blue and alpha.
"""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import ONE, Plane, divide, lerp, mul
from engines.image_core.sources.text.color_paints import Mode

__all__ = ["composite", "paint_over"]


def paint_over(source: Plane, alpha: Plane, backdrop: Plane) -> None:
    """Composite colours, shape (3, ...), of an alpha normally over a backdrop, in place."""
    union = alpha + backdrop[3] - mul(alpha, backdrop[3])
    share = divide(alpha, union)
    for channel in range(3):
        backdrop[channel] = lerp(backdrop[channel], source[channel], share)
    backdrop[3] = union


def composite(mode: Mode, source: Plane, backdrop: Plane) -> Plane:
    """A source composited with a backdrop of the same shape, as new planes."""
    own, other = source[3], backdrop[3]
    nothing, whole = np.zeros_like(own), np.full_like(own, ONE)
    match mode:
        case "clear":
            return np.zeros_like(source)
        case "src":
            return source.copy()
        case "dest":
            return backdrop.copy()
        case "src-over":
            return _weighed(source, backdrop, whole, ONE - own)
        case "dest-over":
            return _weighed(source, backdrop, ONE - other, whole)
        case "src-in":
            return _weighed(source, backdrop, other, nothing)
        case "dest-in":
            return _weighed(source, backdrop, nothing, own)
        case "src-out":
            return _weighed(source, backdrop, ONE - other, nothing)
        case "dest-out":
            return _weighed(source, backdrop, nothing, ONE - own)
        case "src-atop":
            return _weighed(source, backdrop, other, ONE - own)
        case "dest-atop":
            return _weighed(source, backdrop, ONE - other, own)
        case "xor":
            return _weighed(source, backdrop, ONE - other, ONE - own)
        case "plus":
            return _plus(source, backdrop)
    mixed = source.copy()
    for channel, blended in enumerate(_blended(mode, source[:3], backdrop[:3])):
        mixed[channel] = lerp(source[channel], blended, other)
    return _weighed(mixed, backdrop, whole, ONE - own)


def _weighed(source: Plane, backdrop: Plane, first: Plane, second: Plane) -> Plane:
    """Porter and Duff: each by its alpha and its factor."""
    one, two = mul(source[3], first), mul(backdrop[3], second)
    total = np.minimum(one + two, ONE)
    share = divide(np.minimum(one, total), total)
    planes = np.empty_like(source)
    for channel in range(3):
        planes[channel] = lerp(backdrop[channel], source[channel], share)
    planes[3] = total
    return planes


def _plus(source: Plane, backdrop: Plane) -> Plane:
    """The sum of both premultiplied, at most 1."""
    planes = np.empty_like(source)
    planes[3] = np.minimum(source[3] + backdrop[3], ONE)
    for channel in range(3):
        total = mul(source[channel], source[3]) + mul(backdrop[channel], backdrop[3])
        planes[channel] = divide(np.minimum(total, planes[3]), planes[3])
    return planes


def _blended(mode: Mode, cs: Plane, cb: Plane) -> Plane:
    """The blend function of a mode: B(cb, cs), colours of shape (3, ...)."""
    match mode:
        case "multiply":
            return mul(cs, cb)
        case "screen":
            return _screen(cs, cb)
        case "overlay":
            return _hard_light(cb, cs)
        case "hard-light":
            return _hard_light(cs, cb)
        case "darken":
            return np.minimum(cs, cb)
        case "lighten":
            return np.maximum(cs, cb)
        case "color-dodge":
            return np.where(cb == 0, 0, _ratio(cb, ONE - cs))
        case "color-burn":
            return np.where(cb == ONE, ONE, ONE - _ratio(ONE - cb, cs))
        case "soft-light":
            return _soft_light(cs, cb)
        case "difference":
            return np.maximum(cs, cb) - np.minimum(cs, cb)
        case "exclusion":
            return cs + cb - 2 * mul(cs, cb)
        case "hue":
            return _with_luminosity(_with_saturation(cs, _saturation(cb)), _luminosity(cb))
        case "saturation":
            return _with_luminosity(_with_saturation(cb, _saturation(cs)), _luminosity(cb))
        case "color":
            return _with_luminosity(cs, _luminosity(cb))
    return _with_luminosity(cb, _luminosity(cs))


def _screen(cs: Plane, cb: Plane) -> Plane:
    return cs + cb - mul(cs, cb)


def _hard_light(cs: Plane, cb: Plane) -> Plane:
    half = 2 * cs <= ONE
    return np.where(half, mul(np.where(half, 2 * cs, 0), cb), _screen(np.where(half, 0, 2 * cs - ONE), cb))


def _ratio(part: Plane, whole: Plane) -> Plane:
    """part / whole, at most 1, which it also is over nothing."""
    full = part >= whole
    return np.where(full, ONE, divide(np.where(full, 0, part), np.where(full, 1, whole)))


def _soft_light(cs: Plane, cb: Plane) -> Plane:
    # The cubic ((16 cb - 12) cb + 4) cb up to a quarter; above it the square root, which IEEE 754 rounds
    # correctly, of a whole number below 2^31.
    small = np.minimum(cb, ONE // 4)
    cubic = 4 * mul(mul(4 * small - 3 * ONE, small) + ONE, small)
    root = np.sqrt((cb << 15).astype(np.float64)).astype(np.int32)
    curve = np.where(cb <= ONE // 4, cubic, root)
    darker = cb - mul(mul(ONE - np.minimum(2 * cs, ONE), cb), ONE - cb)
    lighter = cb + mul(np.maximum(2 * cs - ONE, 0), np.maximum(curve - cb, 0))
    return np.where(2 * cs <= ONE, darker, lighter)


def _luminosity(color: Plane) -> Plane:
    """0.3 red + 0.59 green + 0.11 blue."""
    total: Plane = (30 * color[0] + 59 * color[1] + 11 * color[2] + 50) // 100
    return total


def _saturation(color: Plane) -> Plane:
    saturation: Plane = color.max(axis=0) - color.min(axis=0)
    return saturation


def _with_saturation(color: Plane, saturation: Plane) -> Plane:
    low = color.min(axis=0)
    span = color.max(axis=0) - low
    return np.stack([mul(divide(channel - low, span), saturation) for channel in color])


def _with_luminosity(color: Plane, luminosity: Plane) -> Plane:
    """The colour moved to a luminosity and, where it then leaves 0..ONE, drawn in towards grey."""
    moved = (color + (luminosity - _luminosity(color))).astype(np.int64)
    own = _luminosity(moved.astype(np.int32)).astype(np.int64)
    low, high = moved.min(axis=0), moved.max(axis=0)
    drawn = own + (moved - own) * own // np.maximum(own - low, 1)
    moved = np.where(low < 0, drawn, moved)
    drawn = own + (moved - own) * (ONE - own) // np.maximum(high - own, 1)
    moved = np.where(high > ONE, drawn, moved)
    return np.clip(moved, 0, ONE).astype(np.int32)
