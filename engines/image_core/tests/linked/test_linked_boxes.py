"""The box that a linked mask lies in, of each kind of layer; and what is told of a mask that does not fit."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import CompositionError, Renderer, SourceError
from engines.image_core.tests.composing import Layer, composed, file_data, group, picture, random_pixels
from engines.image_core.tests.linked.drawing import BOX, LEFT, NOISE, WHITE, alpha, noisy, rendered


def test_the_box_of_a_text_is_that_of_its_lines(renderer: Renderer, folder: Path) -> None:
    """Its width where it is given, and so a mask hides the same letters wherever the text lies."""
    text = {"type": "text", "text": "HHHH", "size": 12, "box_width": 30.5, "box_height": 18}
    mask = {"path": "text.png", "linked": True}
    values = np.zeros((18, 31), np.uint8)
    values[:, :15] = 255
    Image.fromarray(values).save(folder / "text.png")
    plain = rendered(renderer, text)
    shown = rendered(renderer, {**text, "mask": mask, "transform": {"x": 6, "y": 9}})
    assert np.array_equal(shown[9:27, 6:21], plain[:18, :15])
    assert plain[:, 15:].any()
    assert not shown[:, 21:].any()


def test_the_box_of_a_fitted_picture_is_the_one_it_is_fitted_to(renderer: Renderer) -> None:
    """Whatever its own size."""
    fitted = picture(random_pixels(9, 5, 3), fit="cover", width=12, height=10)
    still = rendered(renderer, {**fitted, "mask": {**NOISE, "linked": False}}, size=BOX)
    moved = rendered(renderer, {**fitted, "mask": NOISE, "transform": {"x": 4, "y": 20}})
    assert np.array_equal(moved[20:30, 4:16], still)


def test_the_box_of_a_jpeg_is_its_own_size(renderer: Renderer, folder: Path) -> None:
    """Also where it is shown, and so decoded, at a fraction of that."""
    values = np.zeros((48, 64), np.uint8)
    values[:, :32] = 255
    Image.fromarray(values).save(folder / "jpeg.png")
    data = base64.b64encode(file_data(Image.new("RGB", (64, 48), "#ff0000"), "JPEG")).decode()
    layer = {"type": "raster", "source": {"data": data}, "transform": {"scale": 0.125, "x": 5, "y": 3}}
    shown = alpha(renderer, {**layer, "mask": {"path": "jpeg.png", "linked": True}})
    assert shown[5].tolist() == [0] * 5 + [255] * 3 + shown[5, 8:10].tolist() + [0] * 30
    assert 200 < shown[5, 8] <= 255
    assert shown[5, 9] < 50


def test_the_box_of_an_svg_is_the_size_it_is_given(renderer: Renderer) -> None:
    """Before its transform enlarges it."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="5"><path d="M0 0h3v5h-3z"/></svg>'
    layer = {"type": "vector", "svg": svg, "width": 6, "height": 10, "transform": {"x": 5, "scale": 2}}
    shown = alpha(renderer, {**layer, "mask": {**LEFT, "inverted": True}})
    assert shown[5].tolist() == [0] * 13 + [255] * 4 + [0] * 23


@pytest.mark.parametrize("fields", [{}, {"blend_mode": "pass-through"}, {"filters": [{"type": "invert"}]}])
def test_a_group_takes_its_mask_along(renderer: Renderer, fields: dict[str, Any]) -> None:
    """Its box is the canvas, beyond which its layers show as far as a selection says."""
    inside = picture(random_pixels(3, 80, 64), transform={"x": -20, "y": -16})
    mask = {"selection": {"type": "rect", "points": [[-10, -8], [20, 16]]}}
    moved = {"mask": {**mask, "linked": True}, "transform": {"x": 15, "y": 10}}
    shown = rendered(renderer, group(inside, **moved, **fields))
    plain = rendered(renderer, group(inside, transform=moved["transform"], **fields))
    assert np.array_equal(shown[2:26, 5:35], plain[2:26, 5:35])
    shown[2:26, 5:35] = 0
    assert not shown.any()


def test_a_layer_in_a_moved_group_is_not_cut_off_at_the_canvas(renderer: Renderer) -> None:
    """As it is where a mask lies on the canvas."""
    inside = noisy(mask=WHITE, transform={"x": -8, "y": -6})
    shown = rendered(renderer, group(inside, transform={"x": 8, "y": 6}))
    assert np.array_equal(shown, rendered(renderer, noisy()))


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (noisy(mask={**NOISE, "path": "half.png"}), "the layer's own size, 12 x 10, but this one is 8 x 8"),
        (group(mask=NOISE, name="All"), None),
        (noisy(fit="fill", width=9.5, height=4, mask=NOISE), "the layer's own size, 10 x 4, but"),
    ],
)
def test_a_file_of_another_size_is_told_of(renderer: Renderer, layer: Layer, line: str | None) -> None:
    """With the layer, the field, its box and the file's size."""
    if line is None:
        layer = {**layer, "layers": [noisy()]}
        line = "layer 'All' (layers[0]), mask: a mask must have the layer's own size, 40 x 32, but"
    with pytest.raises(SourceError) as caught:
        rendered(renderer, layer)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("mask", "line"),
    [
        ({**LEFT, "linked": 1}, "layers[0].mask.linked: 1 is not allowed: allowed is true or false"),
        (
            {**NOISE, "outside": "visible"},
            "layers[0].mask: outside needs a position: every other mask covers all of its layer",
        ),
        (
            {**LEFT, "position": [1, 1]},
            "layers[0].mask: position is for a mask_artifact_id or a path; move the points of the others",
        ),
    ],
)
def test_what_a_linked_mask_cannot_be_is_told_in_one_line(mask: dict[str, Any], line: str) -> None:
    """With the place and what is allowed."""
    with pytest.raises(CompositionError) as caught:
        composed(noisy(mask=mask))
    assert str(caught.value) == line
