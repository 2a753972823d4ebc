"""An independent oracle: what pixels should be, from the published formulas, in float64.

Nothing here knows of the library. Colours are float64 arrays of straight values, 0..1; alphas 0..1; shapes
broadcast. Compositing and blending: W3C Compositing and Blending Level 1. Adjustments: CSS Filter Effects
Module Level 1 and IEC 61966-2-1 (the sRGB curve). Resampling: R. Keys, Cubic Convolution Interpolation for
Digital Image Processing, 1981; what becomes of its overshoot is in docs/PIXEL_RULES.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MODES",
    "UNSTEADY",
    "Floats",
    "blend",
    "blend_filled",
    "brightness",
    "composite",
    "composite_filled",
    "contrast",
    "exposure",
    "from8",
    "gamma",
    "gathered",
    "linear_to_srgb",
    "mixed_back",
    "recolored",
    "resampled",
    "saturation",
    "shown",
    "srgb_to_linear",
    "to8",
    "weights",
]

Floats: TypeAlias = NDArray[np.float64]

MODES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "normal": lambda cb, cs: np.broadcast_arrays(cs, cb)[0],
    "multiply": lambda cb, cs: cb * cs,
    "screen": lambda cb, cs: cb + cs - cb * cs,
    # Hard light with its arguments exchanged.
    "overlay": lambda cb, cs: np.where(cb <= 0.5, 2 * cb * cs, 1 - 2 * (1 - cb) * (1 - cs)),
    "darken": lambda cb, cs: np.minimum(cb, cs),
    "lighten": lambda cb, cs: np.maximum(cb, cs),
    "add": lambda cb, cs: np.minimum(1.0, cb + cs),
    "dissolve": lambda cb, cs: np.broadcast_arrays(cs, cb)[0],
    "color-burn": lambda cb, cs: np.where(cb >= 1, 1.0, 1 - np.where(cs > 0, _at_most_1(1 - cb, cs), 1.0)),
    "linear-burn": lambda cb, cs: np.maximum(0.0, cb + cs - 1),
    "darker-color": lambda cb, cs: np.where(_lum(cs) < _lum(cb), cs, cb),
    "color-dodge": lambda cb, cs: np.where(cb <= 0, 0.0, np.where(cs < 1, _at_most_1(cb, 1 - cs), 1.0)),
    "lighter-color": lambda cb, cs: np.where(_lum(cs) > _lum(cb), cs, cb),
    "soft-light": lambda cb, cs: np.where(
        cs <= 0.5,
        cb - (1 - 2 * cs) * cb * (1 - cb),
        cb + (2 * cs - 1) * (np.where(cb <= 0.25, ((16 * cb - 12) * cb + 4) * cb, np.sqrt(cb)) - cb),
    ),
    "hard-light": lambda cb, cs: np.where(cs <= 0.5, cb * 2 * cs, cb + (2 * cs - 1) - cb * (2 * cs - 1)),
    "vivid-light": lambda cb, cs: np.where(cs <= 0, 0.0, np.where(cs >= 1, 1.0, np.where(
        cs < 0.5, 1 - _at_most_1(1 - cb, 2 * cs), _at_most_1(cb, 1 - (2 * cs - 1))))),
    "linear-light": lambda cb, cs: np.clip(cb + 2 * cs - 1, 0, 1),
    "pin-light": lambda cb, cs: np.where(cs <= 0.5, np.minimum(cb, 2 * cs), np.maximum(cb, 2 * cs - 1)),
    "hard-mix": lambda cb, cs: np.where((cb + cs >= 1 - 1e-9) & (cb > 0), 1.0, 0.0),
    "difference": lambda cb, cs: np.abs(cb - cs),
    "exclusion": lambda cb, cs: cb + cs - 2 * cb * cs,
    "subtract": lambda cb, cs: np.maximum(0.0, cb - cs),
    "divide": lambda cb, cs: np.where(cb <= 0, 0.0, np.where(cs > 0, _at_most_1(cb, cs), 1.0)),
    "hue": lambda cb, cs: _set_lum(_set_sat(cs, _sat(cb)), _lum(cb)),
    "saturation": lambda cb, cs: _set_lum(_set_sat(cb, _sat(cs)), _lum(cb)),
    "color": lambda cb, cs: _set_lum(cs, _lum(cb)),
    "luminosity": lambda cb, cs: _set_lum(cb, _lum(cs)),
}  # fmt: skip
"""B(cb, cs) by name (section 10; what the specification does not have as Adobe describes it).

