"""Blending options: ranges of values, fill that is not opacity, channels that stay, knockouts.

All values are 0..ONE; what is opaque all over may have None for its alpha.
"""

from __future__ import annotations

import numpy as np

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.numbers.fixed import ONE, SHIFT, Plane, divide, lerp, mul
from engines.image_core.planning.options import Range
from engines.image_core.reference.blend import filled
from engines.image_core.reference.components import lum
from engines.image_core.reference.composite import Alpha, composite, mixed_back, weight
from engines.image_core.reference.pixels import Color

__all__ = ["blended", "knocked_out", "with_channels", "with_ranges"]

_CHANNELS = ("red", "green", "blue")


def with_ranges(
    alpha: Alpha, ranges: tuple[Range, ...], source: Color, backdrop: Color, backdrop_alpha: Plane | None
) -> Alpha:
    """A source's alpha times what its ranges show: as = mul(as, shown).

    Of a backdrop that is not opaque it counts as much as there is: lerp(ONE, shown, ab).
    """
    for each in ranges:
        shown = _shown(each, backdrop if each.underlying else source)
        if each.underlying and backdrop_alpha is not None:
            shown = lerp(np.full_like(shown, ONE), shown, backdrop_alpha)
        alpha = shown if alpha is None else mul(shown, alpha)
    return alpha


def _shown(range_: Range, color: Color) -> Plane:
    """0 below the first slider, (v - first) / (second - first) up to the second, ONE to the third, and down
    to the fourth likewise."""
    value = lum(color) if range_.of == "gray" else color[_CHANNELS.index(range_.of)]
    first, second, third, fourth = range_.sliders
    return mul(_risen(value - first, second - first), _risen(fourth - value, fourth - third))


def _risen(way: Plane, whole: int) -> Plane:
    """way / whole, from 0 to ONE; where there is no way to go, ONE from 0 on."""
    if whole == 0:
        return np.greater_equal(way, 0).astype(np.int32) << SHIFT
    return divide(np.clip(way, 0, whole), np.full_like(way, whole))


def blended(
    backdrop: Color, backdrop_alpha: Plane | None, source: Color, alpha: Alpha, mode: BlendMode, fill: int, *,
    keep: bool, bits: BitDepth,
) -> tuple[Color, Plane | None]:  # fmt: skip
    """A source onto a backdrop as `composite` has it, with a fill f that enters the blending, and is opacity
    only where there is no backdrop.

    With af = mul(as, f) and ao = af + ab - mul(af, ab), a source has the weight
    w = mul(as, ab) + mul(af, ONE - ab), that of its blended colour and its own:
    ct = lerp(cs, B(cb, cs, f), mul(as, ab) / w);  co = lerp(cb, ct, w / ao)
    """
    if fill == ONE:
        return composite(backdrop, backdrop_alpha, source, alpha, mode, keep=keep, bits=bits)
    mixed = filled(mode, backdrop, source, fill)
    if keep or backdrop_alpha is None:
        return mixed if alpha is None else lerp(backdrop, mixed, alpha), backdrop_alpha
    whole = np.broadcast_to(np.int32(ONE) if alpha is None else alpha, backdrop_alpha.shape)
    faded = mul(whole, np.int32(fill))
    out_alpha = faded + backdrop_alpha - mul(faded, backdrop_alpha)
    within = mul(whole, backdrop_alpha)
    heavy = within + mul(faded, ONE - backdrop_alpha)
    mixed = lerp(source, mixed, divide(within, heavy))
    return lerp(backdrop, mixed, weight(np.minimum(heavy, out_alpha), out_alpha, bits)), out_alpha


def knocked_out(
    before: Color, alpha_before: Plane | None, inside: Color, alpha_inside: Plane | None, share: Alpha, *,
    keep: bool, bits: BitDepth,
) -> tuple[Color, Plane | None]:  # fmt: skip
    """A backdrop that a shape is cut out of, with what is seen inside the shape. keep: its alpha stays."""
    if keep:
        return inside if share is None else lerp(before, inside, share), alpha_before
    return mixed_back(before, alpha_before, inside, alpha_inside, share, bits)


def with_channels(before: Color, after: Color, kept: tuple[bool, bool, bool]) -> Color:
    """What became of a backdrop, but for the channels that stay."""
    if not any(kept):
        return after
    return np.stack([b if stays else a for b, a, stays in zip(before, after, kept, strict=True)])
