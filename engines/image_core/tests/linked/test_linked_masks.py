"""Masks that are linked to their layer lie in its own box and go the way of its transform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer
from engines.image_core.tests.composing import Layer, composed, group, picture, random_pixels, solid
from engines.image_core.tests.linked.drawing import (
    BOX,
    LEFT,
    NOISE,
    SIZE,
    WHITE,
    alpha,
    noisy,
    rendered,
)

TURNED: list[dict[str, Any]] = [
    {"x": 7.25, "y": 3.5},
    {"x": 20, "y": 16, "rotation": 33, "anchor": "center"},
    {"x": 20, "y": 16, "rotation": -90, "anchor": "center", "scale": 1.5},
    {"x": 30.5, "y": 4, "scale": -2.2, "scale_y": 0.4},
    {"x": 25, "y": 2, "rotation": 150, "scale": 0.3},
]


def test_a_mask_is_not_linked_unless_it_says_so(renderer: Renderer) -> None:
    """It stays on the canvas when its layer moves, and has the hash that it had."""
    moved = {"transform": {"x": 9, "y": 5}}
    plain = composed(noisy(mask={"path": "large.png"}, **moved), size=SIZE)
    told = composed(noisy(mask={"path": "large.png", "linked": False}, **moved), size=SIZE)
    first, second = renderer.render(plain), renderer.render(told)
    assert first.pipeline_hash == second.pipeline_hash
    still = rendered(renderer, solid("#ffffff", mask={"path": "large.png"}))
    shown = rendered(renderer, solid("#ffffff", width=12, height=10, mask={"path": "large.png"}, **moved))
    assert np.array_equal(shown[5:15, 9:21], still[5:15, 9:21])


@pytest.mark.parametrize(
    "mask", [NOISE, {**NOISE, "inverted": True}, LEFT, {**NOISE, "density": 0.3}], ids=str
)
def test_a_whole_pixel_move_takes_the_mask_along_exactly(renderer: Renderer, mask: dict[str, Any]) -> None:
    """The same pixels as on a canvas of the box's size, elsewhere."""
    still = rendered(renderer, noisy(mask={**mask, "linked": False}), size=BOX)
    moved = rendered(renderer, noisy(mask=mask, transform={"x": 9, "y": 5}))
    assert np.array_equal(moved[5:15, 9:21], still)
    moved[5:15, 9:21] = 0
    assert not moved.any()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_quarter_turn_turns_the_mask_exactly(renderer: Renderer, turns: int) -> None:
    """Clockwise, with the picture."""
    still = rendered(renderer, noisy(mask={**NOISE, "linked": False}), size=BOX)
    placed = {"x": 20, "y": 16, "anchor": "center", "rotation": 90 * turns}
    turned = rendered(renderer, noisy(mask=NOISE, transform=placed))
    expected = np.rot90(still, -turns)
    height, width = expected.shape[:2]
    top, left = 16 - height // 2, 20 - width // 2
    assert np.array_equal(turned[top : top + height, left : left + width], expected)


def test_a_mirrored_layer_mirrors_its_mask_exactly(renderer: Renderer) -> None:
    """By a negative scale."""
    still = rendered(renderer, noisy(mask={**NOISE, "linked": False}), size=BOX)
    mirrored = rendered(renderer, noisy(mask=NOISE, transform={"x": 12, "scale": -1, "scale_y": 1}))
    assert np.array_equal(mirrored[:10, :12], still[:, ::-1])


@pytest.mark.parametrize("fields", [{}, {"position": [0, 0]}], ids=["of the box's size", "at a position"])
def test_a_half_mask_at_scale_2_is_a_half_with_a_soft_edge(renderer: Renderer, fields: Any) -> None:
    """By the Keys kernel, whose weights up to the edge are 51/64 and 13/64 in the pixels beside it."""
    mask = {"path": "half.png", "linked": True, **fields}
    shown = alpha(renderer, solid("#ffffff", width=8, height=8, mask=mask, transform={"scale": 2}))
    row = [*[255] * 7, round(255 * 51 / 64), round(255 * 13 / 64), *[0] * 31]
    assert shown[:16].tolist() == [row] * 16
    assert not shown[16:].any()


