"""One source onto a backdrop: W3C Compositing and Blending Level 1 on straight colour.

A source's alpha is what remains of it after mask and opacity. All values are 0..ONE.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.numbers.fixed import ONE, Plane, divide, lerp, mul
from engines.image_core.reference.blend import BLEND
from engines.image_core.reference.pixels import Color, share8

__all__ = ["Alpha", "composite", "mixed_back", "recolored", "source_alpha", "weight"]


Alpha: TypeAlias = Plane | np.int32 | None
"""A plane, one value for all pixels, or None for ONE everywhere."""


def source_alpha(alpha: Plane | None, mask: Plane | None, opacity: int) -> Alpha:
    """as = mul(mul(alpha, mask), opacity)."""
    if mask is not None:
        alpha = mask if alpha is None else mul(alpha, mask)
    if opacity == ONE:
        return alpha
    return np.int32(opacity) if alpha is None else mul(alpha, np.int32(opacity))


def weight(part: Plane, whole: Plane, bits: BitDepth) -> Plane:
    """part / whole, as levels of so many bits weigh by it."""
    share = divide(part, whole)
    return share if bits == 16 else share8(share)


def composite(
    backdrop: Color, backdrop_alpha: Plane | None, source: Color, alpha: Alpha, mode: BlendMode, *,
    keep: bool = False, bits: BitDepth = 16,
) -> tuple[Color, Plane | None]:  # fmt: skip
    """The colour and alpha of a source over a backdrop. keep: the backdrop's alpha stays.

    ct = lerp(cs, B(cb, cs), ab);  ao = as + ab - mul(as, ab);  t = as / ao, in 8 bits rounded to these;
    co = lerp(cb, ct, t)
    """
    if keep or backdrop_alpha is None:
        return recolored(backdrop, source, alpha, mode), backdrop_alpha
    mixed = BLEND[mode](backdrop, source)
    if mode is not BlendMode.NORMAL:
        mixed = lerp(source, mixed, backdrop_alpha)
    if alpha is None:
        return mixed, None
    out_alpha = alpha + backdrop_alpha - mul(backdrop_alpha, alpha)
    share = weight(np.broadcast_to(alpha, out_alpha.shape), out_alpha, bits)
    return lerp(backdrop, mixed, share), out_alpha


def recolored(backdrop: Color, source: Color, alpha: Alpha, mode: BlendMode) -> Color:
    """The colour of a source over a backdrop whose alpha stays: co = lerp(cb, B(cb, cs), as)."""
    mixed = BLEND[mode](backdrop, source)
    return mixed if alpha is None else lerp(backdrop, mixed, alpha)


def mixed_back(
    before: Color, alpha_before: Plane | None, after: Color, alpha_after: Plane | None, share: Alpha,
    bits: BitDepth = 16,
) -> tuple[Color, Plane | None]:  # fmt: skip
    """A backdrop mixed with what became of it, by a share t of 0..ONE.

    ao = lerp(ab, an, t);  co = lerp(cb, cn, mul(an, t) / ao), for colours weigh by their alpha
    """
    if share is None:
        return after, alpha_after
    if alpha_before is None and alpha_after is None:  # the weight is the share
        return lerp(before, after, share), None
    some = alpha_before if alpha_after is None else alpha_after
    had, has = (np.full_like(some, ONE) if each is None else each for each in (alpha_before, alpha_after))
    alpha = lerp(had, has, share)
    mixed = lerp(before, after, weight(mul(has, share), alpha, bits))
    mixed *= alpha > 0  # nothing has no colour
    return mixed, alpha
