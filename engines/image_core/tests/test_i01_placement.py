"""Where layers land: fits and transforms.

Most of these draw a map, a picture whose colour tells the place: red is x, green is y. The resampling kernel
reproduces straight ramps exactly, so wherever a map is scaled, turned or moved to, each pixel must still
name the point of the picture that belongs there.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    flat,
    group,
    largest_step,
    photo,
    picture,
    random_pixels,
    solid,
)

STEP = 2
"""Colour steps per pixel of the map: an error of half a pixel is one step."""


def ramp(width: int, height: int) -> Pixels:
    """The map: pixel (x, y) has red 10 + 2 x and green 10 + 2 y, at most 110 of each."""
    pixels = flat("#000040", width, height)
    pixels[..., 0] = 10 + STEP * np.arange(width)
    pixels[..., 1] = 10 + STEP * np.arange(height)[:, None]
    return pixels


def rendered(renderer: Renderer, layer: Layer, size: tuple[int, int]) -> Pixels:
    """A layer alone on a canvas of width x height."""
    return renderer.render(composed(layer, size=size)).pixels


def assert_lands(pixels: Pixels, to_source: Any, size: tuple[float, float], tolerance: float = 1) -> None:
    """Check that every pixel well inside the map names its point, and every one well outside is empty.

    to_source: from canvas points x, y to points of the map, whose size is given.
    """
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]] + 0.5
    u, v = to_source(x, y)
    depth = np.minimum(np.minimum(u, size[0] - u), np.minimum(v, size[1] - v))
    inside, outside = depth > 3, depth < -3
    assert inside.sum() > 100
    expected = np.stack([10 + STEP * (u - 0.5), 10 + STEP * (v - 0.5), 0 * u + 64, 0 * u + 255], axis=-1)
    assert largest_step(pixels[inside], expected[inside]) <= tolerance
    assert not pixels[outside].any()


TRANSFORMS: list[dict[str, Any]] = [
    {"x": 7, "y": 11},
    {"x": 20.25, "y": 33.5},
    {"x": 10, "y": 5, "scale": 2.5},
    {"x": 10, "y": 5, "scale": 0.55},
    {"x": 10.4, "y": 5.6, "scale": 1.5, "scale_y": 0.75},
    {"x": 90, "y": 5, "scale": -1.25, "scale_y": 1.25},
    {"x": 90, "y": 80, "scale": -1, "scale_y": -1.5},
    {"x": 70, "y": 20, "rotation": 45},
    {"x": 70, "y": 20, "rotation": 12.5, "scale": 1.6},
    {"x": 70, "y": 20, "rotation": 33, "scale": 0.7},
    {"x": 60, "y": 60, "rotation": -160, "scale": 1.2, "scale_y": 2},
    {"x": 100, "y": 10, "rotation": 90, "scale": 1.3},
    {"x": 100, "y": 100, "rotation": 270, "scale": -1.3, "scale_y": 0.8},
]


ANCHORS = {
    "top-left": (0, 0), "top": (0.5, 0), "top-right": (1, 0),
    "left": (0, 0.5), "center": (0.5, 0.5), "right": (1, 0.5),
    "bottom-left": (0, 1), "bottom": (0.5, 1), "bottom-right": (1, 1),
}  # fmt: skip
"""Where they are on the box, as parts of its width and height."""


def inverse(transform: dict[str, Any], width: float, height: float) -> Any:
    """From canvas points to the points of a width x height box that a transform puts there: the anchor lands
    on x, y; scale first, then a clockwise turn."""
    sx = transform.get("scale", 1.0)
    sy = transform.get("scale_y", sx)
    angle = math.radians(transform.get("rotation", 0.0))
    across, down = ANCHORS[transform.get("anchor", "top-left")]
    anchor = width * across, height * down

    def to_source(x: Any, y: Any) -> tuple[Any, Any]:
        dx, dy = x - transform.get("x", 0), y - transform.get("y", 0)
        u = (math.cos(angle) * dx + math.sin(angle) * dy) / sx
        v = (-math.sin(angle) * dx + math.cos(angle) * dy) / sy
        return u + anchor[0], v + anchor[1]

    return to_source


@pytest.mark.parametrize("anchor", ANCHORS)
def test_each_anchor_is_a_point_of_the_box(numpy_renderer: Renderer, anchor: str) -> None:
    """It lands on x, y, and the picture is scaled and turned about it."""
    given = {"x": 60, "y": 55, "rotation": 25, "scale": 1.1, "scale_y": -0.9, "anchor": anchor}
    pixels = rendered(numpy_renderer, picture(ramp(50, 40), transform=given), (130, 120))
    assert_lands(pixels, inverse(given, 50, 40), (50, 40))


@pytest.mark.parametrize("anchor", ["top-left", "center"])
@pytest.mark.parametrize("transform", TRANSFORMS, ids=str)
def test_transforms(renderer: Renderer, transform: dict[str, Any], anchor: str) -> None:
    """Every pixel shows the point of the picture that the transform's definition puts there."""
    given = {**transform, "anchor": anchor}
    pixels = rendered(renderer, picture(ramp(50, 40), transform=given), (130, 120))
    assert_lands(pixels, inverse(given, 50, 40), (50, 40))


