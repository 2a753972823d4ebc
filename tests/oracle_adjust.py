"""An independent oracle of adjustments by type: the formulas of docs/PIXEL_RULES.md in float64.

Nothing here knows of the library. Colours are float64, (..., 3), 0..1; fields are those of a composition.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracle_ramps import colors_at
from tests.oracle_tones import Floats, brightness_contrast, curves, exposure, levels, posterize

__all__ = ["ORACLES"]

LUMA = np.array([0.3, 0.59, 0.11])
HUES = ("reds", "yellows", "greens", "cyans", "blues", "magentas")
ANGLES = {
    name: ((60 * n - 45) % 360, (60 * n - 15) % 360, 60 * n + 15, 60 * n + 45) for n, name in enumerate(HUES)
}


def _rgb(color: str) -> Floats:
    return np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def _luminosity(color: Floats) -> Floats:
    return np.asarray(color @ LUMA)[..., None]


def _with_luminosity(color: Floats, wanted: Floats) -> Floats:
    moved = color + wanted - _luminosity(color)
    low, high = moved.min(-1, keepdims=True), moved.max(-1, keepdims=True)
    with np.errstate(all="ignore"):
        moved = np.where(low < 0, wanted + (moved - wanted) * wanted / (wanted - low), moved)
        return np.where(high > 1, wanted + (moved - wanted) * (1 - wanted) / (high - wanted), moved)


def gradient_map(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """The gradient's colours at the luminosity."""
    colors = np.array([_rgb(stop["color"]) for stop in fields["stops"]])

    def apply(color: Floats) -> Floats:
        place = _luminosity(color)[..., 0]
        return colors_at(1 - place if fields["reverse"] else place, fields, colors)

    return apply


def _hls(color: Floats) -> Floats:
    return np.array([colorsys.rgb_to_hls(*one) for one in color.reshape(-1, 3)]).reshape(color.shape)


def _from_hls(h: Floats, lightness: Floats, s: Floats) -> Floats:
    flat = zip(h.ravel(), lightness.ravel(), s.ravel(), strict=True)
    return np.array([colorsys.hls_to_rgb(*one) for one in flat]).reshape(*h.shape, 3)


def _lifted(v: Floats, amount: float) -> Floats:
    return v + (1 - v) * amount if amount > 0 else v * (1 + amount)


