"""Masks that are linked to their layer: they lie in its own box and go the way of its transform."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import CompositionError, Renderer, SourceError
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid

SIZE = (40, 32)
BOX = (12, 10)
WHITE = {"path": "white.png", "linked": True}
NOISE = {"path": "noise.png", "linked": True}
LEFT = {"selection": {"type": "rect", "points": [[0, 0], [4, 100]]}, "linked": True}
TURNED: list[dict[str, Any]] = [
    {"x": 7.25, "y": 3.5},
    {"x": 20, "y": 16, "rotation": 33, "anchor": "center"},
    {"x": 20, "y": 16, "rotation": -90, "anchor": "center", "scale": 1.5},
    {"x": 30.5, "y": 4, "scale": -2.2, "scale_y": 0.4},
    {"x": 25, "y": 2, "rotation": 150, "scale": 0.3},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mask files: white, noise and a half of the box's size, noise and white of the canvas's."""
    root = tmp_path_factory.mktemp("masks")
    noise = np.random.default_rng(5).integers(0, 256, SIZE[::-1], dtype=np.uint8)
    half = np.zeros((8, 8), np.uint8)
    half[:, :4] = 255
    files = {
        "white": np.full(BOX[::-1], 255, np.uint8),
        "noise": noise[: BOX[1], : BOX[0]],
        "half": half,
        "large": noise,
        "whole": np.full(SIZE[::-1], 255, np.uint8),
    }
    for name, values in files.items():
        Image.fromarray(np.ascontiguousarray(values)).save(root / f"{name}.png")
    return root


@pytest.fixture(scope="module", params=["numpy", "gl"])
def renderer(request: pytest.FixtureRequest, folder: Path) -> Iterator[Renderer]:
    """Each backend in turn, with the folder of masks."""
    request.getfixturevalue(f"{request.param}_renderer")  # skips where there is none
    with Renderer(request.param, root=folder) as renderer:
        yield renderer


def rendered(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> Pixels:
    """Layers over nothing."""
    return renderer.render(composed(*layers, size=size)).pixels.copy()


def noisy(**fields: Any) -> Layer:
    """A picture of the box's size."""
    return picture(random_pixels(7, *BOX), **fields)


def alpha(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Their alpha alone."""
    return rendered(renderer, *layers, size=size)[..., 3]


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
