"""Blend functions B(cb, cs): the colour of source over backdrop where both are opaque.

A function's name is `blend_` and the identifier of its mode. cb and cs are int32, 0..ONE, and have three
planes each: red, green, blue. A separable mode treats all values alike; another reads cb[0], cb[1] and cb[2].
Where the formulas come from is in `composition/blending.py`. Alpha, masks and opacity are the compositor's
affair (`composite.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.image_core.models import BlendMode
from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, lerp, mul
from engines.image_core.reference.components import hundredfold_lum, lum, sat, set_lum, set_sat
from engines.image_core.reference.parts import ratio, soft_light_curve
from engines.image_core.reference.pixels import Color

__all__ = ["BLEND", "filled"]


def blend_normal(cb: Color, cs: Color) -> Color:
    """B = cs."""
    return cs


def blend_multiply(cb: Color, cs: Color) -> Color:
    """B = cb * cs."""
    return mul(cb, cs)


def blend_screen(cb: Color, cs: Color) -> Color:
    """B = cb + cs - cb * cs."""
    product = mul(cb, cs)
    np.subtract(cs, product, out=product)
    product += cb
    return product


def blend_overlay(cb: Color, cs: Color) -> Color:
    """B = multiply(2 cb, cs) where cb <= 1/2, else screen(2 cb - 1, cs).

    With u = 2 cb - 1 the first is cs + u cs, the second cs + u - u cs, each rounded alike. Where u is
    negative so are both u cs and u - u cs; so B = cs + min(u cs, 0) + max(u - u cs, 0).
    """
    upper = cb << 1
    upper -= ONE
    product = mul(upper, cs)
    upper -= product
    np.maximum(upper, 0, out=upper)
    np.minimum(product, 0, out=product)
    product += upper
    product += cs
    return product


def blend_darken(cb: Color, cs: Color) -> Color:
    """B = min(cb, cs)."""
    return np.minimum(cb, cs)


def blend_lighten(cb: Color, cs: Color) -> Color:
    """B = max(cb, cs)."""
    return np.maximum(cb, cs)


def blend_add(cb: Color, cs: Color) -> Color:
    """B = min(1, cb + cs)."""
    total: Color = cb + cs
    return np.minimum(total, ONE, out=total)


def blend_dissolve(cb: Color, cs: Color) -> Color:
    """B = cs; what dissolves is the source's alpha (`dissolving.py`)."""
    return cs


def blend_color_burn(cb: Color, cs: Color) -> Color:
    """B = 1 - min(1, (1 - cb) / cs), 1 where cb is 1."""
    burnt = ratio(ONE - cb, cs)
    return np.subtract(ONE, burnt, out=burnt)


def blend_linear_burn(cb: Color, cs: Color) -> Color:
    """B = max(0, cb + cs - 1)."""
    total: Color = cb + cs
    total -= ONE
    return np.maximum(total, 0, out=total)


def blend_darker_color(cb: Color, cs: Color) -> Color:
    """B = cs where its luminosity is the smaller, else cb."""
    chosen = cs - cb
    chosen &= hundredfold_lum(chosen) >> 31  # all bits or none
    chosen += cb
    return chosen


def blend_color_dodge(cb: Color, cs: Color) -> Color:
    """B = min(1, cb / (1 - cs)), 0 where cb is 0."""
    return ratio(cb, ONE - cs)


def blend_lighter_color(cb: Color, cs: Color) -> Color:
    """B = cs where its luminosity is the larger, else cb."""
    chosen = cb - cs
    lighter = hundredfold_lum(chosen) >> 31
    np.invert(lighter, out=lighter)
    chosen &= lighter  # all bits or none
    chosen += cs
    return chosen


def blend_soft_light(cb: Color, cs: Color) -> Color:
    """B = cb - (1 - 2 cs) cb (1 - cb) where cs <= 1/2, else cb + (2 cs - 1) (D(cb) - cb).

    D(cb) = ((16 cb - 12) cb + 4) cb where cb <= 1/4, else the root of cb.
    """
    blended = np.empty_like(cb)
    for out, backdrop, source in zip(blended, cb, cs, strict=True):
        upper = source - HALF
        place = upper + (ONE - 1)
        place &= ONE  # where upper is above 0: there the second half of the curve begins
        place += backdrop
        np.take(soft_light_curve(), place, out=out, mode="clip")  # which no place needs, and is the quickest
        out *= upper
    blended += HALF >> 1
    blended >>= SHIFT - 1  # upper is a half of 2 cs - 1
    blended += cb
    return blended


def blend_hard_light(cb: Color, cs: Color) -> Color:
    """B = overlay(cs, cb)."""
    return blend_overlay(cs, cb)


