"""Layer effects on hand-made shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid

SIZE = (60, 50)
SQUARE = {"width": 20, "height": 20, "transform": {"x": 20.0, "y": 15.0}}
GREY = (128, 128, 128)


def rendered(renderer: Renderer, *layers: Layer) -> Pixels:
    """Layers over grey."""
    pixels = renderer.render(composed(*layers, size=SIZE, background_color="#808080")).pixels
    return pixels[..., :3].copy()


def square(*effects: dict[str, Any], **fields: Any) -> Layer:
    """A red square of 20 pixels at (20, 15)."""
    return solid("#ff0000", **{**SQUARE, **fields}, effects=list(effects))


def effect_fault(effect: dict[str, Any]) -> str:
    """The line that refuses an effect of a layer called Badge."""
    with pytest.raises(CompositionError) as caught:
        composed(solid("#ffffff", name="Badge", effects=[effect]))
    return str(caught.value)


def shadow(**fields: Any) -> dict[str, Any]:
    """A hard blue shadow, 5 pixels down."""
    shown = {"color": "#0000ff", "opacity": 1.0, "blend_mode": "normal"}
    return {"type": "drop-shadow", **shown, "angle": 90.0, "distance": 5.0, "size": 0, **fields}


def stroke(size: float, position: str, **fields: Any) -> dict[str, Any]:
    """A green stroke."""
    return {"type": "stroke", "size": size, "position": position, "color": "#00ff00", **fields}


def test_a_hard_drop_shadow_is_the_shape_moved_away_from_the_light(renderer: Renderer) -> None:
    """Light from above: below the square five rows of shadow, and nothing else."""
    out = rendered(renderer, square(shadow()))
    assert (out[15:35, 20:40] == (255, 0, 0)).all()
    assert (out[35:40, 20:40] == (0, 0, 255)).all()
    out[15:40, 20:40] = GREY
    assert (out == GREY).all()


def test_a_soft_shadow_is_two_boxes_wide(renderer: Renderer) -> None:
    """Along the middle of a long edge a step blurred by 4 is 15, 13, 10, 6, 3, 1 sixteenths."""
    wide = {"width": 60, "height": 20, "transform": {"x": 0.0, "y": 15.0}}
    out = rendered(renderer, square(shadow(distance=0.0, size=4), **wide))
    parts = np.array([6, 3, 1, 0]) / 16
    assert np.abs(out[35:39, 30, 2] - (128 + 127 * parts)).max() <= 0.6


def test_spread_is_the_part_of_the_size_that_grows_the_shape(renderer: Renderer) -> None:
    """All of it: a hard shadow as many pixels larger on each side."""
    out = rendered(renderer, square(shadow(distance=0.0, size=6, spread=1.0)))
    assert (out[25, 14:20] == (0, 0, 255)).all()
    assert (out[25, :14] == GREY).all()
    assert (out[9:15, 30] == (0, 0, 255)).all()


def test_a_shadow_shows_through_a_layer_only_where_it_is_not_knocked_out(renderer: Renderer) -> None:
    """Through a square at half its fill; a layer's opacity is its shadow's as well, its fill is not."""
    soft = {"fill_opacity": 0.0}
    assert (rendered(renderer, square(shadow(), **soft))[20:35, 25] == GREY).all()
    through = rendered(renderer, square(shadow(knockout=False), **soft))
    assert (through[20:35, 25] == (0, 0, 255)).all()
    faded = rendered(renderer, square(shadow(), opacity=0.5))
    assert np.abs(faded[37, 30].astype(int) - (64, 64, 192)).max() <= 1


def test_a_shadow_shows_through_a_stroke_only_where_it_is_not_knocked_out(renderer: Renderer) -> None:
    """What is knocked out by a layer is so by its stroke outside."""
    faint = stroke(2, "outside", opacity=0.5)
    out = rendered(renderer, square(shadow(), faint))
    shown = rendered(renderer, square(shadow(knockout=False), faint))
    assert out[36, 30].tolist() == rendered(renderer, square(faint))[36, 30].tolist() == [64, 191, 64]
    assert shown[36, 30].tolist() == [0, 128, 128]
    assert out[38, 30].tolist() == shown[38, 30].tolist() == [0, 0, 255]


def test_a_shadow_of_what_lies_beyond_the_canvas_falls_into_it(renderer: Renderer) -> None:
    """A square above the canvas, whose shadow is far below it."""
    above = {"transform": {"x": 20.0, "y": -25.0}}
    out = rendered(renderer, square(shadow(distance=30.0), **above))
    assert (out[5:25, 20:40] == (0, 0, 255)).all()
    assert (out[25:] == GREY).all()


@pytest.mark.parametrize(
    ("position", "outside", "inside"), [("outside", 4, 0), ("inside", 0, 4), ("center", 2, 2)]
)
def test_a_stroke_is_as_wide_as_it_says(renderer: Renderer, position: str, outside: int, inside: int) -> None:
    """Through the middle of the square from left to right."""
    row = rendered(renderer, square(stroke(4, position)))[25]
    assert (row[20 - outside : 20 + inside] == (0, 255, 0)).all()
    assert (row[20 + inside : 40 - inside] == (255, 0, 0)).all()
    assert (row[40 + outside :] == GREY).all()
    assert (row[: 20 - outside] == GREY).all()


def test_half_a_pixel_of_stroke_is_half_covered(renderer: Renderer) -> None:
    """A stroke of 3.5 pixels ends in a pixel of half its coverage."""
    row = rendered(renderer, square(stroke(3.5, "outside")))[25].astype(int)
    assert (row[17:20] == (0, 255, 0)).all()
    assert np.abs(row[16] - (64, 192, 64)).max() <= 1


def test_a_stroke_s_corners_are_round(renderer: Renderer) -> None:
    """Outside, as far from the corner as from the edge."""
    out = rendered(renderer, square(stroke(8, "outside")))
    assert (out[15 - 8, 30] == (0, 255, 0)).all()
    assert (out[15 - 8, 20 - 8] == GREY).all()
    assert (out[15 - 5, 20 - 5] == (0, 255, 0)).all()


def test_the_upper_of_two_strokes_hides_the_lower(renderer: Renderer) -> None:
    """Also where it is multiplied: what it lies on is what is below the layer."""
    both = stroke(8, "outside", color="#0000ff"), stroke(3, "outside", blend_mode="multiply")
    row = rendered(renderer, square(*both))[25]
    assert (row[17:20] == (0, 128, 0)).all()
    assert (row[12:17] == (0, 0, 255)).all()


def test_overlays_glows_and_inner_shadows_stay_in_the_layer(renderer: Renderer) -> None:
    """Outside the square nothing changes; inside, full overlays hide it."""
    full = {"opacity": 1.0, "blend_mode": "normal", "color": "#00ffff"}
    kinds = ("inner-shadow", "inner-glow", "satin", "color-overlay")
    for kind in kinds:
        out = rendered(renderer, square({"type": kind, **full}))
        assert not (out[15:35, 20:40] == (255, 0, 0)).all()
        out[15:35, 20:40] = GREY
        assert (out == GREY).all()
    assert (
        rendered(renderer, square({"type": "color-overlay", **full}))[15:35, 20:40] == (0, 255, 255)
    ).all()


def test_an_inner_shadow_is_hard_without_a_size(renderer: Renderer) -> None:
    """Five rows below the edge that faces the light."""
    inner = shadow() | {"type": "inner-shadow"}
    column = rendered(renderer, square(inner))[:, 30]
    assert (column[15:20] == (0, 0, 255)).all()
    assert (column[20:35] == (255, 0, 0)).all()


def test_an_inner_glow_from_the_centre_is_the_rest_of_one_from_the_edge(renderer: Renderer) -> None:
    """In normal mode, their two shares of one colour are all of it."""
    glow = {"type": "inner-glow", "color": "#ffffff", "opacity": 1.0, "blend_mode": "normal", "size": 9}
    edge, center = (
        rendered(renderer, square(glow | {"source": source}))[15:35, 20:40, 1].astype(int)
        for source in ("edge", "center")
    )
    assert np.abs(edge + center - 255).max() <= 1


def test_an_outer_glow_is_full_where_the_blurred_shape_reaches_the_range(renderer: Renderer) -> None:
    """Beside a long edge the blurred shape is nearly a half, which half a range makes full."""
    glow = {"type": "outer-glow", "color": "#ffffff", "opacity": 1.0, "blend_mode": "normal", "size": 20}
    wide = {"width": 60, "height": 60, "transform": {"x": 0.0, "y": 25.0}}
    half, whole = (rendered(renderer, square(glow | {"range": r}, **wide))[24, 30, 0] for r in (0.47, 1.0))
    assert half == 255
    assert 180 <= whole <= 192


def test_fill_fades_a_layer_and_not_what_lies_in_it(renderer: Renderer) -> None:
    """An overlay of half its opacity on no fill lies on what is below the layer."""
    half = {"type": "color-overlay", "color": "#0000ff", "opacity": 0.5}
    out = rendered(renderer, square(half, fill_opacity=0.0)).astype(int)
    assert np.abs(out[20:30, 25:35] - (64, 64, 192)).max() <= 1
    over = rendered(renderer, square(half, fill_opacity=0.5)).astype(int)
    assert np.abs(over[25, 30] - (96, 32, 160)).max() <= 1


def test_a_layer_s_mode_is_not_that_of_its_overlay(renderer: Renderer) -> None:
    """A full overlay in normal mode hides a multiplied layer, and what it was multiplied with."""
    whole = {"type": "color-overlay", "color": "#c0ff40"}
    out = rendered(renderer, square(whole, blend_mode="multiply"))
    assert (out[15:35, 20:40] == (192, 255, 64)).all()


def test_effects_follow_masks_and_transparency(renderer: Renderer) -> None:
    """The shadow of a masked half, and of a picture with soft alpha, is theirs."""
    half = {"selection": {"type": "rect", "points": [[20, 15], [30, 35]]}}
    out = rendered(renderer, square(shadow(), mask=half))
    assert (out[35:40, 20:30] == (0, 0, 255)).all()
    assert (out[35:40, 30:40] == GREY).all()
    pixels = random_pixels(5, 30, 20)
    effect = shadow(distance=0.0, knockout=False)
    shown = rendered(renderer, picture(pixels, fill_opacity=0.0, effects=[effect])).astype(int)
    alpha = pixels[..., 3:] / 255
    assert np.abs(shown[:20, :30] - ((1 - alpha) * GREY + alpha * (0, 0, 255))).max() <= 1


def test_a_group_s_effects_are_those_of_what_it_is_put_together_to(renderer: Renderer) -> None:
    """Two squares that touch have one outline; a group that is passed through is put together for it."""
    left = solid("#ff0000", width=10, height=20, transform={"x": 20.0, "y": 15.0})
    right = solid("#ff0000", width=10, height=20, transform={"x": 30.0, "y": 15.0})
    whole = rendered(renderer, square(stroke(3, "inside")))
    effects = {"effects": [stroke(3, "inside")]}
    assert np.array_equal(rendered(renderer, group(left, right, **effects)), whole)
    passed = group(left, right, **effects, blend_mode="pass-through")
    assert np.array_equal(rendered(renderer, passed), whole)


def test_effects_of_a_base_lie_over_what_is_clipped_to_it(renderer: Renderer) -> None:
    """As in Photoshop: an overlay hides it, and a shadow is the base's alone."""
    blue = solid("#0000ff", clip=True)
    overlay = {"type": "color-overlay", "color": "#00ff00"}
    out = rendered(renderer, square(overlay), blue)
    assert (out[15:35, 20:40] == (0, 255, 0)).all()
    assert (rendered(renderer, square(shadow(color="#00ff00")), blue)[35:40, 20:40] == (0, 255, 0)).all()


