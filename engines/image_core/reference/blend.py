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
from engines.image_core.numbers.fixed import ONE, mul
from engines.image_core.reference.pixels import Color

__all__ = ["BLEND"]


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


BLEND: dict[BlendMode, Callable[[Color, Color], Color]] = {
    mode: globals()[name] for mode in BlendMode if (name := f"blend_{mode.identifier}") in globals()
}
"""The functions above by the mode they are named for. `tests/property/test_completeness.py` says where one is
missing or left over."""