def blend_vivid_light(cb: Color, cs: Color) -> Color:
    """B = color burn with 2 cs where cs < 1/2, else color dodge with 2 cs - 1; but cs where it is 0 or 1.

    Where cs < 1/2 that is 1 - (1 - cb) / 2 cs, else cb / 2 (1 - cs), and what divides is twice the smaller of
    cs and 1 - cs. Where that is 0, both take the fraction for 1.
    """
    end = cs - HALF
    end >>= 31
    end &= ONE  # 1 where it burns, else 0: from there a fraction and its part are counted
    divisor = ONE - cs
    np.minimum(divisor, cs, out=divisor)
    divisor <<= 1
    blended: Color = cb - end
    np.abs(blended, out=blended)
    np.maximum(blended, 1 - divisor, out=blended)
    ratio(blended, divisor, out=blended)
    blended -= end
    return np.abs(blended, out=blended)


def blend_linear_light(cb: Color, cs: Color) -> Color:
    """B = cb + 2 cs - 1, from 0 to 1."""
    total: Color = cs << 1
    total += cb
    total -= ONE
    np.maximum(total, 0, out=total)
    return np.minimum(total, ONE, out=total)


def blend_pin_light(cb: Color, cs: Color) -> Color:
    """B = min(cb, 2 cs) where cs <= 1/2, else max(cb, 2 cs - 1).

    2 cs - 1 is at most 0 in the first case and 2 cs at least 1 in the second, so one formula holds for both.
    """
    twice: Color = cs << 1
    pinned: Color = np.minimum(cb, twice)
    twice -= ONE
    return np.maximum(pinned, twice, out=pinned)


def blend_hard_mix(cb: Color, cs: Color) -> Color:
    """B = 1 where cb + cs >= 1 and cb > 0, else 0: vivid light at 1/2, but cb where both are 0 or 1."""
    total = cb + cs
    total >>= SHIFT  # 0 or 1, but 2 where both are 1
    np.minimum(total, 1, out=total)
    np.minimum(total, cb, out=total)
    total <<= SHIFT
    return total


def blend_difference(cb: Color, cs: Color) -> Color:
    """B = |cb - cs|."""
    difference: Color = cb - cs
    return np.abs(difference, out=difference)


def blend_exclusion(cb: Color, cs: Color) -> Color:
    """B = cb + cs - 2 cb cs."""
    product = cb * cs
    product += HALF >> 1
    product >>= 14
    np.subtract(cs, product, out=product)
    product += cb
    return product


def blend_subtract(cb: Color, cs: Color) -> Color:
    """B = max(0, cb - cs)."""
    difference: Color = cb - cs
    return np.maximum(difference, 0, out=difference)


def blend_divide(cb: Color, cs: Color) -> Color:
    """B = min(1, cb / cs), 0 where cb is 0."""
    return ratio(cb, cs)


def blend_hue(cb: Color, cs: Color) -> Color:
    """B = the hue of cs, the saturation and luminosity of cb."""
    return set_lum(set_sat(cs, sat(cb)), lum(cb))


def blend_saturation(cb: Color, cs: Color) -> Color:
    """B = the saturation of cs, the hue and luminosity of cb."""
    return set_lum(set_sat(cb, sat(cs)), lum(cb))


def blend_color(cb: Color, cs: Color) -> Color:
    """B = the hue and saturation of cs, the luminosity of cb."""
    return set_lum(cs, lum(cb))


def blend_luminosity(cb: Color, cs: Color) -> Color:
    """B = the luminosity of cs, the hue and saturation of cb."""
    return set_lum(cb, lum(cs))


BLEND: dict[BlendMode, Callable[[Color, Color], Color]] = {
    mode: globals()[name] for mode in BlendMode if (name := f"blend_{mode.identifier}") in globals()
}
"""The functions above by the mode they are named for. `tests/property/test_completeness.py` says where one is
missing or left over."""


def filled(mode: BlendMode, cb: Color, cs: Color, fill: int) -> Color:
    """B(cb, cs) of a source with a fill below ONE: from what changes nothing, at 0, to B in full."""
    if mode is BlendMode.HARD_MIX:
        return _hard_mix_filled(cb, cs, fill)
    neutral = {"from black": 0, "from gray": HALF, "from white": ONE}[mode.facts.fill]
    return BLEND[mode](cb, lerp(np.full_like(cs, neutral), cs, np.int32(fill)))


def _hard_mix_filled(cb: Color, cs: Color, fill: int) -> Color:
    """B = (cb - fill (1 - cs)) / (1 - fill), from 0 to 1, where fill is below 1; all of it below 2^31."""
    divisor = ONE - fill
    rest: Color = cb << SHIFT
    rest -= (ONE - cs) * np.int32(fill)
    np.maximum(rest, 0, out=rest)
    rest += divisor >> 1
    rest //= divisor
    return np.minimum(rest, ONE, out=rest)
