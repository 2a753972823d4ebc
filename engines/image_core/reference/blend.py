"""Blend functions B(cb, cs): the colour of source over backdrop where both are opaque.

cb and cs are int32 planes of one channel, 0..ONE. Formulas: W3C Compositing and Blending Level 1, section 10;
add is linear dodge. Alpha, masks and opacity are the compositor's affair (`composite.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.image_core.models import BlendMode
from engines.image_core.numbers.fixed import ONE, Plane, mul

__all__ = ["BLEND"]


def normal(cb: Plane, cs: Plane) -> Plane:
    """B = cs."""
    return cs


def multiply(cb: Plane, cs: Plane) -> Plane:
    """B = cb * cs."""
    return mul(cb, cs)


def screen(cb: Plane, cs: Plane) -> Plane:
    """B = cb + cs - cb * cs."""
    product = mul(cb, cs)
    np.subtract(cs, product, out=product)
    product += cb
    return product


def overlay(cb: Plane, cs: Plane) -> Plane:
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


def darken(cb: Plane, cs: Plane) -> Plane:
    """B = min(cb, cs)."""
    return np.minimum(cb, cs)


def lighten(cb: Plane, cs: Plane) -> Plane:
    """B = max(cb, cs)."""
    return np.maximum(cb, cs)


def add(cb: Plane, cs: Plane) -> Plane:
    """B = min(1, cb + cs)."""
    total: Plane = cb + cs
    return np.minimum(total, ONE, out=total)


BLEND: dict[BlendMode, Callable[[Plane, Plane], Plane]] = {
    BlendMode.NORMAL: normal,
    BlendMode.MULTIPLY: multiply,
    BlendMode.SCREEN: screen,
    BlendMode.OVERLAY: overlay,
    BlendMode.DARKEN: darken,
    BlendMode.LIGHTEN: lighten,
    BlendMode.ADD: add,
}
