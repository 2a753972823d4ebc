"""An independent oracle of layers with effects in float64, by "Layer effects" of docs/PIXEL_RULES.md.

Here is how they are put together; the planes of an effect are in `tests/oracle_planes.py`, and what gradients
and patterns paint in `tests/oracle_paints.py`. Pictures are of the canvas and what is around it, as planes
are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy.ndimage import gaussian_filter

from tests import oracle
from tests.oracle import Floats
from tests.oracle_paints import color_of, falloff, gradient_at, pattern_at
from tests.oracle_planes import PLANES, kind
from tests.oracle_shapes import AROUND, Fields

__all__ = ["Blending", "Box", "Layer", "Part", "Picture", "drawn", "parts"]

Picture: TypeAlias = tuple[Floats, Floats]
"""Straight colour, (height, width, 3), and alpha, (height, width, 1)."""

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the canvas."""

ORDER = list(dict.fromkeys(name.split()[0] for name in PLANES))

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
class Layer:
    """What a layer with effects is without them.

    Attributes:
        picture: its colour and its alpha, which has its masks in it, but not its opacity.
        bare: its alpha without its masks.
        masked: what its masks show of everything, (height, width, 1).
        box: what it draws, seen or not.
    """

    picture: Picture
    bare: Floats
    masked: Floats
    box: Box


@dataclass(frozen=True)
class Blending:
    """How it is blended.

    Attributes:
        interior: the effects in it are blended with it first.
        shaped: its alpha is a part of its shape.
        gamma: it is mixed with what is below by light to the power of its inverse.
    """

    mode: str = "normal"
    opacity: float = 1.0
    fill: float = 1.0
    channels: Sequence[str] = ("red", "green", "blue")
    interior: bool = False
    shaped: bool = True
    gamma: float | None = None

    @property
    def hides(self) -> bool:
        """Whether the layer hides what is below it."""
        return self.mode == "normal" and self.fill == 1 and not any(self.kept) and self.shaped

    @property
    def kept(self) -> list[bool]:
        """Of red, green and blue, which stay as they are."""
        return [channel not in self.channels for channel in ("red", "green", "blue")]

    def light(self, picture: Picture) -> Picture:
        """What is mixed."""
        if self.gamma is None:
            return picture
        return oracle.srgb_to_linear(np.maximum(picture[0], 0)) ** (1 / self.gamma), picture[1]

    def value(self, picture: Picture) -> Picture:
        """What has been mixed, as sRGB has it."""
        if self.gamma is None:
            return picture
        return oracle.linear_to_srgb(np.maximum(picture[0], 0) ** self.gamma), picture[1]


@dataclass(frozen=True)
class Part:
    """One plane of an effect, and the colour that it shows.

    Attributes:
        knocked_out: nothing of it lies where the layer is, unless the layer hides that.
        share: the plane times the effect's opacity, (height, width, 1).
        color: red, green and blue, of all or of each pixel.
    """

    place: str
    knocked_out: bool
    share: Floats
    color: Floats
    mode: str

    def over(self, below: Picture, shown: Floats | float = 1.0) -> Picture:
        """It over a picture, where it is shown."""
        return oracle.composite(*below, self.color, self.share * shown, self.mode)


def parts(effects: Sequence[Fields], shape: Floats, box: Box = (0, 0, 1, 1)) -> list[Part]:
    """What effects show of a layer of a shape and a box, bottom first; of one type the later lie higher."""
    made = []
    effects = [effect for effect in effects if effect["type"] in ORDER]
    effects.sort(key=lambda effect: ORDER.index(effect["type"]))
    for index, effect in enumerate(effects):
        for place, plane_of, paint in PLANES[kind(effect)]:
            plane, look = plane_of(effect, shape), effect[paint] if paint else effect
            color, share = _painted(effect, look, plane, box)
            if effect["type"] == "drop-shadow" and effect.get("knockout", True):
                veils = [stroke for stroke in effects[index + 1 :] if _seen_through(stroke)]
                share = share * _left_by(veils, shape)[..., None]
            if place == "around" and effect["type"] == "stroke":
                share = share * _left_by(effects[index + 1 :], shape)[..., None]
            share, mode = share * look.get("opacity", 1), look.get("blend_mode", "normal")
            made.append(Part(place, effect.get("knockout", True), share, color, mode))
    return made


def _painted(effect: Fields, look: Fields, plane: Floats, box: Box) -> Picture:
    """An effect's colour where a plane shows it, and how much of it."""
    fill = next(look[name] for name in ("gradient", "pattern", "color") if name in look)
    share = plane[..., None]
    if isinstance(fill, str):
        red, green, blue, alpha = color_of(fill)
        return np.array([red, green, blue]), share * alpha
    if effect["type"].endswith("glow"):
        return falloff(fill, plane)
    left, top, right, bottom = _box(effect, plane, box)
    y, x = np.mgrid[: plane.shape[0], : plane.shape[1]] - AROUND - np.array([top, left])[:, None, None]
    if fill["type"] == "gradient":
        color, alpha = gradient_at(fill, right - left, bottom - top, x + 0.5, y + 0.5)
    else:
        color, alpha = pattern_at(fill, x, y)
    return color, share * alpha


def _box(effect: Fields, plane: Floats, box: Box) -> Box:
    """What a gradient spans and where a pattern begins."""
    if effect.get("align") == "canvas":
        return 0, 0, plane.shape[1] - 2 * AROUND, plane.shape[0] - 2 * AROUND
    if effect["type"] != "stroke":
        return box
    wide = math.ceil(effect["size"] * {"outside": 1, "center": 0.5, "inside": 0}[effect["position"]])
    return box[0] - wide, box[1] - wide, box[2] + wide, box[3] + wide


