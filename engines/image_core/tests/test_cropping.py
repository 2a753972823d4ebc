"""Crops of pictures, and what a fit keeps in view, on pictures whose pixels tell where they come from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, file_data, photo, picture, solid

WIDTH, HEIGHT = 90, 40


def places(width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """An opaque picture: red is the column, green the row."""
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., 0], pixels[..., 1] = np.arange(width), np.arange(height)[:, None]
    return pixels


def covered(renderer: Renderer, focus: Any, size: tuple[int, int] = (20, 40)) -> tuple[int, int]:
    """Which pixel of a picture of 90 x 40 is at the top left of a box that it covers at its own size."""
    layer = picture(places(), fit="cover", focus=focus)
    pixels = renderer.render(composed(layer, size=size)).pixels
    assert (pixels[..., 3] == 255).all()
    return int(pixels[0, 0, 0]), int(pixels[0, 0, 1])


@pytest.mark.parametrize(
    ("focus", "left"),
    [
        ("left", 0),
        ("top-left", 0),
        ("center", 35),
        ("top", 35),
        ("bottom-right", 70),
        ([0.5, 0], 35),
        ([0, 1], 0),
        ([0.3, 0.5], 17),  # 27 in the middle
        ([0.9, 0.5], 70),
        ({"boxes": [[50, 0, 60, 9]]}, 45),
        ({"boxes": [["60%", 0, "80%", "10%"]]}, 53),  # 54 to 72
        ({"boxes": [[50, 0, 60, 9], [62, 0, 68, 9]]}, 49),  # 50 to 68 in the middle
        ({"boxes": [[85, 0, 90, 9]]}, 70),
        ({"boxes": [[-9, -9, 6, 9]]}, 0),
        ({"boxes": [[80, 0, 200, 9]]}, 70),
        ({"boxes": [[40, 0, 50, 9], [0, 0, 5, 9]]}, 35),  # both do not fit: the first
        ({"boxes": [[40, 0, 50, 9], [0, 0, 5, 9], [52, 0, 56, 9]]}, 38),  # the first and the third do
        ({"boxes": [[10, 0, 50, 9]]}, 20),  # wider than the box: its middle
    ],
)
def test_cover_keeps_the_focus_in_view(numpy_renderer: Renderer, focus: Any, left: int) -> None:
    """Its middle in the middle of the box, as near as the picture allows; of boxes each in turn that fits."""
    assert covered(numpy_renderer, focus) == (left, 0)


def test_the_focus_counts_along_the_side_that_is_cut(numpy_renderer: Renderer) -> None:
    """A wide box cuts above and below."""
    assert covered(numpy_renderer, [0.1, 0.75], (90, 10)) == (0, 25)
    assert covered(numpy_renderer, {"boxes": [[0, 4, 9, 10]]}, (90, 10)) == (0, 2)


def test_the_centre_is_what_was_without_a_focus(numpy_renderer: Renderer) -> None:
    """By its name, as a point and as a box around it: one plan."""
    plain = picture(places(), fit="cover", width=33.5, height=40)
    hashes = {
        numpy_renderer.plan(composed(layer, size=(50, 40))).plan.pipeline_hash
        for layer in (
            plain,
            {**plain, "focus": "center"},
            {**plain, "focus": [0.5, 0.5]},
            {**plain, "focus": {"boxes": [[40, 0, 50, 40]]}},
        )
    }
    assert len(hashes) == 1


def test_contain_is_aligned_by_the_focus(numpy_renderer: Renderer) -> None:
    """The room that is left is shared as the point says, as by CSS's object-position."""
    for focus, left in (("left", 0), ("center", 5), ("bottom-right", 10), ([0.3, 0], 3)):
        layer = picture(places(10, 20), fit="contain", focus=focus)
        shown = numpy_renderer.render(composed(layer, size=(20, 20))).pixels[..., 3] > 0
        assert np.flatnonzero(shown[0]).tolist() == list(range(left, left + 10))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"transform": {"x": 3, "rotation": 20, "scale": 0.7}},
        {"fit": "cover", "width": 33, "height": 20},
        {"fit": "contain", "focus": "left"},
        {"fit": "cover", "width": 20, "height": 30, "focus": {"boxes": [[1, 1, 9, 9]]}},
        {"corner_radius": 5, "filters": [{"type": "blur", "radius": 2}]},
        {"warp": {"type": "corners", "points": [[0, 0], [40, 5], [38, 30], [2, 35]]}},
    ],
)
def test_a_crop_is_as_a_cropped_file(numpy_renderer: Renderer, fields: dict[str, Any]) -> None:
    """Nothing of the pixels around it shows, whatever becomes of the picture."""
    cropped = picture(places()[5:35, 10:60], **fields)
    given: list[Any] = [[10, 5, 60, 35], ["11.1%", "12.5%", "66.67%", "87.5%"]]  # 9.99 and 60.003
    for crop in given:
        layer = picture(places(), crop=crop, **fields)
        out = [numpy_renderer.render(composed(one, size=(60, 50))).pixels for one in (layer, cropped)]
        assert np.array_equal(out[0], out[1])


