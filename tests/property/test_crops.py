"""What is seen of a composition does not decide its pixels: a canvas is a window that can be moved."""

import random
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer
from engines.image_core.tests.composing import composed, picture, random_pixels
from tests.fuzz.trees import random_layer

GRID = 64
"""Blurs work on grids of up to 32 pixels that are aligned with the parent's pixel 0; moves by a multiple of
that leave them where they were."""


def moved(layer: dict[str, Any], by: int) -> dict[str, Any]:
    """A layer `by` pixels further right and down."""
    layer = deepcopy(layer)
    for axis in ("x", "y"):
        layer["transform"][axis] = layer["transform"].get(axis, 0) + by
    return layer


def _steady(layer: dict[str, Any]) -> dict[str, Any]:
    """A layer none of whose parts dissolves, which has its grain on the canvas, or shows its backdrop, which
    ends where the canvas does."""
    if layer["blend_mode"] == "dissolve":
        layer["blend_mode"] = "normal"
    effects = layer.get("effects", ())
    layer["effects"] = [effect for effect in effects if effect["type"] != "backdrop-blur"]
    layer["layers"] = [_steady(inside) for inside in layer.get("layers", ())]
    return layer if layer["type"] == "group" else {name: layer[name] for name in layer if name != "layers"}


@pytest.mark.parametrize("seed", range(60))
def test_a_larger_canvas_shows_the_same_pixels_in_its_middle(numpy_renderer: Renderer, seed: int) -> None:
    """Whatever is cropped away, nested groups, filters and turns included, decides no pixel that is left."""
    rng = random.Random(seed)
    layers = [_steady(random_layer(rng, depth=0, anchored=True)) for _ in range(rng.choice([1, 1, 2]))]
    width, height = rng.randint(1, 90), rng.randint(1, 90)
    margin = GRID * rng.choice([1, 4])
    small = numpy_renderer.render(composed(*layers, size=(width, height))).pixels
    around = composed(
        *(moved(layer, margin) for layer in layers), size=(width + 2 * margin, height + 2 * margin)
    )
    large = numpy_renderer.render(around).pixels
    assert np.array_equal(small, large[margin : margin + height, margin : margin + width])


@pytest.mark.parametrize("rotation", [0, 90, 30])
@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e-5, 1e-2, 1000])
def test_a_layer_of_any_scale_is_drawn(numpy_renderer: Renderer, scale: float, rotation: float) -> None:
    """Faint where 40 x 30 pixels cover a tenth of one, nothing where they cover less than an 8-bit
    step can show; never an error, and the same in a group."""
    layer = picture(
        random_pixels(0, 40, 30), transform={"scale": scale, "rotation": rotation, "x": 4.5, "y": 4}
    )
    inside = {"type": "group", "layers": [{**layer, "transform": {}}], "transform": layer["transform"]}
    for drawn in (layer, inside):
        pixels = numpy_renderer.render(composed(drawn, size=(9, 9))).pixels
        assert pixels.any() == (scale >= 1e-2)
