"""Blend functions B(cb, cs): the colour of source over backdrop where both are opaque.

cb and cs are int32 planes of one channel, 0..ONE. Formulas: W3C Compositing and Blending Level 1, section 10;
add is linear dodge. Alpha, masks and opacity are the compositor's affair (`composite.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.image_core.models import BlendMode
from engines.image_core.reference.fixed import HALF, ONE, Plane, mul

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
    """B = multiply(2 cb, cs) where cb <= 1/2, else screen(2 cb - 1, cs)."""
    double = cb << 1
    return np.where(cb <= HALF, mul(double, cs), screen(double - ONE, cs))


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
