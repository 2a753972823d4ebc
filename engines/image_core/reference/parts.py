"""What blend functions are made of beside products: ratios, and the curves of soft light."""

from __future__ import annotations

from functools import cache

import numpy as np

from engines.image_core.numbers.fixed import ONE, SHIFT, Plane, mul
from engines.image_core.reference.pixels import Color

__all__ = ["ratio", "soft_light_curve"]


def ratio(a: Color, b: Plane, out: Color | None = None) -> Color:
    """min(1, a / b) of 0..ONE; where b is 0 it is 1, but 0 where a is 0.

    a: some planes. b: as many, or one for all. out: where to write it, a new array by default.

    To nearest, half a step up, as `divide` has it: where a * ONE / b is not half a step from a whole number,
    it is 2^-16 or more away from there, and float64 has it to 2^-37; where it is, float64 has it exactly.
    """
    whole = np.clip(b, 1, ONE)
    part = np.minimum(a, whole, out=out)
    part <<= SHIFT
    quotient = np.empty(part.shape[-2:])
    wholes = whole if whole.ndim == part.ndim else [whole] * len(part)
    for numerator, denominator in zip(part, wholes, strict=True):
        np.divide(numerator, denominator, out=quotient)
        quotient += 0.5
        np.copyto(numerator, quotient, casting="unsafe")
    return part


@cache
def soft_light_curve() -> Plane:
    """What soft light adds to a value, in full: ONE entries of cb (1 - cb), then ONE + 1 of D(cb) - cb. The
    first at ONE and the second at 0 are both 0: one entry does for both.

    D(cb) is 4 ((4 cb - 3) cb + 1) cb up to 1/4, what is in the outer brackets in 2^-17 steps: all is below
    2^30, for |4 cb - 3| is at most 3 ONE and cb at most 2^13 there. Above it is the root of cb to nearest:
    that of n = cb << 15 lies 2^-18 or more from half a step, and float64 has it to 2^-37.
    """
    cb = np.arange(ONE + 1, dtype=np.int32)
    low = np.minimum(cb, ONE >> 2)
    inner = (ONE << 2) + ((((low << 2) - 3 * ONE) * low + (1 << 12)) >> 13)
    root = np.rint(np.sqrt((cb << SHIFT).astype(np.float64))).astype(np.int32)
    lighter = np.where(cb <= ONE >> 2, mul(inner, low), root) - cb
    curve = np.concatenate([mul(cb, ONE - cb)[:ONE], lighter])
    curve.setflags(write=False)
    return curve