@pytest.mark.parametrize("transform", TRANSFORMS, ids=str)
def test_transforms_of_groups(numpy_renderer: Renderer, transform: dict[str, Any]) -> None:
    """A group is placed like a picture of the canvas's size, and what it holds moves with it."""
    given = {**transform, "anchor": "center"}
    child = picture(ramp(50, 40), transform={"x": 50, "y": 30})
    pixels = rendered(numpy_renderer, group(child, transform=given), (130, 120))
    moved = inverse(given, 130, 120)

    def to_source(x: Any, y: Any) -> tuple[Any, Any]:
        u, v = moved(x, y)
        return u - 50, v - 30

    assert_lands(pixels, to_source, (50, 40))


def test_whole_moves_mirrors_and_quarter_turns_copy_pixels(renderer: Renderer) -> None:
    """Nothing is resampled where pixels fall on pixels: every bit of a random picture stays."""
    source = random_pixels(8, 30, 20)
    source[source[..., 3] == 0] = 0
    cases: list[tuple[dict[str, Any], Pixels]] = [
        ({"x": 15, "y": 10}, source),
        ({"x": 15, "y": 10, "scale": -1, "scale_y": 1}, source[:, ::-1]),
        ({"x": 15, "y": 10, "scale": 1, "scale_y": -1}, source[::-1]),
        ({"x": 15, "y": 10, "rotation": 180}, source[::-1, ::-1]),
        ({"x": 10, "y": 15, "rotation": 90}, np.rot90(source, -1)),
        ({"x": 10, "y": 15, "rotation": -90}, np.rot90(source)),
        ({"x": 10, "y": 15, "rotation": 810}, np.rot90(source, -1)),
    ]
    for transform, expected in cases:
        layer = picture(source, transform={**transform, "anchor": "center"})
        height, width = expected.shape[:2]
        assert np.array_equal(rendered(renderer, layer, (width, height)), expected), transform


def test_edges_between_pixels_are_antialiased(renderer: Renderer) -> None:
    """A picture moved by a quarter of a pixel covers its border pixels in part; its colour stays."""
    layer = picture(flat("#ff8000", 10, 10), transform={"x": 2.25, "y": 3})
    pixels = rendered(renderer, layer, (16, 16))
    assert pixels[8, 2:13, 3].tolist() == [191, *[255] * 9, 64]
    assert (pixels[pixels[..., 3] > 0, :3] == (255, 128, 0)).all()


FITS: list[tuple[str, float | None, float | None, tuple[float, float, float, float], tuple[float, float]]] = [
    # fit, width, height; where the whole 50 x 40 map is stretched to: left, top, width, height; and the box
    ("fill", None, None, (0, 0, 120, 80), (120, 80)),
    ("fill", 70, 50, (0, 0, 70, 50), (70, 50)),
    ("fill", 75, None, (0, 0, 75, 60), (75, 60)),
    ("fill", None, 60, (0, 0, 75, 60), (75, 60)),
    ("cover", None, None, (0, -8, 120, 96), (120, 80)),
    ("cover", 40, 64, (-20, 0, 80, 64), (40, 64)),
    ("cover", 75, None, (0, 0, 75, 60), (75, 60)),
    ("contain", None, None, (10, 0, 100, 80), (120, 80)),
    ("contain", 50, 80, (0, 20, 50, 40), (50, 80)),
    ("contain", None, 20, (0, 0, 25, 20), (25, 20)),
]


@pytest.mark.parametrize(("fit", "width", "height", "whole", "box"), FITS)
def test_fits(
    renderer: Renderer,
    fit: str,
    width: float | None,
    height: float | None,
    whole: tuple[float, float, float, float],
    box: tuple[float, float],
) -> None:
    """Cover crops both ends alike, contain leaves both margins alike, fill stretches; a missing side follows
    the picture, both missing is the canvas. Nothing shows outside of the box."""
    layer = picture(ramp(50, 40), fit=fit, width=width, height=height)
    pixels = rendered(renderer, layer, (120, 80))
    left, top, wide, high = whole
    shown = pixels[: round(box[1]), : round(box[0])]
    assert_lands(shown, lambda x, y: ((x - left) * 50 / wide, (y - top) * 40 / high), (50, 40))
    outside = pixels.copy()
    outside[: round(box[1]), : round(box[0])] = 0
    assert not outside.any()