The last axis of both is red, green, blue, for modes that mix the channels."""

UNSTEADY = frozenset(
    {
        "dissolve", "color-burn", "darker-color", "color-dodge", "lighter-color", "vivid-light", "hard-mix",
        "divide", "hue", "saturation", "color", "luminosity",
    }
)  # fmt: skip
"""Modes that give colours far apart for some that are next to each other, or one of two: what was rounded on
the way to them may be enlarged without end. They are compared where what they take is exact."""


def _at_most_1(a: Floats, b: Floats) -> Floats:
    return np.minimum(1.0, a / np.where(b > 0, b, 1.0))


def _lum(c: Floats) -> Floats:
    """Lum() of section 10.2, with its last axis kept."""
    return np.asarray(c @ np.array([[0.3], [0.59], [0.11]]))


def _sat(c: Floats) -> Floats:
    return np.asarray(c.max(axis=-1, keepdims=True) - c.min(axis=-1, keepdims=True))


def _set_sat(c: Floats, s: Floats) -> Floats:
    """SetSat(): 0 where all channels are alike."""
    own = _sat(c)
    return np.asarray((c - c.min(axis=-1, keepdims=True)) * s / np.where(own > 0, own, 1) * (own > 0))


def _set_lum(c: Floats, lum: Floats) -> Floats:
    """SetLum() and ClipColor()."""
    c = c + (lum - _lum(c))
    low, high = c.min(axis=-1, keepdims=True), c.max(axis=-1, keepdims=True)
    c = np.where(low < 0, lum + (c - lum) * lum / np.where(low < 0, lum - low, 1), c)
    return np.where(high > 1, lum + (c - lum) * (1 - lum) / np.where(high > 1, high - lum, 1), c)


def blend(mode: str, cb: Floats, cs: Floats) -> Floats:
    """B(cb, cs) of a mode, (..., 3)."""
    return MODES[mode](cb, cs)


def composite(cb: Floats, ab: Floats, cs: Floats, as_: Floats, mode: str) -> tuple[Floats, Floats]:
    """Source over backdrop with a blend mode: straight colour and alpha.

    Blending (section 10): cs' = (1 - ab) * cs + ab * B(cb, cs). Source over (section 9.1):
    co * ao = as * cs' + (1 - as) * ab * cb and ao = as + ab * (1 - as). The colour is 0 where ao is 0.
    """
    mixed = (1 - ab) * cs + ab * blend(mode, cb, cs)
    ao = as_ + ab * (1 - as_)
    premultiplied = as_ * mixed + (1 - as_) * ab * cb
    return np.where(ao > 0, premultiplied / np.where(ao > 0, ao, 1), 0.0), np.asarray(ao)


def composite_filled(
    cb: Floats, ab: Floats, cs: Floats, as_: Floats, mode: str, fill: float
) -> tuple[Floats, Floats]:
    """A source with a fill in a mode that it enters, as straight colour and alpha: the blended part of the
    source counts in full and its own colour by the fill, as Photoshop's pixels have it:

    co * ao = as * ab * B + as * f * (1 - ab) * cs + (1 - as) * ab * cb and ao = as * f + ab - as * f * ab.
    """
    own = as_ * fill
    ao = own + ab - own * ab
    premultiplied = as_ * ab * blend_filled(mode, cb, cs, fill) + own * (1 - ab) * cs + (1 - as_) * ab * cb
    return np.where(ao > 0, premultiplied / np.where(ao > 0, ao, 1), 0.0), np.asarray(ao)


def blend_filled(mode: str, cb: Floats, cs: Floats, fill: float) -> Floats:
    """B(cb, cs) at a fill below 1: of a source that is as much nearer to the colour that changes nothing; of
    hard mix, (cb - f (1 - cs)) / (1 - f)."""
    if mode == "hard-mix":
        return np.clip((cb - fill * (1 - cs)) / (1 - fill), 0, 1)
    neutral = {"color-burn": 1, "linear-burn": 1, "vivid-light": 0.5, "linear-light": 0.5}.get(mode, 0)
    return blend(mode, cb, neutral + fill * (cs - neutral))


def shown(value: Floats, sliders: tuple[int, int, int, int]) -> Floats:
    """What blend-if shows by a value: a trapezoid."""
    first, second, third, fourth = (slider / 255 for slider in sliders)
    up = np.where(value >= second, 1.0, np.clip((value - first) / max(second - first, 1e-9), 0, 1))
    down = np.where(value <= third, 1.0, np.clip((fourth - value) / max(fourth - third, 1e-9), 0, 1))
    return np.asarray(up * down)


def recolored(cb: Floats, cs: Floats, as_: Floats, mode: str) -> Floats:
    """Source on a backdrop whose alpha it keeps, as source atop does (section 9.1), where ao = ab:
    co = (1 - as) * cb + as * B(cb, cs)."""
    return np.asarray((1 - as_) * cb + as_ * blend(mode, cb, cs))


def mixed_back(cb: Floats, ab: Floats, cn: Floats, an: Floats, t: Floats) -> tuple[Floats, Floats]:
    """A share t of a new picture, and 1 - t of the backdrop that it was made of: the mean of both where they
    are premultiplied, as straight colour and alpha."""
    ao = (1 - t) * ab + t * an
    premultiplied = (1 - t) * ab * cb + t * an * cn
    return np.where(ao > 0, premultiplied / np.where(ao > 0, ao, 1), 0.0), ao


def brightness(color: Floats, factor: float) -> Floats:
    """Filter Effects, brightness(): multiply."""
    return np.clip(color * factor, 0, 1)


def contrast(color: Floats, factor: float) -> Floats:
    """Filter Effects, contrast(): slope `factor`, intercept 0.5 - 0.5 * factor."""
    return np.clip(color * factor + (0.5 - 0.5 * factor), 0, 1)


def saturation(color: Floats, factor: float) -> Floats:
    """Filter Effects, feColorMatrix type saturate, on (..., 3)."""
    luma = np.array([0.213, 0.715, 0.072])
    matrix = factor * np.eye(3) + (1 - factor) * np.ones((3, 1)) * luma
    mixed: Floats = color @ matrix.T
    return np.clip(mixed, 0, 1)


def gamma(color: Floats, value: float) -> Floats:
    """Power 1 / value."""
    return np.power(color, 1 / value)


def exposure(color: Floats, stops: float) -> Floats:
    """Linear light times 2^stops."""
    scaled: Floats = srgb_to_linear(color) * 2.0**stops
    return np.clip(linear_to_srgb(scaled), 0, 1)


def srgb_to_linear(color: Floats) -> Floats:
    """The sRGB curve, decoding."""
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: Floats) -> Floats:
    """The sRGB curve, encoding."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def keys(x: Floats) -> Floats:
    """Keys' equation 15: the cubic convolution kernel with a = -1/2."""
    x = np.abs(x)
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def weights(count: int, size: int, scale: float, start: float, sharp: bool) -> Floats:
    """What each of `size` pixels counts for in each of `count` pixels that they are resampled to.

    scale: how many of the one are made of one of the other; start: where pixel 0 begins among the others.
    sharp: the picture ends where it does, and covers the pixels at its ends in part; else it has no end, and
    transparency lies around it.
    """
    beyond = size + int((count + abs(start)) / abs(scale)) + 4  # as far as the kernel sees from any of them
    places = (np.arange(-beyond, size + beyond) + 0.5) * scale + start
    counts = keys((np.arange(count)[:, None] + 0.5 - places) / max(1, abs(scale)))
    inside: Floats = counts[:, beyond : beyond + size]
    if not sharp:
        return np.asarray(inside / counts.sum(axis=1, keepdims=True))
    low, high = sorted((start, start + size * scale))
    pixels = np.arange(count)
    covered = np.clip(np.minimum(high, pixels + 1) - np.maximum(low, pixels), 0, 1)
    total = inside.sum(axis=1)
    share = np.where(covered > 0, covered / np.where(covered > 0, total, 1), 0)
    return inside * share[:, None]