@pytest.mark.parametrize("transform", TURNED, ids=str)
def test_a_mask_that_shows_all_changes_no_pixel(renderer: Renderer, transform: dict[str, Any]) -> None:
    """Not at the layer's soft edges either, whatever the transform; one that hides all leaves nothing."""
    text = {"type": "text", "text": "fj", "size": 20}
    wide = group(picture(random_pixels(8, 50, 40), transform={"x": -5, "y": -3}))
    for layer in (noisy(), text, wide):
        layer = {**layer, "transform": transform}
        plain = rendered(renderer, layer)
        assert plain.any()
        around = {"path": "white.png", "position": [3, 2], "outside": "visible", "linked": True}
        large = {"selection": {"type": "rect", "points": [[-999, -999], [999, 999]]}, "linked": True}
        fitting = {"picture": [WHITE], "group": [{**WHITE, "path": "whole.png"}]}
        kind = "group" if layer["type"] == "group" else "picture" if layer["type"] == "raster" else "text"
        for mask in (around, large, *fitting.get(kind, [])):
            assert np.array_equal(rendered(renderer, {**layer, "mask": mask}), plain)
            assert not rendered(renderer, {**layer, "mask": {**mask, "inverted": True}}).any()


@pytest.mark.parametrize("transform", TURNED, ids=str)
def test_outlines_are_drawn_where_the_transform_places_them(
    renderer: Renderer, transform: dict[str, Any]
) -> None:
    """As crisp as a layer of the same shapes with the same transform; a selection of that shape too."""
    ellipse = {"type": "ellipse", "cx": 20, "cy": 16, "rx": 10, "ry": 6, "fill": "#ffffff"}
    drawn = {"type": "vector", "shapes": [ellipse], "transform": transform}
    flood = {"type": "rect", "x": -999, "y": -999, "width": 1999, "height": 1999, "fill": "#ffffff"}
    shape = {"type": "vector", "shapes": [flood], "transform": transform}
    expected = alpha(renderer, drawn)
    assert expected.any()
    for mask in (
        {"vector": [ellipse], "linked": True},
        {"selection": {"type": "ellipse", "points": [[10, 10], [30, 22]]}, "linked": True},
    ):
        found = alpha(renderer, {**shape, "mask": mask}).astype(int)
        # Of a curve's points in 1/64 pixel, a selection's are rounded once, and a shape's twice.
        assert np.abs(found - expected).max() <= (0 if "vector" in mask else 6)
        around = alpha(renderer, {**shape, "mask": {**mask, "inverted": True}}).astype(int)
        assert np.array_equal(around, 255 - found)


def test_brush_strokes_grow_with_the_layer(renderer: Renderer) -> None:
    """A line of 4 pixels is one of 8 at scale 2."""
    stroke = {"points": [[0, 8], [20, 8]], "width": 4}
    mask = {"selection": {"type": "brush", "strokes": [stroke]}, "linked": True}
    shown = alpha(renderer, solid("#ffffff", width=20, height=16, mask=mask, transform={"scale": 2}))
    assert shown[:, 20].tolist() == [0] * 12 + [255] * 8 + [0] * 12
    moved = alpha(renderer, solid("#ffffff", width=20, height=16, mask=mask, transform={"x": 3, "y": -2}))
    assert moved[:, 12].tolist() == [0] * 4 + [255] * 4 + [0] * 24


def test_a_feather_is_in_the_pixels_that_the_layer_is_placed_on(renderer: Renderer) -> None:
    """A layer at twice its size has edges as soft as one that is not enlarged."""
    small = {"selection": {"type": "rect", "points": [[0, 0], [6, 99]]}, "feather_radius": 2, "linked": True}
    large = {"selection": {"type": "rect", "points": [[0, 0], [12, 198]]}, "feather_radius": 2}
    enlarged = alpha(renderer, solid("#ffffff", width=20, height=16, mask=small, transform={"scale": 2}))
    assert np.array_equal(enlarged, alpha(renderer, solid("#ffffff", mask=large)))
    assert 100 < enlarged[5, 11] < 200


