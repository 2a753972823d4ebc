"""Scaled and turned pictures against the same in float64: within one 8-bit step, overshoot and all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import Renderer
from engines.image_core.tests.composing import Pixels, composed, group, picture, premultiplied, random_pixels
from tests import oracle

WIDTH, HEIGHT = 37, 26
CANVAS = (80, 70)

SCALES = [(1, 1), (0.3, 0.3), (0.97, 1.2), (2.3, 1.7), (0.61, 3.4), (-0.8, 0.45)]


def _floats(pixels: Pixels) -> tuple[oracle.Floats, oracle.Floats]:
    values = oracle.from8(pixels)
    return values[..., :3], values[..., 3:]


def _steps(color: oracle.Floats, alpha: oracle.Floats) -> oracle.Floats:
    """Premultiplied colour and alpha in 8-bit steps."""
    return oracle.to8(np.concatenate([color * alpha, alpha], axis=-1))


@pytest.mark.parametrize("sharp", [True, False], ids=["picture", "group"])
@pytest.mark.parametrize("opaque", [True, False], ids=["opaque", "translucent"])
@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_a_scaled_picture_is_within_one_step_of_exact_sums(
    numpy_renderer: Renderer, scale: tuple[float, float], opaque: bool, sharp: bool
) -> None:
    """Of random pixels, whose sums go far beyond black, white and what alpha can be."""
    pixels = random_pixels(3, WIDTH, HEIGHT)
    if opaque:
        pixels[..., 3] = 255
    place = {"scale": scale[0], "scale_y": scale[1], "x": 33.3, "y": 4.75}
    layer = picture(pixels, transform=place) if sharp else group(picture(pixels), transform=place)
    actual = numpy_renderer.render(composed(layer, size=CANVAS)).pixels
    exact = oracle.resampled(
        *_floats(pixels),
        oracle.weights(CANVAS[1], HEIGHT, scale[1], 4.75, sharp),
        oracle.weights(CANVAS[0], WIDTH, scale[0], 33.3, sharp),
    )
    assert np.abs(premultiplied(actual) - _steps(*exact)).max() <= 1


def _positions(degrees: float, left: float, top: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where the canvas's pixels lie in a picture that is turned about its corner at (left, top)."""
    y, x = np.mgrid[: CANVAS[1], : CANVAS[0]] + 0.5
    angle = math.radians(degrees)
    x, y = x - left, y - top
    return (
        math.cos(angle) * x + math.sin(angle) * y - 0.5,
        math.cos(angle) * y - math.sin(angle) * x - 0.5,
    )


@pytest.mark.parametrize("opaque", [True, False], ids=["opaque", "translucent"])
@pytest.mark.parametrize("degrees", [1, 30, 45, 100, 211.5])
def test_a_turned_picture_is_near_exact_sums(numpy_renderer: Renderer, degrees: float, opaque: bool) -> None:
    """Within one step, and two where a position falls to the other side of 1/256 pixel."""
    pixels = random_pixels(4, WIDTH, HEIGHT)
    if opaque:
        pixels[..., 3] = 255
    layer = picture(pixels, transform={"rotation": degrees, "x": 40.25, "y": 30.5})
    actual = numpy_renderer.render(composed(layer, size=CANVAS)).pixels
    exact = oracle.gathered(*_floats(pixels), *_positions(degrees, 40.25, 30.5))
    apart = np.abs(premultiplied(actual) - _steps(*exact))
    assert apart.max() <= 2
    assert (apart > 1).mean() < 0.002
