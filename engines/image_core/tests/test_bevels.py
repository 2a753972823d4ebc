"""Bevels of a square, whose flanks are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import composed, solid
from engines.image_core.tests.test_effects import GREY, rendered

SIZE = {"width": 30, "height": 30, "transform": {"x": 15.0, "y": 10.0}}
FULL = {"opacity": 1.0, "blend_mode": "normal"}


def bevelled(renderer: Renderer, **fields: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A grey square of 30 pixels at (15, 10) on grey, lit from the left: red where it is brighter, blue where
    it is darker."""
    highlight, shadow = {"color": "#ff0000", **FULL}, {"color": "#0000ff", **FULL}
    effect = {"type": "bevel", "size": 6, "angle": 180.0, "highlight": highlight, "shadow": shadow, **fields}
    return rendered(renderer, solid("#808080", **SIZE, effects=[effect])).astype(int)


def test_a_bevel_is_bright_where_it_faces_the_light(renderer: Renderer) -> None:
    """Red along the left edge, blue along the right; neither in the middle, nor beside the square."""
    row = bevelled(renderer)[25]
    assert (row[15:19, 0] > 140).all()
    assert (row[41:45, 2] > 140).all()
    assert (row[24:36] == GREY).all()
    assert (row[:15] == GREY).all()
    assert (row[45:] == GREY).all()


def test_a_flank_s_light_is_that_of_its_slope(renderer: Renderer) -> None:
    """In the first pixel of an edge blurred by 6 it is 6 (26 - 15) / 36 / 2; the light comes from 30 degrees
    above: (dot - Lz) / (1 - Lz)."""
    slope = 6 * (26 - 15) / 36 / 2  # two values of the blurred edge, a pixel to either side
    normal = np.array([-slope, 1]) / np.hypot(slope, 1)
    dot = normal @ [-np.cos(np.pi / 6), 0.5]
    expected = 128 + 127 * (dot - 0.5) / 0.5
    assert abs(bevelled(renderer)[25, 15, 0] - expected) <= 1


def test_down_is_up_lit_from_the_other_side(renderer: Renderer) -> None:
    """A square that is sunk in; within a step, for halves round up."""
    assert np.abs(bevelled(renderer, direction="down") - bevelled(renderer, angle=0.0)).max() <= 1


@pytest.mark.parametrize(("style", "beside", "within"), [("inner", False, True), ("outer", True, False)])
def test_a_bevel_lies_inside_or_around(renderer: Renderer, style: str, beside: bool, within: bool) -> None:
    """By its style, six pixels wide."""
    row = bevelled(renderer, style=style)[25]
    assert (row[10:15] != GREY).any() == beside
    assert (row[15:20] != GREY).any() == within
    assert (row[:8] == GREY).all()


def test_an_embossed_bevel_lies_half_on_either_side(renderer: Renderer) -> None:
    """Both flanks face the light; of a pillow the outer one faces away."""
    emboss, pillow = (bevelled(renderer, style=style)[25] for style in ("emboss", "pillow"))
    assert emboss[14, 0] > 140 < emboss[15, 0]
    assert pillow[14, 2] > 140 < pillow[15, 0]
    assert (emboss[:11] == GREY).all()
    assert (emboss[19:30] == GREY).all()


def test_depth_makes_flanks_steeper(renderer: Renderer) -> None:
    """A flank of no depth is flat; the light from straight above leaves nothing brighter."""
    shallow, deep = (bevelled(renderer, depth=depth)[25, 17, 0] for depth in (0.3, 1.0))
    assert GREY[0] < shallow < deep
    above = bevelled(renderer, altitude=90.0)
    assert (above[..., 0] <= 128).all()
    assert (above[25, 15:19, 2] > 130).all()


def test_soften_blurs_what_the_light_makes(renderer: Renderer) -> None:
    """It reaches further in and is less along the edge; beyond the square there is none."""
    hard, soft = (bevelled(renderer, soften=soften)[25] for soften in (0, 8))
    assert (soft[15:17, 0] < hard[15:17, 0]).all()
    assert soft[23, 0] > hard[23, 0] == GREY[0]
    assert (soft[:15] == GREY).all()


def test_a_contour_is_the_flank_s_profile(renderer: Renderer) -> None:
    """One that is flat below half has no slope there: of an outer bevel nothing is left."""
    flat = [[0, 0], [127, 0], [255, 255]]
    hidden = bevelled(renderer, style="outer", size=8, contour=[[0, 0], [255, 0]])
    assert (hidden == GREY).all()
    assert not np.array_equal(bevelled(renderer, contour=flat), bevelled(renderer))


def test_a_gloss_contour_bends_highlight_and_shadow(renderer: Renderer) -> None:
    """One that is black leaves neither."""
    assert (bevelled(renderer, gloss_contour=[[0, 0], [255, 0]]) == GREY).all()


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"style": "chisel"}, "style: 'chisel' is not allowed"),
        ({"depth": 0.0}, "depth: 0.0 is not allowed: allowed is 0.01 to 10"),
        ({"altitude": 91.0}, "altitude: 91.0 is not allowed: allowed is 0 to 90"),
        ({"soften": 17}, "soften: 17 is not allowed: allowed is 0 to 16"),
        ({"highlight": {"size": 3}}, "highlight.size: 3 is not allowed: there is no such field"),
    ],
)
def test_a_fault_is_one_line(fields: dict[str, Any], line: str) -> None:
    """That names the layer, the effect and the field."""
    with pytest.raises(CompositionError, match=r"layer 'Badge', layers\[0\].effects\[0\]") as caught:
        composed(solid("#ffffff", name="Badge", effects=[{"type": "bevel", **fields}]))
    assert line in str(caught.value)
