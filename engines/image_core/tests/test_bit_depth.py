"""Compositions of 8 bits: what each layer makes is rounded before the next one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, ImageComposition, Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid

SIZE = (61, 37)


def rendered(renderer: Renderer, *layers: Layer, bit_depth: int = 8) -> Pixels:
    """Layers on a canvas of SIZE."""
    return renderer.render(composed(*layers, size=SIZE, bit_depth=bit_depth)).pixels


def noise(seed: int, **fields: Any) -> Layer:
    """A random picture of the canvas's size."""
    return picture(random_pixels(seed, *SIZE), **fields)


def test_a_stack_is_what_its_pictures_give_one_after_the_other(renderer: Renderer) -> None:
    """Each layer over a file of what those below it came to: through an 8-bit picture nothing is lost."""
    layers = [
        noise(1),
        noise(2, opacity=0.3, blend_mode="soft-light"),
        {"type": "adjustment", "adjust": {"type": "invert"}, "opacity": 0.35},
        noise(3, opacity=0.1, blend_mode="color-dodge", fill_opacity=0.8),
        group(noise(4, opacity=0.2), blend_mode="multiply", opacity=0.5),
        group(noise(5, opacity=0.2), noise(6, opacity=0.4), blend_mode="pass-through", opacity=0.5),
    ]
    below = rendered(renderer, layers[0])
    for layer in layers[1:]:
        below = rendered(renderer, picture(below), layer)
    assert np.array_equal(rendered(renderer, *layers), below)
    assert not np.array_equal(rendered(renderer, *layers, bit_depth=16), below)


def test_ten_faint_layers_each_lose_what_is_less_than_half_a_step(renderer: Renderer) -> None:
    """0.19 percent of white is less than half of one of 255 steps: in 8 bits nothing ever comes of it."""
    black, faint = solid("#000000"), solid("#ffffff", opacity=0.0019)
    assert (rendered(renderer, black, *[faint] * 10)[..., :3] == 0).all()
    assert (rendered(renderer, black, *[faint] * 10, bit_depth=16)[..., :3] == 5).all()


def test_a_group_s_layers_are_rounded_too(renderer: Renderer) -> None:
    """In a group that is turned, and so is a picture of its own, as in one that is not."""
    layers = [solid("#406080"), noise(2, opacity=0.03), noise(3, opacity=0.04)]
    flat = rendered(renderer, *layers)
    assert np.array_equal(rendered(renderer, group(*layers)), flat)
    turned = rendered(renderer, group(*layers, transform={"rotation": 180.0, "x": 61.0, "y": 37.0}))
    assert np.array_equal(turned[::-1, ::-1], flat)


def test_another_bit_depth_is_one_line() -> None:
    """Which names the field and what is allowed."""
    with pytest.raises(CompositionError, match=r"^bit_depth: 12 is not allowed: allowed is 8 or 16$"):
        ImageComposition.model_validate(
            {"tenant_id": "t", "env": "test", "width": 1, "height": 1, "bit_depth": 12}
        )