def test_a_css_shadow_is_moved_grown_and_blurred(renderer: Renderer) -> None:
    """By (x, y), by its spread on each side, by a Gaussian of half its blur; below 0 it shrinks."""
    hard = {"type": "shadow", "x": 4.0, "y": 0.0, "color": "#0000ff"}
    row = rendered(renderer, square(hard | {"spread": 2.0}))[25]
    assert (row[40:46] == (0, 0, 255)).all()
    assert (row[46:] == GREY).all()
    assert (row[:20] == GREY).all()
    shrunk = rendered(renderer, square(hard | {"x": 10.0, "spread": -3.0}))[25]
    assert (shrunk[40:47] == (0, 0, 255)).all()
    assert (shrunk[47:] == GREY).all()
    soft = rendered(renderer, square(hard | {"x": 0.0, "blur": 8.0}))[25].astype(int)
    assert 128 < soft[42, 2] < soft[41, 2] < soft[40, 2] < 192


def test_a_contour_bends_a_shadow_s_falloff(renderer: Renderer) -> None:
    """One that falls has the shadow where it is thin, but nothing where there is none."""
    falling = [[0, 255], [255, 0]]
    out = rendered(renderer, square(shadow(size=9, contour=falling)))
    assert (out[:5] == GREY).all()
    plain = rendered(renderer, square(shadow(size=9)))
    assert not np.array_equal(out, plain)


