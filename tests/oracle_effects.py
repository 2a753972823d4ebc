"""An independent oracle of layers with effects in float64, by "Layer effects" of docs/PIXEL_RULES.md.

Here is how they are put together; the planes of an effect are in `tests/oracle_planes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tests import oracle
from tests.oracle import Floats
from tests.oracle_planes import ORDER, PLANES, Fields, Place, PlaneOf

__all__ = ["Part", "Picture", "drawn", "parts"]

Picture: TypeAlias = tuple[Floats, Floats]
"""Straight colour, (height, width, 3), and alpha, (height, width, 1)."""

FILLED = frozenset(
    {
        "add",
        "color-burn",
        "linear-burn",
        "color-dodge",
        "vivid-light",
        "linear-light",
        "hard-mix",
        "difference",
    }
)
"""The modes that a fill enters; in all others it is a part of the opacity."""


@dataclass(frozen=True)
class Part:
    """One plane of an effect, and the colour that it shows.

    Attributes:
        knocked_out: nothing of it lies where the layer is, unless the layer hides that.
        share: the plane times the effect's opacity, (height, width, 1).
        color: red, green and blue.
    """

    place: Place
    knocked_out: bool
    share: Floats
    color: Floats
    mode: str

    def over(self, below: Picture, shown: Floats | float = 1.0) -> Picture:
        """It over a picture, where it is shown."""
        return oracle.composite(*below, self.color, self.share * shown, self.mode)


def parts(effects: Sequence[Fields], alpha: Floats) -> list[Part]:
    """What effects show of a layer with that alpha, bottom first; of one type the later lie higher."""
    made = []
    effects = sorted(effects, key=lambda effect: ORDER.index(effect["type"]))
    for index, effect in enumerate(effects):
        color, mode = _color(effect), effect.get("blend_mode", "normal")
        for place, plane in _planes(effect):
            share = plane(effect, alpha) * _opacity(effect)
            if place == "around":
                share = share * _left_by(effects[index + 1 :], alpha)
            made.append(Part(place, effect.get("knockout", True), share[..., None], color[:3], mode))
    return made


def _planes(effect: Fields) -> tuple[tuple[Place, PlaneOf], ...]:
    return PLANES[f"stroke {effect['position']}" if effect["type"] == "stroke" else effect["type"]]


def _color(effect: Fields) -> Floats:
    return np.array(list(bytes.fromhex(effect["color"][1:].ljust(8, "f")))) / 255


def _opacity(effect: Fields) -> float:
    return float(effect.get("opacity", 1) * _color(effect)[3])


def _left_by(strokes: Sequence[Fields], alpha: Floats) -> Floats:
    """What the strokes above one leave of it, where they do not hide it by themselves."""
    left = np.ones_like(alpha)
    for stroke in strokes:
        if _opacity(stroke) < 1 or stroke["blend_mode"] != "normal":
            for place, plane in _planes(stroke):
                left = left * (1 - plane(stroke, alpha)) if place == "around" else left
    return left


def drawn(
    below: Picture,
    layer: Picture,
    effects: Sequence[Fields],
    *,
    mode: str = "normal",
    opacity: float = 1.0,
    fill: float = 1.0,
    channels: Sequence[str] = ("red", "green", "blue"),
) -> Picture:
    """A layer with effects over a picture; the layer's alpha has its masks in it, but not its opacity."""
    made = parts(effects, layer[1][..., 0])
    kept = [channel not in channels for channel in ("red", "green", "blue")]
    if mode == "normal" and fill == 1 and not any(kept):
        after = _hiding(below, layer, made)
    else:
        after = _showing(below, layer, made, mode, fill)
    color, alpha = oracle.mixed_back(*below, *after, np.asarray(opacity))
    return np.where(kept, below[0], color), alpha


def _hiding(picture: Picture, layer: Picture, made: list[Part]) -> Picture:
    """A layer that hides what is below it: there lies all that is outside, and what is inside is clipped."""
    color, alpha = layer
    for part in made:
        if part.place == "inside":
            color = oracle.recolored(color, part.color, part.share, part.mode)
        else:
            picture = part.over(picture)
    return oracle.composite(*picture, color, alpha, "normal")


def _showing(picture: Picture, layer: Picture, made: list[Part], mode: str, fill: float) -> Picture:
    """A layer that shows what is below it: strokes lie above it, and what is inside shows by its alpha."""
    color, alpha = layer
    for part in made:
        if part.place == "below":
            picture = part.over(picture, 1 - alpha if part.knocked_out else 1.0)
    inside = [part for part in made if part.place == "inside"]
    if inside:
        full = _filled(picture, (color, np.ones_like(alpha)), mode, fill)
        for part in inside:
            full = part.over(full)
        picture = oracle.mixed_back(*picture, *full, alpha)
    else:
        picture = _filled(picture, layer, mode, fill)
    for part in made:
        if part.place == "around":
            picture = part.over(picture, 1 - alpha)
    return picture


def _filled(below: Picture, source: Picture, mode: str, fill: float) -> Picture:
    """A source over a picture, by a mode and a fill."""
    color, alpha = source
    if mode in FILLED and fill < 1:
        return oracle.composite_filled(*below, color, alpha, mode, fill)
    return oracle.composite(*below, color, alpha * fill, mode)