def resampled(color: Floats, alpha: Floats, down: Floats, across: Floats) -> tuple[Floats, Floats]:
    """A picture, (height, width, 3) and (height, width, 1), resampled by the weights of its rows and then by
    those of its columns: the colour is the ratio of sums that go below 0 and above 1.

    On the way colour goes no further beyond 0..1 than alpha does.
    """
    premultiplied, alpha = (np.einsum("yj,jxc->yxc", down, plane) for plane in (color * alpha, alpha))
    premultiplied = np.clip(premultiplied, np.minimum(alpha, 0), np.maximum(alpha, 1))
    premultiplied, alpha = (np.einsum("xj,yjc->yxc", across, plane) for plane in (premultiplied, alpha))
    return _ratio(premultiplied, alpha)


def gathered(color: Floats, alpha: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A picture's values at points, in pixels from the centre of its first one and in steps of 1/256, with
    transparency around it."""
    x, y = np.floor(x * 256) / 256, np.floor(y * 256) / 256
    height, width = alpha.shape[:2]
    down, across = keys(y[..., None] - np.arange(height)), keys(x[..., None] - np.arange(width))
    premultiplied, alpha = (
        np.einsum("...j,...i,jic->...c", down, across, plane, optimize=True)
        for plane in (color * alpha, alpha)
    )
    return _ratio(premultiplied, alpha)


def _ratio(premultiplied: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    covered = np.maximum(alpha, 0)
    color = np.clip(premultiplied, 0, covered) / np.where(covered > 0, covered, 1)
    return color, np.minimum(covered, 1)


def from8(values: NDArray[np.uint8]) -> Floats:
    """Bytes to 0..1."""
    return values / 255.0


def to8(values: Floats) -> Floats:
    """0..1 to 8-bit steps, not rounded: compare with bytes by a difference in steps."""
    return values * 255.0