@pytest.mark.parametrize(
    ("effect", "line"),
    [
        ({"type": "glow"}, "type 'glow' is not allowed"),
        ({"type": "drop-shadow", "size": 251}, "size: 251 is not allowed: allowed is 0 to 250"),
        ({"type": "drop-shadow", "spread": 1.5}, "spread: 1.5 is not allowed: allowed is 0 to 1"),
        ({"type": "stroke", "size": -1.0}, "size: -1.0 is not allowed: allowed is 0 to 250"),
        ({"type": "stroke", "position": "middle"}, "position: 'middle' is not allowed"),
        ({"type": "outer-glow", "range": 0.0}, "range: 0.0 is not allowed: allowed is 0.01 to 1"),
        ({"type": "satin", "choke": 0.5}, "choke: 0.5 is not allowed: there is no such field"),
    ],
)
def test_a_fault_is_one_line_that_names_the_effect_s_field(effect: dict[str, Any], line: str) -> None:
    """And the layer."""
    told = effect_fault(effect)
    assert told.startswith("layer 'Badge', layers[0].effects[0]")
    assert line in told


def test_more_effects_than_a_layer_may_have_are_one_line() -> None:
    """Thirty-two."""
    with pytest.raises(CompositionError, match="33 effects are too many: allowed are 32 a layer"):
        composed(solid("#ffffff", effects=[{"type": "color-overlay"}] * 33))
