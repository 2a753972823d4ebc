"""Masks: what of a layer is visible, from a selection, an artifact or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from engines.image_core import Renderer, SourceError
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    file_data,
    group,
    largest_step,
    picture,
    random_pixels,
    solid,
)

SIZE = (40, 30)
LEFT_HALF: Layer = {"type": "rect", "points": [[0, 0], [20, 30]]}


def selected(renderer: Renderer, selection: Layer, size: tuple[int, int] = SIZE, **mask: Any) -> Pixels:
    """The mask of a selection, seen as the alpha of a white layer: (height, width)."""
    layer = solid("#ffffff", mask={"selection": selection, **mask})
    pixels = renderer.render(composed(layer, size=size)).pixels
    assert (pixels[pixels[..., 3] > 0, :3] == 255).all()
    return pixels[..., 3]


def test_rect(renderer: Renderer) -> None:
    """Two opposite corners in any order; an edge at half a pixel shows half."""
    for points in ([[5, 4], [25.5, 20]], [[25.5, 20], [5, 4]], [[25.5, 4], [5, 20]]):
        alpha = selected(renderer, {"type": "rect", "points": points})
        assert (alpha[4:20, 5:25] == 255).all()
        assert largest_step(alpha[4:20, 25], np.array(127.5)) < 1
        assert alpha.sum(dtype=int) == alpha[4:20, 5:26].sum(dtype=int)


def test_ellipse(renderer: Renderer) -> None:
    """The ellipse in the box of two corners: each pixel's coverage within the 1/64 that the rasteriser's
    points are rounded to (4 steps, and half a step for the samples it is compared with)."""
    alpha = selected(renderer, {"type": "ellipse", "points": [[36, 5], [4, 25.5]]})
    y, x = (np.mgrid[: 30 * 32, : 40 * 32] + 0.5) / 32
    inside = ((x - 20) / 16) ** 2 + ((y - 15.25) / 10.25) ** 2 <= 1
    coverage = inside.reshape(30, 32, 40, 32).mean(axis=(1, 3))
    assert largest_step(alpha, 255 * coverage) < 4.5
    assert alpha.sum() / 255 == pytest.approx(np.pi * 16 * 10.25, rel=0.001)


@pytest.mark.parametrize("kind", ["polygon", "lasso"])
def test_polygon_and_lasso(renderer: Renderer, kind: str) -> None:
    """An outline closed from its last point to its first; pixels on the slope show half."""
    alpha = selected(renderer, {"type": kind, "points": [[0, 0], [30, 0], [0, 30]]})
    assert largest_step(np.diagonal(alpha[:, 29::-1]), np.array(127.5)) < 1
    assert (alpha[np.add.outer(np.arange(30), np.arange(40)) < 29] == 255).all()
    assert (alpha[np.add.outer(np.arange(30), np.arange(40)) > 29] == 0).all()


def test_brush(renderer: Renderer) -> None:
    """Strokes have round ends, a width and an opacity; where they cross, the stronger one counts."""
    strokes = [
        {"points": [[10, 15], [30, 15]], "width": 8},
        {"points": [[20, 5], [20, 25]], "width": 6, "opacity": 0.5},
    ]
    alpha = selected(renderer, {"type": "brush", "strokes": strokes})
    assert (alpha[11:19, 10:30] == 255).all()
    assert largest_step(alpha[5:11, 18:22], np.array(127.5)) < 1
    assert alpha[15, 6] > 200
    assert alpha[11, 6] == 0
    single = selected(renderer, {"type": "brush", "strokes": [{"points": [[20, 15]], "width": 10}]})
    assert single.sum() / 255 == pytest.approx(np.pi * 25, rel=0.01)


def test_selections_may_leave_the_canvas(renderer: Renderer) -> None:
    """What lies off the canvas is cut; a selection wholly off it selects nothing, inverted all."""
    big: Layer = {"type": "rect", "points": [[-100, -100], [500, 10]]}
    alpha = selected(renderer, big)
    assert (alpha[:10] == 255).all()
    assert not alpha[10:].any()
    off: Layer = {"type": "ellipse", "points": [[100, 100], [200, 200]]}
    assert not selected(renderer, off).any()
    assert (selected(renderer, {**off, "inverted": True}) == 255).all()


def test_inverted(renderer: Renderer) -> None:
    """A selection or its mask inverted is 255 less the selection; both cancel each other."""
    shape: Layer = {"type": "ellipse", "points": [[4.3, 5.1], [33.8, 25]]}
    plain = selected(renderer, shape)
    assert np.array_equal(selected(renderer, {**shape, "inverted": True}), 255 - plain)
    assert np.array_equal(selected(renderer, shape, inverted=True), 255 - plain)
    assert np.array_equal(selected(renderer, {**shape, "inverted": True}, inverted=True), plain)


@pytest.mark.parametrize("sigma", [0.7, 5, 24])
def test_feathering_is_a_gaussian(numpy_renderer: Renderer, sigma: float) -> None:
    """A feathered mask comes within two steps of the exact Gaussian of the selection. What lies off the
    canvas is part of the selection: it does not fade towards the canvas's edges."""
    size = (160, 120)
    shape: Layer = {"type": "rect", "points": [[50, 30], [1000, 1000]], "feather_radius": sigma}
    hard = np.zeros((size[1] + 400, size[0] + 400))
    hard[230:, 250:] = 255
    exact = gaussian_filter(hard, sigma, mode="nearest", truncate=8)[200:-200, 200:-200]
    alpha = selected(numpy_renderer, shape, size)
    assert largest_step(alpha, exact) < 2
    assert alpha[-1, -1] >= 254
    inverted = selected(numpy_renderer, {**shape, "inverted": True}, size)
    assert np.array_equal(inverted, 255 - alpha)