def hue_saturation(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """In HSL; what ranges weigh is taken at half degrees and is a straight line between them."""
    hue, saturation = fields.get("hue", 0), fields.get("saturation", 0) / 100
    lightness = fields.get("lightness", 0) / 100
    if fields.get("colorize"):

        def painted(color: Floats) -> Floats:
            middle = _lifted((color.max(-1) + color.min(-1)) / 2, lightness)
            return _from_hls(np.full_like(middle, hue / 360 % 1), middle, np.full_like(middle, saturation))

        return painted
    degrees = np.arange(721) / 2
    factor, lift, turn = np.ones(721), np.zeros(721), np.zeros(721)
    for name in HUES:
        part = {"angles": ANGLES[name], **fields.get(name, {})}
        a, b, c, d = part["angles"]
        corners = [a, a + (b - a) % 360, a + (c - a) % 360, a + (d - a) % 360]
        weight, lagging = (
            np.interp((degrees - late - a) % 360 + a, corners, [0, 1, 1, 0]) for late in (0, 0.5)
        )
        gain = part.get("saturation", 0) / 100
        gain = gain if gain <= 0 else gain / (1.004 - gain)
        factor = np.maximum(factor + gain * lagging, 0)
        lift = np.clip(lift + part.get("lightness", 0) / 100 * weight, -1, 1)
        turn += part.get("hue", 0) * weight
    factor = np.minimum(factor, 100)
    whole = 1 + (saturation if saturation <= 0 else saturation / (1.004 - saturation))

    def apply(color: Floats) -> Floats:
        color = _lifted(color, lightness)
        h = _hls(color)[..., 0]
        high, low = color.max(-1), color.min(-1)
        k, up, by = (np.interp(h * 360, degrees, table) for table in (factor, lift, turn))
        low, high = (
            np.where(up > 0, low + (high - low) * up, low),
            np.where(up < 0, high + (high - low) * up, high),
        )
        middle = (high + low) / 2
        room = 1 - np.abs(2 * middle - 1)
        chroma = np.minimum(np.minimum((high - low) * min(whole, 100), room) * k, room)
        s = np.divide(chroma, room, out=np.zeros_like(room), where=room > 1e-12)
        return _from_hls((h + (by + hue) / 360) % 1, middle, s)

    return apply


def vibrance(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Distances from the luminosity."""
    v, s = fields["vibrance"] / 100, fields["saturation"] / 100

    def apply(color: Floats) -> Floats:
        grey, chroma = _luminosity(color), (color.max(-1) - color.min(-1))[..., None]
        return np.asarray(np.clip(grey + (color - grey) * (1 + s) * (1 + v * (1 - chroma)), 0, 1))

    return apply


def color_balance(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """GIMP's weights, by the channel's own value."""

    def apply(color: Floats) -> Floats:
        low = np.clip((color - 1 / 3) / -0.25 + 0.5, 0, 1)
        high = np.clip((color - 2 / 3) / 0.25 + 0.5, 0, 1)
        middle = np.clip((color - 1 / 3) / 0.25 + 0.5, 0, 1) * np.clip((color - 2 / 3) / -0.25 + 0.5, 0, 1)
        amounts = [np.array(fields.get(name, [0, 0, 0])) for name in ("shadows", "midtones", "highlights")]
        change = sum(
            0.7 * amount / 100 * weight for amount, weight in zip(amounts, (low, middle, high), strict=True)
        )
        out = np.clip(color + change, 0, 1)
        return _with_luminosity(out, _luminosity(color)) if fields.get("preserve_luminosity", True) else out

    return apply


def black_and_white(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Weights of six hues: between two, of how far a colour is from either."""
    weights = [fields.get(name, w) / 100 for name, w in zip(HUES, (40, 60, 40, 60, 20, 80), strict=True)]

    def apply(color: Floats) -> Floats:
        low, high = color.min(-1), color.max(-1)
        h = _hls(color)[..., 0] * 6
        grey = np.clip(low + (high - low) * np.interp(h, range(7), [*weights, weights[0]]), 0, 1)[..., None]
        if not fields.get("tint"):
            return np.repeat(grey, 3, -1)
        return _with_luminosity(np.broadcast_to(_rgb(fields["tint"]), color.shape), grey)

    return apply


def photo_filter(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Times the colour, by the density."""
    glass = 1 - fields["density"] / 100 * (1 - _rgb(fields["color"]))

    def apply(color: Floats) -> Floats:
        out = color * glass
        return _with_luminosity(out, _luminosity(color)) if fields["preserve_luminosity"] else out

    return apply


def channel_mixer(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """A matrix."""
    rows = [
        fields.get(name, [100 * (n == m) for m in range(4)])
        for n, name in enumerate(("red", "green", "blue"))
    ]
    if fields.get("monochrome"):
        rows = [fields.get("gray", [40, 40, 20, 0])] * 3
    matrix = np.array(rows) / 100
    return lambda color: np.clip(color @ matrix[:, :3].T + matrix[:, 3], 0, 1)


def selective_color(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Of each range its share in the colour times what it adds."""
    amounts = {
        name: np.array(fields.get(name, [0] * 4)) / 100 for name in (*HUES, "whites", "neutrals", "blacks")
    }

    def apply(color: Floats) -> Floats:
        low, middle, high = np.moveaxis(np.sort(color, -1), -1, 0)
        first, last = np.argmax(color, -1), np.argmin(color, -1)
        shares = {name: np.where(first == n, high - middle, 0) for n, name in enumerate(HUES[::2])}
        shares |= {
            name: np.where(last == n, middle - low, 0) for name, n in zip(HUES[1::2], (2, 0, 1), strict=True)
        }
        shares["whites"], shares["blacks"] = np.maximum(2 * low - 1, 0), np.maximum(1 - 2 * high, 0)
        shares["neutrals"] = 1 - np.abs(high - 0.5) - np.abs(low - 0.5)
        total = color.copy()
        for name, share in shares.items():
            *inks, black = amounts[name]
            added = (-1 - np.array(inks)) * black - inks
            added = added * (1 - color) if fields.get("method", "relative") == "relative" else added
            total += np.clip(added, -color, 1 - color) * share[..., None]
        return np.clip(total, 0, 1)

    return apply


def threshold(fields: dict[str, Any]) -> Callable[[Floats], Floats]:
    """What rounds to the level is white."""
    level = (fields["level"] - 0.5) / 255
    return lambda color: np.repeat(np.where(_luminosity(color) >= level, 1.0, 0.0), 3, -1)


ORACLES: dict[str, Callable[[dict[str, Any]], Callable[[Floats], Floats]]] = {
    "invert": lambda _: lambda color: 1 - color,
    "posterize": posterize,
    "threshold": threshold,
    "brightness-contrast": brightness_contrast,
    "levels": levels,
    "curves": curves,
    "exposure": exposure,
    "gradient-map": gradient_map,
    "vibrance": vibrance,
    "hue-saturation": hue_saturation,
    "color-balance": color_balance,
    "black-and-white": black_and_white,
    "photo-filter": photo_filter,
    "channel-mixer": channel_mixer,
    "selective-color": selective_color,
}
"""By type: from an adjustment's fields to what it does."""