@pytest.mark.parametrize("transform", [{"x": 8, "y": 6}, *TURNED[1:3]], ids=str)
def test_a_feathered_file_has_no_edge_at_its_box(renderer: Renderer, transform: dict[str, Any]) -> None:
    """It goes on as it is at its border: a white one, however soft, hides nothing."""
    layer = noisy(transform=transform)
    soft = {**WHITE, "feather_radius": 3}
    assert np.array_equal(rendered(renderer, {**layer, "mask": soft}), rendered(renderer, layer))


@pytest.mark.parametrize("outside", ["hidden", "visible"])
@pytest.mark.parametrize("inverted", [False, True])
def test_what_lies_outside_a_file_with_a_position(renderer: Renderer, outside: str, inverted: bool) -> None:
    """The position is one in the layer's box, and what is seen around it is said, and inverted with it."""
    mask = {"path": "noise.png", "position": [2, -1], "outside": outside, "inverted": inverted}
    layer = solid("#ffffff", width=20, height=20)
    still = alpha(renderer, {**layer, "mask": mask})
    moved = alpha(renderer, {**layer, "mask": {**mask, "linked": True}, "transform": {"x": 11, "y": 7}})
    assert np.array_equal(moved[7:27, 11:31], still[:20, :20])
    assert moved[20, 12] == (255 if (outside == "visible") != inverted else 0)


def test_linked_and_other_masks_are_multiplied(renderer: Renderer) -> None:
    """Each where it lies."""
    still = {"selection": {"type": "rect", "points": [[0, 0], [40, 10]]}}
    layer = solid("#ffffff", width=20, height=20, transform={"x": 6, "y": 4})
    shown = alpha(renderer, {**layer, "masks": [LEFT, still, {**still, "linked": True, "density": 0.5}]})
    expected = np.zeros(SIZE[::-1], np.uint8)
    expected[4:10, 6:10] = 255
    assert np.array_equal(shown, expected)


def test_an_adjustment_has_no_transform_to_go_by(renderer: Renderer) -> None:
    """So there a linked mask is as any other."""
    invert: Layer = {"type": "adjustment", "adjust": {"type": "invert"}}
    for mask in ({"path": "large.png"}, {"selection": LEFT["selection"]}):
        pair = [
            composed(solid("#203040"), {**invert, "mask": {**mask, "linked": linked}}, size=SIZE)
            for linked in (False, True)
        ]
        first, second = map(renderer.render, pair)
        assert np.array_equal(first.pixels, second.pixels)
        assert first.pipeline_hash == second.pipeline_hash


def test_kept_masks_are_placed_anew(renderer: Renderer, folder: Path) -> None:
    """A renderer that has drawn the layer elsewhere draws what another draws that has not."""
    for transform in ({}, *TURNED, {"x": 3}):
        layers = [noisy(mask=mask, transform=transform) for mask in (NOISE, LEFT)]
        with Renderer("numpy", root=folder) as fresh:
            assert np.array_equal(rendered(renderer, *layers), rendered(fresh, *layers))


@pytest.mark.parametrize("scale", [1e-9, 1e-5, 1e-3, 1000])
def test_masks_of_layers_that_are_all_but_gone_or_endless(renderer: Renderer, scale: float) -> None:
    """They are drawn, or nothing is; a white mask changes nothing."""
    for rotation in (0, 30):
        placed = {"x": 20, "y": 16, "scale": scale, "rotation": rotation, "anchor": "center"}
        plain = rendered(renderer, noisy(transform=placed))
        assert np.array_equal(plain, rendered(renderer, noisy(transform=placed, mask=WHITE)))
        for mask in ({**NOISE, "position": [1, 1]}, {**LEFT, "feather_radius": 2}):
            rendered(renderer, noisy(transform=placed, mask=mask))