def masked_by(renderer: Renderer, mask: Layer, pixels: Pixels, **fields: Any) -> Pixels:
    """A picture of the canvas's size under a mask."""
    layer = picture(pixels, mask=mask, **fields)
    return renderer.render(composed(layer, size=pixels.shape[1::-1])).pixels


def grey_file(folder: Path, values: Pixels, name: str = "mask.png") -> str:
    """Write a mask file; its name."""
    (folder / name).write_bytes(file_data(Image.fromarray(values)))
    return name


@pytest.mark.parametrize("opacity", [1, 0.75, 0.31])
def test_mask_times_opacity_times_alpha(tmp_path: Path, opacity: float) -> None:
    """A pixel's alpha is alpha x mask x opacity within a step, for all 65,536 pairs of alpha and mask; its
    colour is its own."""
    pixels = np.full((256, 256, 4), (200, 100, 50, 0), np.uint8)
    pixels[..., 3] = np.arange(256)
    mask = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 256, axis=1)
    grey_file(tmp_path, mask)
    with Renderer("numpy", root=tmp_path) as renderer:
        out = masked_by(renderer, {"path": "mask.png"}, pixels, opacity=opacity)
        inverted = masked_by(renderer, {"path": "mask.png", "inverted": True}, pixels, opacity=opacity)
    exact = pixels[..., 3].astype(float) * mask / 255 * opacity
    assert largest_step(out[..., 3], exact) < 0.6
    assert (out[out[..., 3] > 0, :3] == (200, 100, 50)).all()
    assert np.array_equal(inverted, out[::-1])


def test_masks_blend_with_the_backdrop(renderer: Renderer) -> None:
    """Under a mask of half a layer the mode's result shows in half."""
    half: Layer = {"type": "brush", "strokes": [{"points": [[20, 15]], "width": 200, "opacity": 0.5}]}
    top = solid("#808080", blend_mode="multiply", mask={"selection": half})
    pixels = renderer.render(composed(solid("#ff8040"), top, size=SIZE)).pixels
    exact = np.array([(255 + 128) / 2, (128 + 64.25) / 2, (64 + 32.1) / 2, 255])
    assert largest_step(pixels, exact) < 1


def test_masks_stay_where_the_layer_moves(renderer: Renderer) -> None:
    """A mask lies on the canvas, not on the layer: moving and turning the layer does not move it."""
    for transform in (
        {"x": 7.5, "y": -3},
        {"x": 20, "y": 15, "anchor": "center", "rotation": 30, "scale": 3},
    ):
        layer = picture(random_pixels(1, *SIZE), transform=transform)
        plain = renderer.render(composed(layer, size=SIZE)).pixels
        masked = renderer.render(composed({**layer, "mask": {"selection": LEFT_HALF}}, size=SIZE)).pixels
        assert np.array_equal(masked[:, :20], plain[:, :20])
        assert not masked[:, 20:].any()


