"""Borders of pictures and paints, on hand-made boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer
from engines.image_core.tests.boxes import PLACES, RADII, alpha, box, frame, rendered
from engines.image_core.tests.composing import flat, picture, solid


def test_a_border_lies_along_the_inside_of_the_edge(renderer: Renderer) -> None:
    """On whole pixels: four rows and columns of it on each side, the picture within, nothing around."""
    out = rendered(renderer, picture(flat("#ff0000", 40, 30), transform={"x": 10, "y": 10}, **frame(4)))
    expected = np.zeros_like(out)
    expected[10:40, 10:50] = (0, 255, 0, 255)
    expected[14:36, 14:46] = (255, 0, 0, 255)
    assert np.array_equal(out, expected)


def test_half_a_pixel_of_border_is_mixed_with_the_picture(renderer: Renderer) -> None:
    """Within its inner edge, by area."""
    row = rendered(renderer, box(**frame(2.5)))[15].astype(int)
    assert (row[:2] == (0, 255, 0, 255)).all()
    assert np.abs(row[2] - (128, 128, 0, 255)).max() <= 1
    assert (row[3:37] == (255, 0, 0, 255)).all()


@pytest.mark.parametrize("place", PLACES)
def test_a_border_leaves_the_layers_alpha(renderer: Renderer, place: dict[str, Any]) -> None:
    """The outer edge is antialiased once, and its colour is the border's, without any of the picture's."""
    for rounded in ({}, {"corner_radius": RADII}):
        plain = alpha(renderer, box(transform=place, **rounded))
        out = rendered(renderer, box(transform=place, **rounded, **frame(5)))
        assert np.array_equal(out[..., 3], plain)
        edge = (plain > 0) & (plain < 255)
        assert (out[edge][:, :3] == (0, 255, 0)).all()


def test_a_border_s_inner_corners_are_less_round(renderer: Renderer) -> None:
    """Its inner edge is a box as much smaller, with radii as much smaller, of which none is below 0."""
    out = rendered(renderer, box(corner_radius=[12, 3, 12, 3], **frame(5)))
    inner = alpha(renderer, box(30, 20, corner_radius=[7, 0, 7, 0], transform={"x": 5, "y": 5}))
    assert np.abs(out[:30, :40, 0].astype(int) - inner[:30, :40])[out[:30, :40, 3] == 255].max() <= 1


@pytest.mark.parametrize("width", [15, 15.5, 16384])
def test_a_border_as_wide_as_half_the_box_is_all_of_it(renderer: Renderer, width: float) -> None:
    """Nothing of the picture is left."""
    shape = alpha(renderer, box(corner_radius=12))
    out = rendered(renderer, box(corner_radius=12, **frame(width)))
    assert np.array_equal(out[..., 3], shape)
    assert (out[shape > 0][:, :3] == (0, 255, 0)).all()


def test_a_translucent_border_is_blended_over_the_picture(renderer: Renderer) -> None:
    """By its alpha; that of the layer stays. One of alpha 0 shows nothing of itself."""
    out = rendered(renderer, box(**frame(4, "#0000ff80"))).astype(int)
    assert np.abs(out[:4, :40] - (127, 0, 128, 255)).max() <= 1
    assert (out[4:26, 4:36] == (255, 0, 0, 255)).all()
    assert np.array_equal(rendered(renderer, box(**frame(4, "#0000ff00"))), rendered(renderer, box()))


def test_a_border_shows_where_the_picture_does(renderer: Renderer) -> None:
    """Not in the margins of `contain`, and as thin as the picture where that is translucent."""
    layer = picture(flat("#ff000080", 40, 10), fit="contain", width=40, height=30, **frame(4))
    out = rendered(renderer, layer)
    expected = np.zeros_like(out)
    expected[10:20, :40] = (0, 255, 0, 128)
    expected[10:20, 4:36] = (255, 0, 0, 128)
    assert np.array_equal(out, expected)


def test_neither_adjustments_nor_filters_change_a_border_s_colour(renderer: Renderer) -> None:
    """Opacity and mode are those of the whole layer."""
    changed = {"adjustments": {"exposure": -2, "sharpness": 2}, "filters": [{"type": "invert"}]}
    out = rendered(renderer, box(corner_radius=9, **changed, **frame(4)))
    assert (out[15, :4] == (0, 255, 0, 255)).all()
    assert out[15, 20, 0] < 255
    below = solid("#808080")
    faded = rendered(renderer, below, box(opacity=0.5, blend_mode="screen", **frame(4))).astype(int)
    assert np.abs(faded[15, 2] - (128, 192, 128, 255)).max() <= 1


def test_a_blurred_layer_with_a_border_ends_at_its_box(renderer: Renderer) -> None:
    """Also where its corners are not round: the border would lie on what the blur spreads."""
    blur = {"filters": [{"type": "blur", "radius": 3}], "transform": {"x": 10, "y": 10}}
    out = rendered(renderer, box(**blur, **frame(4)))
    assert (out[10:40, 10:14, :3] == (0, 255, 0)).all()
    out[10:40, 10:50] = 0
    assert not out.any()