def test_a_fit_is_transformed_by_its_box(renderer: Renderer) -> None:
    """The anchor of a fitted picture is that of its box: centred on a point, the crop is centred there."""
    layer = picture(
        ramp(50, 40), fit="cover", width=40, height=40, transform={"x": 60, "y": 40, "anchor": "center"}
    )
    pixels = rendered(renderer, layer, (120, 80))
    assert_lands(pixels[20:60, 40:80], lambda x, y: (x + 5, y), (50, 40))
    assert (pixels[..., 3] == 255).sum() == 1600
    assert (pixels[..., 3] > 0).sum() == 1600


@pytest.mark.parametrize(("width", "height"), [(200, 150), (97, 211), (451, 300), (700, 500), (31, 17)])
def test_resampling_is_that_of_pillow(renderer: Renderer, photos: Path, width: int, height: int) -> None:
    """Enlarged or reduced, an opaque photograph comes within two steps of Pillow's BICUBIC, the same kernel
    with the same antialiasing; Pillow rounds to 8 bits between its two passes."""
    source = Image.open(photos / "chelsea.png").convert("RGB")
    expected = np.asarray(source.resize((width, height), Image.Resampling.BICUBIC))
    layer = photo("chelsea.png", fit="fill")
    pixels = rendered(renderer, layer, (width, height))
    assert largest_step(pixels[..., :3], expected) <= 2
    assert (pixels[..., 3] == 255).all()


def test_paints_have_a_size_and_a_place(renderer: Renderer) -> None:
    """A solid colour fills its width and height, placed and turned like a picture."""
    layer = solid(
        "#ff0000", width=6, height=3, transform={"x": 8, "y": 8, "rotation": 90, "anchor": "center"}
    )
    pixels = rendered(renderer, layer, (16, 16))
    across = np.array([0, 127.5, 255, 255, 127.5, 0])  # 3 pixels wide from 6.5 on
    assert largest_step(pixels[8, 5:11, 3], across) < 1
    assert pixels[4:12, 8, 3].tolist() == [0, 255, 255, 255, 255, 255, 255, 0]
    assert (pixels[pixels[..., 3] > 0, :3] == (255, 0, 0)).all()


def test_a_view_of_a_part_shows_the_same(numpy_renderer: Renderer) -> None:
    """A smaller canvas with the same layers shows a part of the picture, not another picture: what lies
    beyond the edges still counts for what is seen."""
    views: dict[str, Layer] = {
        "moved": {"transform": {"x": -20.3, "y": -10.7}},
        "reduced": {"transform": {"x": -20.3, "y": -10.7, "scale": 0.6}},
        "turned": {"transform": {"x": 60.3, "y": -30.7, "scale": 1.7, "rotation": 17}},
        "turned, reduced": {"transform": {"x": 60.3, "y": -30.7, "scale": 0.6, "rotation": 17}},
        "blurred": {"filters": [{"type": "blur", "radius": 3}]},
        "wide blur": {"filters": [{"type": "blur", "radius": 40}]},
        "sharpened": {"filters": [{"type": "sharpen", "radius": 20}, {"type": "blur", "radius": 3}]},
        "sharpness": {"adjustments": {"sharpness": 3}},
    }
    for name, fields in views.items():
        layer = photo("coffee.png", **fields)
        part, whole = (rendered(numpy_renderer, layer, size) for size in ((150, 110), (320, 240)))
        assert np.array_equal(part, whole[:110, :150]), name
        reduced = group(layer, transform={"x": 4.5, "scale": 0.35})
        part, whole = (rendered(numpy_renderer, reduced, size) for size in ((110, 70), (220, 140)))
        assert np.array_equal(part, whole[:70, :110]), f"{name}, in a reduced group"


def test_far_away_in_a_group(numpy_renderer: Renderer) -> None:
    """A reduced group may hold what lies far outside of the canvas and bring it back."""
    turned = {"rotation": 10, "scale": 4}
    far = group(
        photo("chelsea.png", transform={"x": 900_000, **turned}), transform={"x": -8980, "scale": 0.01}
    )
    near = group(photo("chelsea.png", transform=turned), transform={"x": 20, "scale": 0.01})
    a, b = (rendered(numpy_renderer, layer, (120, 80)) for layer in (far, near))
    assert b[..., 3].any()
    assert largest_step(a, b) <= 1
