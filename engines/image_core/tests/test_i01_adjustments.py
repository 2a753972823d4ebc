"""Colour adjustments and sharpness, against their definitions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from engines.image_core import Renderer
from engines.image_core.tests.composing import (
    Pixels,
    composed,
    flat,
    largest_step,
    photo,
    picture,
    random_pixels,
    solid,
)
from tests import oracle

SETTINGS: dict[str, list[float]] = {
    "exposure": [-10, -2.5, -0.3, 0.01, 1, 3.7, 10],
    "brightness": [0, 0.37, 0.999, 1.5, 4],
    "contrast": [0, 0.37, 0.999, 1.5, 4],
    "saturation": [0, 0.37, 0.999, 1.5, 4],
    "gamma": [0.1, 0.45, 0.999, 2.2, 10],
}

EXACT: dict[str, Callable[[oracle.Floats, float], oracle.Floats]] = {
    "exposure": oracle.exposure,
    "brightness": oracle.brightness,
    "contrast": oracle.contrast,
    "saturation": oracle.saturation,
    "gamma": oracle.gamma,
}

BY_HAND = [
    ("brightness", 0.5, "#c86400", (100, 50, 0)),
    ("brightness", 2, "#c86400", (255, 200, 0)),
    ("contrast", 0, "#c86400", (128, 128, 128)),  # 127.5 rounds up
    ("contrast", 3, "#c86400", (255, 45, 0)),  # 3 * 100 - 255 = 45
    ("saturation", 0, "#ff0000", (54, 54, 54)),  # 0.213 * 255 = 54.3
    ("saturation", 0, "#c86400", (114, 114, 114)),  # 0.213 * 200 + 0.715 * 100 = 114.1
    ("gamma", 2, "#404040", (128, 128, 128)),  # sqrt(64 / 255) * 255 = 127.75
    ("gamma", 0.5, "#808080", (64, 64, 64)),  # 128 * 128 / 255 = 64.25
    ("exposure", 1, "#bcbcbc", (255, 255, 255)),  # linear 0.5029, doubled
    ("exposure", -1, "#ffffff", (188, 188, 188)),  # linear 0.5 is sRGB 0.7354
]


def adjusted(renderer: Renderer, pixels: Pixels, **adjustments: float) -> Pixels:
    """A picture alone on its canvas, adjusted."""
    layer = picture(pixels, adjustments=adjustments)
    return renderer.render(composed(layer, size=pixels.shape[1::-1])).pixels


@pytest.mark.parametrize(("name", "value", "color", "expected"), BY_HAND)
def test_adjustments_by_hand(
    renderer: Renderer, name: str, value: float, color: str, expected: tuple[int, ...]
) -> None:
    """Each adjustment of a colour gives what its definition gives on paper, on a picture and on a paint."""
    assert tuple(adjusted(renderer, flat(color, 1, 1), **{name: value})[0, 0]) == (*expected, 255)
    painted = renderer.render(composed(solid(color, adjustments={name: value}))).pixels
    assert tuple(painted[0, 0]) == (*expected, 255)


@pytest.mark.parametrize(
    ("name", "value"), [(n, value) for n, values in SETTINGS.items() for value in values]
)
def test_adjustments_follow_their_definition(renderer: Renderer, name: str, value: float) -> None:
    """All 256 values of each channel and random colours come within one step of the exact definition; alpha
    is not touched."""
    pixels = random_pixels(5, 256, 24)
    for row in range(4):
        channels = [row] if row < 3 else [0, 1, 2]
        pixels[row, :, channels] = np.arange(256)
    pixels[pixels[..., 3] == 0] = 0
    out = adjusted(renderer, pixels, **{name: value})
    exact = EXACT[name](oracle.from8(pixels)[..., :3], value)
    visible = pixels[..., 3] > 0
    assert largest_step(out[visible, :3], oracle.to8(exact)[visible]) < 1
    assert np.array_equal(out[..., 3], pixels[..., 3])


def test_adjustments_come_in_a_fixed_order(renderer: Renderer) -> None:
    """Exposure, brightness, contrast, saturation, gamma: each sees what the one before made, clamped."""
    values = {"gamma": 1.4, "saturation": 0.3, "contrast": 1.8, "brightness": 0.7, "exposure": 0.6}
    pixels = random_pixels(6, 64, 64)
    pixels[..., 3] = 255
    expected = oracle.from8(pixels)[..., :3]
    for name in ("exposure", "brightness", "contrast", "saturation", "gamma"):
        expected = EXACT[name](expected, values[name])
    assert largest_step(adjusted(renderer, pixels, **values)[..., :3], oracle.to8(expected)) < 1


def test_defaults_change_nothing(renderer: Renderer) -> None:
    """Adjustments that are all identities are the layer without adjustments, to the plan's last bit."""
    identity = {"exposure": 0, "brightness": 1, "contrast": 1, "saturation": 1, "gamma": 1, "sharpness": 1}
    pixels = random_pixels(7, 16, 16)
    plain, same = (
        renderer.render(composed(picture(pixels, **fields), size=(16, 16)))
        for fields in ({}, {"adjustments": identity})
    )
    assert same.pipeline_hash == plain.pipeline_hash
    assert np.array_equal(same.pixels, plain.pixels)


def test_greys_stay_grey(renderer: Renderer) -> None:
    """No saturation gives a grey a tint."""
    greys = flat("#000000", 256, 1)
    greys[..., :3] = np.arange(256, dtype=np.uint8)[None, :, None]
    for value in (0, 0.3, 1.7, 4):
        assert np.array_equal(adjusted(renderer, greys, saturation=value), greys), value


@pytest.mark.parametrize("value", [0, 0.5, 1.5, 2, 4])
def test_sharpness_is_that_of_pillow(renderer: Renderer, photos: Path, value: float) -> None:
    """On an opaque photograph sharpness comes within one step of Pillow's ImageEnhance.Sharpness, inside the
    border of one pixel that Pillow does not smooth."""
    source = Image.open(photos / "chelsea.png").convert("RGB")
    expected = np.asarray(ImageEnhance.Sharpness(source).enhance(value))
    stack = composed(photo("chelsea.png", adjustments={"sharpness": value}), size=source.size)
    out = renderer.render(stack).pixels
    assert largest_step(out[1:-1, 1:-1, :3], expected[1:-1, 1:-1]) <= 1


def test_sharpness_of_one_colour(renderer: Renderer) -> None:
    """Where there is only one colour there is nothing to sharpen, whatever the alpha does."""
    text = {"type": "text", "text": "Sharp", "size": 24, "color": "#8060a0", "adjustments": {"sharpness": 4}}
    pixels = renderer.render(composed(text, size=(80, 40))).pixels
    assert (pixels[..., 3] == 255).any()
    assert (pixels[pixels[..., 3] > 0, :3] == (128, 96, 160)).all()
