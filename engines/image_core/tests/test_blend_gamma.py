"""Layers that are mixed by light to a power."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid
from engines.image_core.tests.test_effects import stroke

Floats = np.ndarray[Any, np.dtype[np.float64]]


def light(values: Floats, gamma: float) -> Floats:
    """sRGB's 0..255 as light, to the power 1 / gamma."""
    v = values / 255
    linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear ** (1 / gamma))


def value(powers: Floats, gamma: float) -> Floats:
    """What sRGB calls such light."""
    linear = powers**gamma
    curved = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.asarray(255 * np.where(linear <= 0.0031308, linear * 12.92, curved))


def shades() -> Pixels:
    """Black of every alpha."""
    pixels = np.zeros((4, 256, 4), np.uint8)
    pixels[..., 3] = np.arange(256)
    return pixels


def drawn(renderer: Renderer, *layers: Layer, background: str = "#ffffff", **canvas: Any) -> Pixels:
    """Layers of the size of the shades."""
    made = composed(*layers, size=(256, 4), background_color=background)
    return renderer.render(made.model_copy(update=canvas)).pixels


@pytest.mark.parametrize("gamma", [1.0, 1.45, 2.2])
@pytest.mark.parametrize("bit_depth", [8, 16])
def test_edges_are_mixed_by_light_to_a_power(renderer: Renderer, gamma: float, bit_depth: int) -> None:
    """Black of every alpha on white, within a step; also where levels are of 8 bits."""
    row = drawn(renderer, picture(shades(), blend_gamma=gamma), bit_depth=bit_depth)[1, :, 0]
    exact = value((1 - np.arange(256) / 255) * light(np.full(256, 255.0), gamma), gamma)
    assert np.abs(row - exact).max() <= 1


def test_black_type_on_white_is_as_photoshop_has_it(renderer: Renderer) -> None:
    """Values read off a document of Photoshop's, of alphas from 16 to 239."""
    row = drawn(renderer, picture(shades(), blend_gamma=1.45))[1, :, 0].astype(int)
    theirs = {16: 245, 48: 223, 80: 200, 112: 176, 143: 150, 175: 120, 207: 84, 223: 63, 239: 36}
    assert max(abs(row[alpha] - level) for alpha, level in theirs.items()) <= 1


def test_what_it_does_not_touch_stays(renderer: Renderer) -> None:
    """Noise where the layer's alpha is 0 is as it was, to the byte; where it is 255 it is hidden."""
    noise = random_pixels(4, 256, 4)
    top = shades()
    top[:, 5:250, 3] = 0
    out = drawn(renderer, picture(noise), picture(top, blend_gamma=1.0))
    plain = drawn(renderer, picture(noise))
    assert np.array_equal(out[:, 5:250], plain[:, 5:250])
    assert (out[:, 255] == (0, 0, 0, 255)).all()


def test_over_nothing_it_is_as_it_was(renderer: Renderer) -> None:
    """There is nothing to be mixed with: colour and alpha stay."""
    pixels = random_pixels(7, 256, 4)
    out = drawn(renderer, picture(pixels, blend_gamma=1.45), background="#00000000").astype(int)
    plain = drawn(renderer, picture(pixels), background="#00000000").astype(int)
    seen = plain[..., 3] > 0
    assert np.abs(out - plain)[seen].max() <= 1
    assert np.array_equal(out[..., 3], plain[..., 3])


def test_opacity_and_masks_are_mixed_by_it_too(renderer: Renderer) -> None:
    """Half of black over white by light is a light grey."""
    half = value(np.array([0.5]), 1.0)[0]
    faded = solid("#000000", opacity=0.5, blend_gamma=1.0)
    assert abs(int(drawn(renderer, faded)[1, 9, 0]) - half) <= 1
    masked = solid("#000000", blend_gamma=1.0, mask={"vector": [_rect("#00000080")]})
    exact = value(np.array([1 - 128 / 255]), 1.0)[0]
    assert abs(int(drawn(renderer, masked)[1, 9, 0]) - exact) <= 1


def _rect(fill: str) -> Layer:
    return {"type": "rect", "x": 0, "y": 0, "width": 256, "height": 4, "fill": fill}


def test_a_group_and_what_is_clipped_are_mixed_as_one(renderer: Renderer) -> None:
    """As the picture that they come to is."""
    whole = drawn(renderer, picture(shades(), blend_gamma=1.45))
    assert np.array_equal(drawn(renderer, group(picture(shades()), blend_gamma=1.45)), whole)
    white = shades()
    white[..., :3] = 255
    clipped = drawn(renderer, picture(white, blend_gamma=1.45), solid("#000000", clip=True))
    assert np.abs(clipped.astype(int) - whole).max() <= 1


def test_effects_around_a_layer_are_mixed_plainly(renderer: Renderer) -> None:
    """A stroke lies below the edge that is mixed by light."""
    layer = picture(shades(), blend_gamma=1.0, effects=[stroke(2, "outside", color="#ffffff")])
    row = drawn(renderer, layer)[1, :, 0]
    exact = value((1 - np.arange(256) / 255), 1.0)
    assert np.abs(row - exact).max() <= 1


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"blend_gamma": 0.5}, "blend_gamma: 0.5 is not allowed: allowed is 1 to 2.2"),
        ({"blend_gamma": 1.45, "blend_mode": "multiply"}, "blend_gamma is for blend_mode normal"),
        ({"blend_gamma": 1.45, "knockout": "deep"}, "takes neither blend_if nor knockout"),
    ],
)
def test_a_fault_is_one_line(fields: dict[str, Any], line: str) -> None:
    """That names the layer."""
    with pytest.raises(CompositionError, match="layer 'Badge'") as caught:
        composed(solid("#ffffff", name="Badge", **fields))
    assert line in str(caught.value)
