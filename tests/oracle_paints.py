"""An independent oracle of paints in float64: gradient fills and patterns, by "Fills" of docs/PIXEL_RULES.md.

As in `tests/oracle.py`, nothing here knows of the library. A fill is its fields as a composition has them.
Positions are in pixels of the painted box, from its top-left corner.
"""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import numpy as np
from PIL import Image

from tests.oracle import Floats
from tests.oracle_ramps import colors_at, values_at
from tests.oracle_shapes import NOTHING

__all__ = ["Paint", "color_of", "falloff", "gradient_at", "pattern_at", "place_at"]

Paint = tuple[Floats, Floats]
"""Straight colour, (..., 3), and alpha, (..., 1)."""


def color_of(text: str) -> Floats:
    """Red, green, blue and alpha of #rrggbb or #rrggbbaa."""
    return np.array(list(bytes.fromhex(text[1:].ljust(8, "f")))) / 255


def ramp_at(fill: dict[str, Any], t: Floats) -> Paint:
    """The colours of a gradient at places of its ramp."""
    t = 1 - t if fill.get("reverse") else t
    smoothness = fill.get("smoothness", 1.0)
    colors = np.array([color_of(stop["color"]) for stop in fill["stops"]])
    made = colors_at(t, fill, colors[:, :3])
    if not fill.get("opacity_stops"):
        return made, values_at(t, fill["stops"], colors[:, 3:], smoothness)
    opacities = np.array([[stop["opacity"]] for stop in fill["opacity_stops"]], float)
    return made, values_at(t, fill["opacity_stops"], opacities, smoothness).clip(0, 1)


def falloff(fill: dict[str, Any], plane: Floats) -> Paint:
    """A glow's gradient, from where its plane is full to where it is nothing: there is nothing of it."""
    color, alpha = ramp_at(fill, 1 - plane)
    return color, alpha * (plane > NOTHING)[..., None]


def place_at(fill: dict[str, Any], width: float, height: float, x: Floats, y: Floats) -> Floats:
    """Where on a gradient's line points of a box lie, 0 at its start and 1 at its end."""
    turn = math.radians(fill.get("angle", 0.0))
    cosine, sine = math.cos(turn), math.sin(turn)
    half = min(width / 2 / max(abs(cosine), 1e-12), height / 2 / max(abs(sine), 1e-12)) * fill.get("scale", 1)
    right, down = fill.get("offset", (0, 0))
    middle = np.array([width * (0.5 + right), height * (0.5 + down)])
    to_end = np.array([cosine, -sine]) * half
    style = fill.get("style", "linear")
    first, last = (middle - to_end if style == "linear" else middle), middle + to_end
    if fill.get("snap"):
        first, last = (np.floor(point + 1e-9) + 0.5 for point in (first, last))
    length = np.hypot(*(last - first))
    forward = (last - first) / length
    u = ((x - first[0]) * forward[0] + (y - first[1]) * forward[1]) / length
    v = ((x - first[0]) * forward[1] - (y - first[1]) * forward[0]) / length
    places = {
        "linear": u,
        "reflected": abs(u),
        "radial": np.hypot(u, v),
        "diamond": abs(u) + abs(v),
        "angle": np.arctan2(v, u) / (2 * np.pi) % 1,
    }
    return np.asarray(places[style])


def gradient_at(fill: dict[str, Any], width: float, height: float, x: Floats, y: Floats) -> Paint:
    """A gradient fill at points of its box; if it is dithered, at the centres of pixels."""
    color, alpha = ramp_at(fill, np.clip(place_at(fill, width, height, x, y), 0, 1))
    if not fill.get("dither"):
        return color, alpha
    added = _dither(np.floor(x), np.floor(y))
    opaque = (alpha == 0) | (alpha == 1)
    dithered = np.where(opaque, alpha, np.clip(alpha + added[..., 3:], 0, 1))
    return np.clip(color + added[..., :3], 0, 1), dithered


def _dither(x: Floats, y: Floats) -> Floats:
    """What is added to each channel in a column and a row of pixels: nearly half an 8-bit step either way, by
    the bytes of a hash, of whole numbers of any size that are cut to 32 bits."""
    column, row = (values.astype(int).astype(object) for values in (x, y))
    mixed = (column * 0xBB67AE85 + row * 0x510E527F) % 2**32
    for shift, factor in ((16, 0x1F83D9AB), (15, 0x5BE0CD19)):
        mixed = (mixed ^ mixed >> shift) * factor % 2**32
    mixed = (mixed ^ mixed >> 16).astype(np.int64)
    shares = (mixed[..., None] >> np.array([0, 8, 16, 24])) & 255
    return np.asarray((2 * (shares - 128) + 1) * 254 / 1024 / 2**15)


def pattern_at(fill: dict[str, Any], x: Floats, y: Floats) -> Paint:
    """A pattern in whole pixels of its box, as large as its picture or, with `sampling` linear, larger: what
    lies there in the picture, between two of its pixels as much of the next as it lies behind the one."""
    picture = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(fill["source"]["data"]))).convert("RGBA")) / 255
    )
    premultiplied = np.concatenate([picture[..., :3] * picture[..., 3:], picture[..., 3:]], axis=-1)
    height, width = premultiplied.shape[:2]
    scale, (right, down) = fill.get("scale", 1), fill.get("offset", (0, 0))
    across, along = (x - right) / scale, (y - down) / scale
    made = np.zeros((*x.shape, 4))
    for lower in (0, 1):
        for later in (0, 1):
            row, column = np.floor(along).astype(int) + lower, np.floor(across).astype(int) + later
            share = np.abs(1 - lower - along % 1) * np.abs(1 - later - across % 1)
            made += share[..., None] * premultiplied[row % height, column % width]
    alpha = made[..., 3:]
    return np.where(alpha > 0, made[..., :3] / np.where(alpha > 0, alpha, 1), 0), alpha
