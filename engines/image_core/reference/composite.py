"""Compositing of one layer onto a backdrop: W3C Compositing and Blending Level 1 on straight colour."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from engines.image_core.models import BlendMode
from engines.image_core.numbers.fixed import ONE, Plane, divide, lerp, mul
from engines.image_core.reference.blend import BLEND
from engines.image_core.reference.pixels import Color

__all__ = ["Alpha", "composite", "source_alpha"]


Alpha: TypeAlias = Plane | np.int32 | None
"""A plane, one value for all pixels, or None for ONE everywhere."""


def source_alpha(alpha: Plane | None, mask: Plane | None, opacity: int) -> Alpha:
    """as = mul(mul(alpha, mask), opacity)."""
    if mask is not None:
        alpha = mask if alpha is None else mul(alpha, mask)
    if opacity == ONE:
        return alpha
    return np.int32(opacity) if alpha is None else mul(alpha, np.int32(opacity))


def composite(
    backdrop: Color, backdrop_alpha: Plane | None, source: Color, alpha: Alpha, mode: BlendMode
) -> tuple[Color, Plane | None]:
    """The colour and alpha of a source over a backdrop.

    ct = lerp(cs, B(cb, cs), ab);  ao = as + ab - mul(as, ab);  t = as / ao;  co = lerp(cb, ct, t)
    """
    mixed = BLEND[mode](backdrop, source)
    if backdrop_alpha is None:
        return (mixed if alpha is None else lerp(backdrop, mixed, alpha)), None
    if mode is not BlendMode.NORMAL:
        mixed = lerp(source, mixed, backdrop_alpha)
    if alpha is None:
        return mixed, None
    out_alpha = alpha + backdrop_alpha - mul(backdrop_alpha, alpha)
    share = divide(np.broadcast_to(alpha, out_alpha.shape), out_alpha)
    return lerp(backdrop, mixed, share), out_alpha
