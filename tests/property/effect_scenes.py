"""Layers of four kinds over backdrops, with effects of random settings: rendered, and by the oracle.

The oracle has the layer's own pixels and alpha from a plan without the effects, before the last rounding.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core import ImageComposition, Renderer
from engines.image_core.reference import evaluate_step
from engines.image_core.tests.composing import Layer, composed, group, photo, picture, random_pixels, solid
from tests import oracle, oracle_effects
from tests.oracle import Floats
from tests.oracle_effects import Picture
from tests.oracle_planes import Fields

__all__ = [
    "BACKDROPS",
    "HEIGHT",
    "LAYERS",
    "STEADY",
    "STRAIGHT",
    "WIDTH",
    "Scene",
    "a_contour",
    "a_layer",
    "an_effect",
    "canvas",
    "on_canvas",
    "settings",
]

WIDTH, HEIGHT = 64, 52
AROUND = 32
"""How far beyond the canvas the oracle sees: every layer ends there, and no effect reaches further."""

SETTINGS = 12
STEADY = sorted(oracle.MODES.keys() - oracle.UNSTEADY)
STRAIGHT = [[0, 0], [255, 255]]

Choices: TypeAlias = dict[str, Callable[[random.Random], Any]]


def _soft_picture() -> NDArray[np.uint8]:
    """Noise that fades from its middle outwards."""
    y, x = np.mgrid[:40, :44]
    pixels = random_pixels(3, 44, 40)
    pixels[..., 3] = np.clip(340 * (1.1 - np.hypot((x - 22) / 20, (y - 20) / 18)), 0, 255)
    return pixels


LAYERS: dict[str, Layer] = {
    "type": {
        "type": "text", "text": "Ag&", "size": 46.0, "weight": 700, "color": "#d0a020",
        "transform": {"x": -6.0, "y": -4.0},
    },
    "vector": {
        "type": "vector",
        "shapes": [{"type": "ellipse", "cx": 44.0, "cy": 26.0, "rx": 23.0, "ry": 17.0, "fill": "#3060c0"}],
        "mask": {"selection": {"type": "rect", "points": [[24, 5], [62, 37]]}, "linked": True},
        "transform": {"x": 0.3, "y": 0.6},
    },
    "picture": picture(_soft_picture(), transform={"x": 14.0, "y": 9.0}),
    "group": group(
        solid("#ff4020b0", width=24.0, height=20.0, transform={"x": 12.4, "y": 8.7}),
        solid("#20ff40", width=20.0, height=26.0, transform={"x": 26.0, "y": 15.0, "rotation": 20.0}),
        transform={"x": -9.0, "y": 12.0},
    ),
}  # fmt: skip
"""The first and the last are cut off by the canvas; what is beyond it has effects too."""

_PHOTOGRAPH = photo("chelsea.png", fit="cover", width=WIDTH, height=HEIGHT)
BACKDROPS: dict[str, tuple[Layer, ...]] = {
    "a photograph": (_PHOTOGRAPH,),
    "a translucent one": ({**_PHOTOGRAPH, "opacity": 0.55},),
    "nothing": (),
}


def canvas(*layers: Layer, around: int = 0) -> ImageComposition:
    """Layers over nothing, on the canvas and as many pixels around it."""
    moved = []
    for layer in layers:
        place = layer.get("transform", {})
        there = {"x": place.get("x", 0.0) + around, "y": place.get("y", 0.0) + around}
        moved.append({**layer, "transform": {**place, **there}})
    size = WIDTH + 2 * around, HEIGHT + 2 * around
    return composed(*moved, size=size, background_color="#00000000")


def before_rounding(renderer: Renderer, composition: ImageComposition) -> Picture:
    """What a plan comes to before it is rounded to 8 bits."""
    root = renderer.plan(composition).plan.root
    channels = evaluate_step(root).astype(np.float64).transpose(1, 2, 0) / (1 << 15)
    return channels[..., :3], channels[..., 3:]


def on_canvas(plane: Floats) -> Floats:
    """Without what lies around the canvas."""
    return plane[AROUND:-AROUND, AROUND:-AROUND]


class Scene:
    """The layers and backdrops without effects, and how far a layer with effects is out."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.layers = {
            name: before_rounding(renderer, canvas(layer, around=AROUND)) for name, layer in LAYERS.items()
        }
        edges = [(AROUND, AROUND), (AROUND, AROUND), (0, 0)]
        self.backdrops: dict[str, Picture] = {}
        for name, layers in BACKDROPS.items():
            color, alpha = before_rounding(renderer, canvas(*layers))
            self.backdrops[name] = np.pad(color, edges), np.pad(alpha, edges)

    def rendered(self, layer: str, effects: list[Fields], backdrop: str, **fields: Any) -> Floats:
        """Straight red, green, blue, alpha, 0..1. fields: of the layer, as in `oracle_effects.drawn`."""
        names = {"mode": "blend_mode", "fill": "fill_opacity"}
        given = {names.get(name, name): value for name, value in fields.items()}
        above = {**LAYERS[layer], **given, "effects": effects}
        return self._renderer.render(canvas(*BACKDROPS[backdrop], above)).pixels / 255

    def exact(self, layer: str, effects: list[Fields], backdrop: str, **fields: Any) -> Picture:
        """The same by the oracle."""
        made = oracle_effects.drawn(self.backdrops[backdrop], self.layers[layer], effects, **fields)
        return on_canvas(made[0]), on_canvas(made[1])

    def wrong(
        self, layer: str, effects: list[Fields], backdrop: str = "a photograph", **fields: Any
    ) -> Floats:
        """By how many 8-bit steps each pixel is out, its colour weighed by its alpha."""
        actual = self.rendered(layer, effects, backdrop, **fields)
        color, alpha = self.exact(layer, effects, backdrop, **fields)
        colors = np.abs(actual[..., :3] * actual[..., 3:] - color * alpha).max(axis=-1)
        return np.asarray(np.maximum(colors, np.abs(actual[..., 3:] - alpha)[..., 0]) * 255)