def test_a_crop_of_all_of_a_picture_changes_nothing(numpy_renderer: Renderer) -> None:
    """Neither does it change the hash."""
    plans = [
        numpy_renderer.plan(composed(picture(places(), **fields))).plan.pipeline_hash
        for fields in ({}, {"crop": [0, 0, WIDTH, HEIGHT]}, {"crop": [0, 0, "100%", "100%"]})
    ]
    assert len(set(plans)) == 1


def test_a_photo_is_decoded_in_full_where_it_is_cropped(tmp_path: Any) -> None:
    """A crop may begin at any pixel of it; what is reduced while it is decoded has fewer."""
    (tmp_path / "photo.jpg").write_bytes(file_data(Image.fromarray(places(200, 160)[..., :3]), "JPEG"))
    with Renderer("numpy", root=tmp_path) as renderer:
        layer = photo("photo.jpg", crop=[3, 5, 163, 133], fit="cover", width=20, height=16)
        small = renderer.render(composed(layer, size=(20, 16))).pixels
        again = renderer.render(composed(layer, size=(20, 16))).pixels
    assert np.array_equal(small, again)
    assert abs(int(small[8, 10, 0]) - 87) <= 3
    assert abs(int(small[8, 10, 1]) - 73) <= 3


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (
            picture(places(), crop=[0, 0, 91, 40]),
            "crop: [0, 0, 91, 40] leaves the picture, which has 90 x 40",
        ),
        (picture(places(), crop=["-1%", 0, 9, 9]), "crop: ['-1%', 0, 9, 9] leaves the picture"),
        (picture(places(), crop=["50%", 0, 20, 9]), "crop: ['50%', 0, 20, 9] has no pixel of the picture"),
        (picture(places(), crop=[0, 0, "0.1%", 9]), "has no pixel of the picture, which has 90 x 40 pixels"),
        (
            picture(places(), fit="cover", focus={"boxes": [[0, 0, 9, 9], [90, 0, 99, 9]]}),
            "focus.boxes[1]: [90.0, 0.0, 99.0, 9.0] lies outside the picture, which has 90 x 40 pixels",
        ),
    ],
)
def test_what_lies_outside_the_picture_is_an_error(numpy_renderer: Renderer, layer: Layer, told: str) -> None:
    """It names the layer, the field and the picture's size, each time."""
    for _ in range(2):
        with pytest.raises(CompositionError) as error:
            numpy_renderer.render(composed({**layer, "name": "cut"}))
        assert str(error.value).startswith("layer 'cut' (layers[0]), ")
        assert told in str(error.value)


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (picture(places(), focus="left"), "focus needs fit cover or contain (given: 'none')"),
        (picture(places(), fit="fill", focus=[0, 0]), "focus needs fit cover or contain (given: 'fill')"),
        (picture(places(), fit="contain", focus={"boxes": [[0, 0, 1, 1]]}), "boxes with fit cover alone"),
        (picture(places(), fit="cover", focus=[0, 1.5]), "focus[1]: 1.5 is not allowed: allowed is 0 to 1"),
        (
            picture(places(), fit="cover", focus="middle"),
            "'middle' is not allowed: allowed is 'top-left'",
        ),
        (
            picture(places(), fit="cover", focus={"boxes": []}),
            "boxes: allowed is a length of 1 or more",
        ),
        (
            picture(places(), fit="cover", focus={"boxes": [[9, 0, 9, 5]]}),
            "focus.boxes[0]: allowed is [x0, y0, x1, y1] with x0 below x1",
        ),
        (picture(places(), crop=[0, 9, 5, 2]), "crop: allowed is [x0, y0, x1, y1] with y0 below y1"),
        (picture(places(), crop=["50%", 0, "5%", 2]), "crop: allowed is [x0, y0, x1, y1] with x0 below x1"),
        (picture(places(), crop=[0, 0.5, 5, 2]), "crop[1]: 0.5 is not allowed: allowed is a whole number"),
        (solid("#ff0000", crop=[0, 0, 5, 2]), "crop is for pictures"),
        (solid("#ff0000", focus="left"), "focus needs fit cover or contain"),
    ],
)
def test_what_makes_no_sense_is_refused(layer: Layer, told: str) -> None:
    """In one line, before any picture is read."""
    with pytest.raises(CompositionError) as error:
        composed(layer)
    assert told in str(error.value)
