"""Blur and sharpen, against float Gaussians (SciPy's) on premultiplied values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from engines.image_core import Renderer
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    flat,
    largest_step,
    picture,
    premultiplied,
    solid,
)
from tests.oracle import Floats

SIGMAS = [0.3, 0.5, 1, 3.1, 10, 15.9, 16, 17.3, 31.9, 32, 50, 64, 100]
"""Either side of 16, 32 and 64, where the picture that is blurred is halved in size."""


def blur(radius: float) -> Layer:
    """A layer's fields with a blur."""
    return {"filters": [{"type": "blur", "radius": radius}]}


def sharpen(radius: float, amount: float, threshold: int = 0) -> Layer:
    """A layer's fields with an unsharp mask."""
    return {"filters": [{"type": "sharpen", "radius": radius, "amount": amount, "threshold": threshold}]}


def rendered(renderer: Renderer, pixels: Pixels, **fields: object) -> Pixels:
    """A picture alone on a canvas of its size."""
    return renderer.render(composed(picture(pixels, **fields), size=pixels.shape[1::-1])).pixels


def gaussian(values: Floats, sigma: float) -> Floats:
    """Each channel blurred to eight standard deviations, with nothing outside."""
    channels = [gaussian_filter(values[..., c], sigma, mode="constant", truncate=8) for c in range(4)]
    return np.stack(channels, axis=-1)


def photograph(photos: Path) -> Pixels:
    """A part of a photograph, opaque, with the hard edges of a bright window in its middle."""
    pixels = np.asarray(Image.open(photos / "chelsea.png").convert("RGBA"))[20:276, 60:380].copy()
    pixels[100:140, 150:190, :3] = 255
    return pixels


def graphics() -> Pixels:
    """Hard edges of every kind: opaque, half-transparent, a line of one pixel, a dot, on nothing."""
    pixels = np.zeros((300, 280, 4), np.uint8)
    pixels[90:200, 100:200] = (255, 128, 0, 255)
    pixels[30:50, 20:260] = (0, 40, 255, 200)
    pixels[:, 240] = (255, 255, 255, 255)
    pixels[260, 60] = (255, 0, 0, 255)
    return pixels


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("subject", ["photograph", "graphics"])
def test_blur_is_a_gaussian(numpy_renderer: Renderer, photos: Path, subject: str, sigma: float) -> None:
    """A blur of any width comes within two steps of the exact Gaussian, three quarters of one on average;
    the kernel ends at three standard deviations and a wide blur works on a reduced picture."""
    pixels = photograph(photos) if subject == "photograph" else graphics()
    out = premultiplied(rendered(numpy_renderer, pixels, **blur(sigma)))
    exact = gaussian(premultiplied(pixels), sigma)
    assert largest_step(out, exact) < 2
    assert np.abs(out - exact).mean() < 0.5


@pytest.mark.parametrize("sigma", [2, 40])
def test_blur_leaves_no_dark_fringe(renderer: Renderer, sigma: float) -> None:
    """The colour under a fading edge is the shape's own, not mixed with the black of transparent pixels."""
    pixels = np.zeros((120, 120, 4), np.uint8)
    pixels[40:80, 40:80] = (255, 200, 40, 255)
    out = rendered(renderer, pixels, **blur(sigma))
    seen = out[..., 3] > 4
    assert (out[seen, 3] < 250).any()
    assert largest_step(out[seen, :3], np.array([255, 200, 40])) <= 1


@pytest.mark.parametrize("sigma", [3, 20])
def test_blur_spreads_beyond_its_layer(renderer: Renderer, sigma: float) -> None:
    """A blurred layer reaches over the edges of its picture, the same on all four sides within a step; in the
    middle of an edge it has half of its alpha."""
    layer = picture(flat("#ffffff", 200, 200), transform={"x": 100, "y": 100}, **blur(sigma))
    alpha = renderer.render(composed(layer, size=(400, 400))).pixels[..., 3].astype(int)
    assert abs(alpha[200, 99] + alpha[200, 100] - 255) <= 2
    assert 0 < alpha[200, 99] < alpha[200, 100] < 255
    assert largest_step(alpha, alpha.T) <= 1
    assert largest_step(alpha, alpha[::-1]) <= 1