def a_contour(rng: random.Random, first: int = 0) -> list[list[int]]:
    """Through two points between its ends, from a value on; some of those from 0 are straight lines."""
    if first == 0 and rng.random() < 0.3:
        return STRAIGHT
    return [[0, first], *([x, rng.randrange(256)] for x in (90, 170)), [255, rng.randrange(256)]]


def _color(rng: random.Random) -> str:
    return f"#{rng.randrange(1 << 24):06x}" + rng.choice(["", "", "80", "c3"])


def _part(rng: random.Random) -> float:
    return rng.choice([0.0, 0.5, 1.0, rng.random()])


def _either(rng: random.Random) -> bool:
    return rng.random() < 0.5


_SHOWN: Choices = {
    "color": _color,
    "opacity": lambda rng: rng.choice([1.0, rng.random()]),
    "blend_mode": lambda rng: rng.choice(["normal", *STEADY]),
}
_SOFT: Choices = {**_SHOWN, "size": lambda rng: rng.randrange(12), "contour": a_contour}
_MOVED: Choices = {
    **_SOFT,
    "angle": lambda rng: rng.choice([90.0, rng.uniform(-360, 360)]),
    "distance": lambda rng: rng.choice([4.5, rng.uniform(0, 12)]),
}
_GLOW: Choices = {**_SOFT, "range": lambda rng: rng.uniform(0.2, 1)}
CHOICES: dict[str, Choices] = {
    "drop-shadow": {**_MOVED, "spread": _part, "knockout": _either},
    "shadow": {
        "color": _color,
        "x": lambda rng: rng.uniform(-9, 9),
        "y": lambda rng: rng.choice([2.5, -2.5, rng.uniform(-9, 9)]),
        "blur": lambda rng: rng.choice([0.0, 1.3, 34.0, rng.uniform(0, 12)]),
        "spread": lambda rng: rng.choice([0.0, rng.uniform(-5, 6)]),
    },
    "outer-glow": {**_GLOW, "spread": _part},
    "color-overlay": _SHOWN,
    "satin": {**_MOVED, "inverted": _either},
    "inner-glow": {**_GLOW, "choke": _part, "source": lambda rng: rng.choice(["edge", "center"])},
    "inner-shadow": {**_MOVED, "choke": _part},
    "stroke": {**_SHOWN, "size": lambda rng: rng.choice([float(rng.randrange(2, 9)), rng.uniform(2, 9)])},
}
"""By type, what its fields are drawn from."""


def an_effect(kind: str, rng: random.Random) -> Fields:
    """Random settings of a kind, as `PLANES` names them: its type, and a stroke's position."""
    name, _, position = kind.partition(" ")
    drawn = {field: choose(rng) for field, choose in CHOICES[name].items()}
    return {"type": name, **drawn, **({"position": position} if position else {})}


def a_layer(rng: random.Random) -> dict[str, Any]:
    """Random settings of the layer that has effects; three in ten hide what is below them."""
    fields: dict[str, Any] = {"opacity": rng.choice([1.0, rng.random()])}
    if rng.random() < 0.3:
        return fields
    return fields | {"fill": rng.choice([1.0, 0.0, rng.random()]), "mode": rng.choice(STEADY)}


def settings(kind: str) -> list[tuple[Fields, dict[str, Any]]]:
    """Effects of a kind, and layers that have them."""
    rngs = [random.Random(f"{seed} {kind}") for seed in range(SETTINGS)]
    return [(an_effect(kind, rng), a_layer(rng)) for rng in rngs]
