"""Luminosity and saturation of colours, and colours that are given another.

As in section 10.2 of W3C Compositing and Blending Level 1.
A colour has three planes of 0..ONE: red, green, blue.
"""

from __future__ import annotations

import numpy as np

from engines.image_core.numbers.fixed import HALF, ONE, SHIFT, Plane
from engines.image_core.reference.parts import ratio
from engines.image_core.reference.pixels import Color

__all__ = ["fitted", "hundredfold_lum", "lum", "sat", "set_lum", "set_sat"]


def hundredfold_lum(c: Color) -> Plane:
    """Luminosity in steps of a hundredth of one: 30 red + 59 green + 11 blue, exact, at most 100 ONE."""
    total: Plane = c[1] * 59
    total += c[0] * 30
    total += c[2] * 11
    return total


def lum(c: Color) -> Plane:
    """Luminosity: (30 red + 59 green + 11 blue + 50) / 100."""
    total = hundredfold_lum(c)
    total += 50
    total //= 100
    return total


def sat(c: Color) -> Plane:
    """Saturation: the largest channel less the smallest."""
    high, low = _ends(c)
    high -= low
    return high


def set_sat(c: Color, s: Plane) -> Color:
    """Channels spread from 0 to s: the largest is s, the smallest 0, and that between keeps its share."""
    high, low = _ends(c)
    high -= low
    spread = c - low
    ratio(spread, high, out=spread)
    spread *= s
    return _rounded(spread)


def set_lum(c: Color, t: Plane) -> Color:
    """A colour moved to a luminosity t, and what then lies beyond 0..ONE brought back towards its grey."""
    return fitted(c - lum(c), t)


def fitted(apart: Color, t: Plane) -> Color:
    """The grey of t and what channels are apart from it, shrunk to what fits below it or above it; in place.

    They are apart from their own luminosity and by no more than ONE from one another, so never do both lie
    beyond 0..ONE, the smallest and the largest; and shrunk, none does: one below, times its share, is at most
    t and half a step, which is rounded to t; one above is less than ONE, and comes to less than half a step
    above ONE - t.
    """
    high, low = _ends(apart)
    below = (t + low) >> 31  # all bits where the smallest lies below 0, else none
    room = ONE - t
    room += (t - room) & below
    low += high
    low &= below
    high -= low  # -low where that lies below 0
    share = room[None]
    ratio(share, high[None], out=share)
    apart *= share
    apart += (t << SHIFT) + HALF
    apart >>= SHIFT
    return apart


def _ends(c: Color) -> tuple[Plane, Plane]:
    """The largest and the smallest of the channels."""
    high, low = np.maximum(c[0], c[1]), np.minimum(c[0], c[1])
    return np.maximum(high, c[2], out=high), np.minimum(low, c[2], out=low)


def _rounded(product: Color) -> Color:
    """A product of two fractions rounded as `mul` rounds it, in place."""
    product += HALF
    product >>= SHIFT
    return product