def test_a_blur_of_nothing(renderer: Renderer) -> None:
    """Radius 0 plans and gives what no filter does."""
    pixels = graphics()
    plain = renderer.render(composed(picture(pixels), size=(280, 300)))
    idle = renderer.render(composed(picture(pixels, **blur(0)), size=(280, 300)))
    assert idle.pipeline_hash == plain.pipeline_hash


@pytest.mark.parametrize(("radius", "amount"), [(1, 5), (2, 1), (20, 1.5), (100, 0.8)])
def test_sharpen_is_an_unsharp_mask(
    numpy_renderer: Renderer, photos: Path, radius: float, amount: float
) -> None:
    """Each colour moves away from the blurred picture by `amount` times its difference."""
    pixels = photograph(photos)
    color, soft = pixels[..., :3].astype(float), blurred_color(pixels, radius)
    exact = np.clip(color + (color - soft) * amount, 0, 255)
    out = rendered(numpy_renderer, pixels, **sharpen(radius, amount))
    assert largest_step(out[..., :3], exact) < 2
    assert (out[..., 3] == 255).all()


def test_sharpen_spares_what_differs_less_than_the_threshold(numpy_renderer: Renderer, photos: Path) -> None:
    """Differences of up to `threshold` steps stay as they are; above it all of the difference counts."""
    pixels = photograph(photos)
    color, soft = pixels[..., :3].astype(float), blurred_color(pixels, 5)
    out = rendered(numpy_renderer, pixels, **sharpen(5, 2, threshold=10))[..., :3]
    difference = np.abs(color - soft)
    below, above = difference < 9, difference > 11
    assert (out[below] == color[below]).all()
    assert largest_step(out[above], np.clip(color + (color - soft) * 2, 0, 255)[above]) < 2
    assert below.mean() > 0.2
    assert above.mean() > 0.05


def blurred_color(pixels: Pixels, radius: float) -> Floats:
    """The straight colour of an opaque picture's exact blur, in 8-bit steps."""
    soft = gaussian(premultiplied(pixels), radius)
    color: Floats = soft[..., :3] / soft[..., 3:] * 255
    return color


def test_sharpen_keeps_one_colour(renderer: Renderer) -> None:
    """A shape of one colour has no differences to grow, however thin it is."""
    text = {"type": "text", "text": "thin", "size": 24, "color": "#8060a0", **sharpen(10, 5)}
    pixels = renderer.render(composed(text, size=(80, 40))).pixels
    assert (pixels[pixels[..., 3] > 0, :3] == (128, 96, 160)).all()


def test_filters_apply_in_list_order(renderer: Renderer, photos: Path) -> None:
    """Sharpening a blur and blurring what was sharpened are two pictures, each what its steps give."""
    pixels = photograph(photos)
    soft, sharp = blur(4)["filters"], sharpen(2, 2)["filters"]
    first = rendered(renderer, pixels, filters=[*soft, *sharp])
    second = rendered(renderer, pixels, filters=[*sharp, *soft])
    assert largest_step(first, second) > 20
    apart = rendered(renderer, rendered(renderer, pixels, filters=soft), filters=sharp)
    inside = (slice(20, -20), slice(20, -20))
    assert largest_step(first[inside], apart[inside]) <= 3


def test_adjustments_come_before_filters(renderer: Renderer) -> None:
    """A blurred layer is blurred as adjusted: brightening first loses what is above white."""
    pixels = flat("#000000", 60, 60)
    pixels[:, 30:, :3] = 255
    out = rendered(renderer, pixels, adjustments={"brightness": 2}, **blur(6))
    assert largest_step(out[30], rendered(renderer, pixels, **blur(6))[30]) <= 1


def test_filters_of_a_paint(renderer: Renderer) -> None:
    """A solid box has edges that blur, as if it were a picture."""
    box = {"width": 20, "height": 20, "transform": {"x": 20, "y": 20}}
    paint = renderer.render(composed(solid("#ff8000", **box, **blur(3)), size=(60, 60))).pixels
    drawn = picture(flat("#ff8000", 20, 20), transform={"x": 20, "y": 20}, **blur(3))
    assert np.array_equal(paint, renderer.render(composed(drawn, size=(60, 60))).pixels)
    assert 0 < paint[30, 18, 3] < 255