def test_masks_come_after_filters(renderer: Renderer) -> None:
    """A blurred layer has a sharp mask: the filter does not blur the mask's edge."""
    layer = solid("#ff0000", filters=[{"type": "blur", "radius": 4}], mask={"selection": LEFT_HALF})
    alpha = renderer.render(composed(layer, size=SIZE)).pixels[..., 3]
    assert alpha[15, 19] > 250
    assert alpha[15, 20] == 0


MASKABLE: dict[str, Layer] = {
    "a paint": solid("#ff8000"),
    "a gradient": {
        "type": "raster",
        "source": {
            "color": {
                "type": "linear",
                "stops": [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff80"}],
            }
        },
    },
    "a text": {"type": "text", "text": "WWW", "size": 24, "color": "#204060"},
    "a drawing": {
        "type": "vector",
        "shapes": [{"type": "ellipse", "cx": 20, "cy": 15, "rx": 18, "ry": 12, "fill": "#00ff00"}],
    },
    "a picture": picture(random_pixels(2, *SIZE)),
    "a group": group(
        solid("#ff8000"),
        {"type": "text", "text": "MMM", "size": 30, "color": "#ffffff"},
        filters=[{"type": "blur", "radius": 2}],
    ),
    "a group in a group": group(group(solid("#336699cc"), opacity=0.5)),
}


@pytest.mark.parametrize("name", MASKABLE)
def test_every_kind_of_layer_takes_a_mask(renderer: Renderer, name: str) -> None:
    """Where the mask is 255 the layer shows as it is, where it is 0 not at all."""
    layer = MASKABLE[name]
    plain = renderer.render(composed(layer, size=SIZE)).pixels
    masked = renderer.render(composed({**layer, "mask": {"selection": LEFT_HALF}}, size=SIZE)).pixels
    assert plain[:, 20:, 3].any()
    assert np.array_equal(masked[:, :20], plain[:, :20])
    assert not masked[:, 20:].any()


def test_a_mask_in_a_group_moves_with_the_group(renderer: Renderer) -> None:
    """Inside a group a mask lies in the group's own space and is placed with it."""
    child = solid("#ff0000", mask={"selection": {"type": "rect", "points": [[0, 0], [10, 10]]}})
    pixels = renderer.render(composed(group(child, transform={"x": 5, "y": 7}), size=SIZE)).pixels
    expected = np.zeros((30, 40), np.uint8)
    expected[7:17, 5:15] = 255
    assert np.array_equal(pixels[..., 3], expected)


@pytest.mark.parametrize("size", [(40, 31), (30, 40), (1, 1), (80, 60)])
def test_a_mask_file_has_the_canvas_s_size(tmp_path: Path, size: tuple[int, int]) -> None:
    """Any other size is an error that names both; nothing is stretched."""
    grey_file(tmp_path, np.full(size[::-1], 255, np.uint8))
    layer = solid("#ffffff", name="photo", mask={"path": "mask.png"})
    with Renderer("numpy", root=tmp_path) as renderer, pytest.raises(SourceError) as caught:
        renderer.render(composed(layer, size=SIZE))
    assert str(caught.value) == (
        "layer 'photo' (layers[0]), mask: a mask must have the canvas's size, 40 x 30, "
        f"but this one is {size[0]} x {size[1]}"
    )


def test_a_mask_file_is_grey(tmp_path: Path) -> None:
    """A colour file is no mask, and the message says what is."""
    grey_file(tmp_path, np.zeros((30, 40, 3), np.uint8))
    layer = solid("#ffffff", name="photo", mask={"path": "mask.png"})
    with (
        Renderer("numpy", root=tmp_path) as renderer,
        pytest.raises(
            SourceError, match=r"^layer 'photo' \(layers\[0\]\), mask: .* single-channel 8-bit grey"
        ),
    ):
        renderer.render(composed(layer, size=SIZE))


def test_a_mask_that_is_not_needed_is_not_read(numpy_renderer: Renderer) -> None:
    """The mask of a layer that does not show may be missing."""
    layer = solid("#ffffff", visible=False, mask={"path": "no such mask.png"})
    assert not numpy_renderer.render(composed(layer, size=SIZE)).pixels.any()
