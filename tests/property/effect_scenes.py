"""Layers of four kinds over backdrops, with effects: rendered, and by the oracle.

The oracle has the layer's own pixels and alpha from a plan without the effects, before the last rounding.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engines.image_core import ImageComposition, Renderer
from engines.image_core.reference import evaluate_step
from engines.image_core.tests.composing import Layer, composed, group, photo, picture, random_pixels, solid
from tests import oracle_effects
from tests.oracle import Floats
from tests.oracle_effects import Blending, Box, Picture
from tests.oracle_planes import undecided
from tests.oracle_shapes import AROUND, Fields

Scalar = TypeVar("Scalar", np.float64, np.bool_)

__all__ = ["BACKDROPS", "HEIGHT", "LAYERS", "WIDTH", "Scene", "canvas", "on_canvas"]

WIDTH, HEIGHT = 64, 52
"""Every layer ends within `AROUND` pixels of that, and no effect reaches further."""


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

EVERYWHERE: Layer = {
    "type": "vector",
    "shapes": [{"type": "rect", "x": -99.0, "y": -99.0, "width": 300.0, "height": 300.0, "fill": "#ffffff"}],
}
"""More than planes see."""


def _placed(layer: Layer) -> Layer:
    """Where a layer and its mask lie."""
    return {name: layer[name] for name in ("mask", "transform") if name in layer}


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


def on_canvas(plane: NDArray[Scalar]) -> NDArray[Scalar]:
    """Without what lies around the canvas."""
    return plane[AROUND:-AROUND, AROUND:-AROUND]


NAMES = {
    "mode": "blend_mode",
    "fill": "fill_opacity",
    "interior": "blend_interior_effects",
    "shaped": "transparency_shapes_layer",
    "gamma": "blend_gamma",
}
"""What a composition calls what `Blending` has by other names."""


def _box(alpha: Floats, least: float) -> Box:
    """The pixels of at least so much alpha."""
    rows, columns = np.nonzero(alpha[..., 0] >= least)
    left, top = int(columns.min()) - AROUND, int(rows.min()) - AROUND
    return left, top, int(columns.max()) + 1 - AROUND, int(rows.max()) + 1 - AROUND


class Scene:
    """The layers and backdrops without effects, and how far a layer with effects is out."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.layers = {name: self._layer(layer) for name, layer in LAYERS.items()}
        edges = [(AROUND, AROUND), (AROUND, AROUND), (0, 0)]
        self.backdrops: dict[str, Picture] = {}
        for name, layers in BACKDROPS.items():
            color, alpha = before_rounding(renderer, canvas(*layers))
            self.backdrops[name] = np.pad(color, edges), np.pad(alpha, edges)

    def _layer(self, layer: Layer) -> oracle_effects.Layer:
        picture, bare, masked = (
            before_rounding(self._renderer, canvas(shown, around=AROUND))
            for shown in (layer, {**layer, "mask": None}, {**EVERYWHERE, **_placed(layer)})
        )
        half = layer["type"] == "raster"  # a picture's box is what is half opaque of it, others' what shows
        box = _box(bare[1], 0.5 if half else 1 / (1 << 15))
        return oracle_effects.Layer(picture, bare[1], masked[1], box)

    def rendered(self, layer: str, effects: list[Fields], backdrop: str, **fields: Any) -> Floats:
        """Straight red, green, blue, alpha, 0..1. fields: of the layer, as `Blending` has them."""
        given = {NAMES.get(name, name): value for name, value in fields.items()}
        above = {**LAYERS[layer], **given, "effects": effects}
        return self._renderer.render(canvas(*BACKDROPS[backdrop], above)).pixels / 255

    def exact(self, layer: str, effects: list[Fields], backdrop: str, **fields: Any) -> Picture:
        """The same by the oracle."""
        made = oracle_effects.drawn(self.backdrops[backdrop], self.layers[layer], effects, Blending(**fields))
        return on_canvas(made[0]), on_canvas(made[1])

    def shape(self, layer: str, *, shaped: bool = True) -> Floats:
        """What effects of a layer are of, (height, width)."""
        made = self.layers[layer]
        return (made.picture[1] if shaped else made.masked)[..., 0]

    def wrong(
        self, layer: str, effects: list[Fields], backdrop: str = "a photograph", **fields: Any
    ) -> Floats:
        """By how many 8-bit steps each pixel is out, its colour weighed by its alpha.

        None where roundings decide which of two it is.
        """
        actual = self.rendered(layer, effects, backdrop, **fields)
        color, alpha = self.exact(layer, effects, backdrop, **fields)
        colors = np.abs(actual[..., :3] * actual[..., 3:] - color * alpha).max(axis=-1)
        wrong = np.maximum(colors, np.abs(actual[..., 3:] - alpha)[..., 0]) * 255
        shape = self.shape(layer, shaped=fields.get("shaped", True))
        left_out = np.zeros(shape.shape, np.bool_)
        for effect in effects:
            left_out |= undecided(effect, shape)
        return np.where(on_canvas(left_out), 0, wrong)