def _left_by(above: Sequence[Fields], shape: Floats) -> Floats:
    """What the strokes above one leave of it, where they do not hide it by themselves."""
    left = np.ones_like(shape)
    for stroke in above:
        if stroke["type"] == "stroke" and not _hides(stroke):
            for place, plane_of, _ in PLANES[kind(stroke)]:
                left = left * (1 - plane_of(stroke, shape)) if place == "around" else left
    return left


def _seen_through(effect: Fields) -> bool:
    """Whether it is a stroke that shows what is below it all along."""
    if effect["type"] != "stroke":
        return False
    translucent = isinstance(effect["color"], str) and color_of(effect["color"])[3] < 1
    return bool(translucent or effect["opacity"] < 1 or effect["blend_mode"] != "normal")


def _hides(stroke: Fields) -> bool:
    color = stroke["color"]
    one = isinstance(color, str) and color_of(color)[3] == 1
    return one and stroke["opacity"] == 1 and stroke["blend_mode"] == "normal"


def drawn(below: Picture, layer: Layer, effects: Sequence[Fields], blending: Blending) -> Picture:
    """A layer with effects over a picture."""
    shape = layer.picture[1] if blending.shaped else layer.masked
    made = parts(effects, shape[..., 0], layer.box)
    start = _paned(below, effects, shape)
    if blending.interior:
        interior = [part for part in made if part.place == "interior"]
        made = [part for part in made if part.place != "interior"]
        layer = replace(layer, picture=_recolored(layer.picture, interior))
    if blending.hides:
        after = _hiding(start, layer, made, blending)
    else:
        after = _showing(start, layer, shape, made, blending)
    color, alpha = oracle.mixed_back(*below, *after, np.asarray(blending.opacity))
    return np.where(blending.kept, below[0], color), alpha


def _recolored(picture: Picture, made: list[Part]) -> Picture:
    """With what is clipped to it."""
    color, alpha = picture
    for part in made:
        color = oracle.recolored(color, part.color, part.share, part.mode)
    return color, alpha


def _paned(below: Picture, effects: Sequence[Fields], shape: Floats) -> Picture:
    """What is below, blurred as far as the canvas goes, in place of itself where the shape is."""
    after = below
    for effect in effects:
        if effect["type"] == "backdrop-blur":
            after = oracle.mixed_back(*after, *_blurred(below, effect), shape)
    return after


def _blurred(below: Picture, effect: Fields) -> Picture:
    """A Gaussian of premultiplied colour, mirrored at the canvas's edges, and its colour saturated."""
    whole = np.concatenate([below[0] * below[1], below[1]], axis=-1)[AROUND:-AROUND, AROUND:-AROUND]
    if effect["radius"]:
        sigmas, reach = (effect["radius"], effect["radius"], 0), math.ceil(3 * effect["radius"])
        whole = gaussian_filter(whole, sigmas, mode="reflect", radius=(reach, reach, 0))
    alpha = whole[..., 3:]
    color = np.where(alpha > 0, whole[..., :3] / np.where(alpha > 0, alpha, 1), 0)
    edges = [(AROUND, AROUND), (AROUND, AROUND), (0, 0)]
    return np.pad(oracle.saturation(color, effect["saturation"]), edges), np.pad(alpha, edges)


def _hiding(picture: Picture, layer: Layer, made: list[Part], blending: Blending) -> Picture:
    """A layer that hides what is below it: there lies all that is outside, and what is inside is clipped."""
    for part in made:
        if part.place in {"below", "around"}:
            picture = part.over(picture)
    top = _recolored(layer.picture, [part for part in made if part.place in {"interior", "inside"}])
    light = oracle.composite(*blending.light(picture), *blending.light(top), "normal")
    return _topped(blending.value(light), made)


def _showing(picture: Picture, layer: Layer, shape: Floats, made: list[Part], blending: Blending) -> Picture:
    """A layer that shows what is below it: strokes lie above it, and what is inside shows by its shape. Where
    its alpha is no part of that it lies on what is below as it is."""
    color, alpha = layer.picture
    for part in made:
        if part.place == "below":
            picture = part.over(picture, 1 - shape if part.knocked_out else 1.0)
    inside = [part for part in made if part.place in {"interior", "inside"}]
    if inside:
        full = _filled(picture, (color, np.ones_like(alpha) if blending.shaped else layer.bare), blending)
        for part in inside:
            full = part.over(full)
        light = oracle.mixed_back(*blending.light(picture), *blending.light(full), shape)
        picture = blending.value(light)
    else:
        light = _filled(blending.light(picture), blending.light((color, alpha)), blending)
        picture = blending.value(light)
    for part in made:
        if part.place == "around":
            picture = part.over(picture, 1 - shape)
    return _topped(picture, made)


def _topped(picture: Picture, made: list[Part]) -> Picture:
    """With what lies above all."""
    for part in made:
        if part.place == "above":
            picture = part.over(picture)
    return picture


def _filled(below: Picture, source: Picture, blending: Blending) -> Picture:
    """A source over a picture, by a mode and a fill."""
    color, alpha = source
    if blending.mode in FILLED and blending.fill < 1:
        return oracle.composite_filled(*below, color, alpha, blending.mode, blending.fill)
    return oracle.composite(*below, color, alpha * blending.fill, blending.mode)
