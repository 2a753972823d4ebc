"""Masks together: several of one layer, thinner, feathered, of shapes, with a position."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import composed, solid

LEFT = {"selection": {"type": "rect", "points": [[0, 0], [4, 8]]}}
TOP = {"selection": {"type": "rect", "points": [[0, 0], [8, 4]]}}


def alpha(renderer: Renderer, **fields: Any) -> Any:
    """The alpha of a white layer of the canvas's size, 8 x 8, with these masks."""
    return renderer.render(composed(solid("#ffffff", **fields))).pixels[..., 3]


def test_several_masks_are_multiplied(renderer: Renderer) -> None:
    """What shows is what all of them show."""
    shown = alpha(renderer, masks=[LEFT, TOP])
    assert (shown[:4, :4] == 255).all()
    assert shown.sum() == 255 * 16
    half = alpha(renderer, masks=[LEFT | {"density": 0.5}, TOP | {"density": 0.5}])
    assert [half[0, 0], half[0, 7], half[7, 0], half[7, 7]] == [255, 128, 128, 64]


def test_density_is_how_much_of_a_mask_counts(renderer: Renderer) -> None:
    """At 0 all shows; inverted, it is what is hidden then that shows through."""
    shown = alpha(renderer, mask=LEFT | {"density": 0.8})
    assert (shown[0, 0], shown[0, 7]) == (255, 51)
    assert (alpha(renderer, mask=LEFT | {"density": 0.0}) == 255).all()
    turned = alpha(renderer, mask=LEFT | {"density": 0.8, "inverted": True})
    assert (turned[0, 0], turned[0, 7]) == (51, 255)


def test_a_feather_is_that_of_a_selection(renderer: Renderer) -> None:
    """Wherever it is written."""
    inner = {"selection": LEFT["selection"] | {"feather_radius": 1.5}}
    assert np.array_equal(alpha(renderer, mask=inner), alpha(renderer, mask=LEFT | {"feather_radius": 1.5}))


def test_the_alpha_of_shapes_is_a_mask(renderer: Renderer) -> None:
    """Whatever their colour; inverted, all around them shows."""
    shape = {"type": "rect", "x": 2, "y": 2, "width": 4, "height": 4, "fill": "#ff000080"}
    shown = alpha(renderer, mask={"vector": [shape]})
    assert (shown[2:6, 2:6] == 128).all()
    assert shown.sum() == 128 * 16
    turned = alpha(renderer, mask={"vector": [shape], "inverted": True})
    assert (turned[3, 3], turned[0, 0]) == (127, 255)


@pytest.mark.parametrize(
    ("fields", "inside", "around"),
    [
        ({}, 100, 0),
        ({"inverted": True}, 155, 255),
        ({"outside": "visible"}, 100, 255),
        ({"outside": "visible", "inverted": True}, 155, 0),
    ],
)
def test_a_file_may_have_a_position(
    photos: Path, tmp_path: Path, fields: dict[str, Any], inside: int, around: int
) -> None:
    """It is of any size then, and what shows around it is said, and inverted with it."""
    Image.new("L", (3, 2), 100).save(tmp_path / "mask.png")
    for backend in ("numpy", "gl"):
        with Renderer(backend, root=tmp_path) as renderer:
            shown = alpha(renderer, mask={"path": "mask.png", "position": [5, -1], **fields})
            assert (shown[0, 5:] == inside).all()
            assert (shown[1:] == around).all()
            assert (shown[:, :5] == around).all()


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"mask": LEFT, "masks": [TOP]}, "layers[0]: give either mask or masks, not both"),
        ({"masks": [LEFT] * 9}, "layers[0].masks: allowed is a length of up to 8"),
        ({"mask": LEFT | {"density": 1.5}}, "layers[0].mask.density: 1.5 is not allowed: allowed is 0 to 1"),
        (
            {"mask": LEFT | {"position": [1, 2]}},
            "layers[0].mask: position is for a mask_artifact_id or a path; move the points of the others",
        ),
        (
            {"mask": {"path": "a.png", "outside": "visible"}},
            "layers[0].mask: outside needs a position: every other mask covers the canvas",
        ),
        (
            {"mask": {"selection": LEFT["selection"] | {"feather_radius": 2.0}, "feather_radius": 1.0}},
            "layers[0].mask: feather_radius is given twice, here and in the selection",
        ),
    ],
)
def test_what_masks_cannot_be_is_told_in_one_line(fields: dict[str, Any], line: str) -> None:
    """With the place and what is allowed."""
    with pytest.raises(CompositionError) as caught:
        composed(solid("#ffffff", **fields))
    assert str(caught.value) == line
