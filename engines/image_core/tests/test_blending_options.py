"""Blending options: fill, channels, blend-if and knockouts, by values made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import BlendMode, CompositionError, Renderer
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid

SIZE = (60, 44)
LEFT = {"width": 30, "height": 44}
CLEAR = {"fill_opacity": 0}


def rendered(renderer: Renderer, *layers: Layer, background: str = "#00000000") -> Pixels:
    """Layers on a canvas of SIZE."""
    return renderer.render(composed(*layers, size=SIZE, background_color=background)).pixels


def passed(*layers: Layer, **fields: Any) -> Layer:
    """A group that is passed through."""
    return group(*layers, blend_mode="pass-through", **fields)


def ramp() -> Layer:
    """Grey, 4 x in each column x."""
    pixels = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    pixels[..., :3] = (np.arange(SIZE[0]) * 4)[None, :, None]
    pixels[..., 3] = 255
    return picture(pixels)


@pytest.mark.parametrize("mode", list(BlendMode))
def test_a_fill_of_nothing_shows_nothing(renderer: Renderer, mode: BlendMode) -> None:
    """In any mode, over an opaque backdrop and over a faded one."""
    backdrop = picture(random_pixels(3, *SIZE))
    drawn = rendered(renderer, backdrop, picture(random_pixels(4, *SIZE), blend_mode=mode, fill_opacity=0))
    assert np.array_equal(drawn, rendered(renderer, backdrop))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("linear-light", 110),  # 100 + 0.5 (2 x 138 - 255) = 110.5, in steps of 2^-15
        ("add", 169),  # 100 + 0.5 x 138
        ("linear-burn", 42),  # 100 - 0.5 (255 - 138)
        ("difference", 31),  # 100 - 0.5 x 138
        ("color-dodge", 137),  # 100 / (1 - 0.5 x 138 / 255)
        ("color-burn", 54),  # 1 - (155 / 255) / (1 - 0.5 x 117 / 255) of 255
        ("hard-mix", 83),  # (100 - 0.5 x 117) / 0.5
        ("vivid-light", 104),  # 100 / 2 (1 - (0.5 + 0.5 (138 / 255 - 0.5)))
        ("multiply", 77),  # half way from 100 to 54
    ],
)
def test_a_fill_makes_the_colour_milder_in_eight_modes(renderer: Renderer, mode: str, expected: int) -> None:
    """Grey 138 at half fill over grey 100; in all other modes it is an opacity."""
    drawn = rendered(renderer, solid("#646464"), solid("#8a8a8a", blend_mode=mode, fill_opacity=0.5))
    assert abs(int(drawn[0, 0, 0]) - expected) <= 1
    assert (drawn[..., 3] == 255).all()


def test_a_fill_is_opacity_over_nothing(renderer: Renderer) -> None:
    """Where there is no backdrop to blend with."""
    drawn = rendered(renderer, solid("#8a8a8a", blend_mode="linear-light", fill_opacity=0.5))
    assert (drawn == (138, 138, 138, 128)).all()


def test_channels_that_are_not_named_stay(renderer: Renderer) -> None:
    """The backdrop's are kept."""
    drawn = rendered(renderer, solid("#102030"), solid("#ffffff", channels=["green"]))
    assert (drawn == (0x10, 255, 0x30, 255)).all()


def test_sliders_that_are_not_split_show_all_or_nothing(renderer: Renderer) -> None:
    """Values at the sliders show."""
    drawn = rendered(
        renderer, ramp(), solid("#ff0000", blend_if={"gray": {"underlying": [40, 40, 120, 120]}})
    )
    red = (drawn[0, :, 0] == 255) & (drawn[0, :, 1] == 0)
    assert np.flatnonzero(red).tolist() == list(range(10, 31))


def test_split_sliders_show_by_degrees(renderer: Renderer) -> None:
    """From 0 at the first to all at the second."""
    sliders = [80, 160, 255, 255]
    drawn = rendered(renderer, solid("#000000"), {**ramp(), "blend_if": {"gray": {"this": sliders}}})
    shown = np.clip((np.arange(60) * 4 - 80) / 80, 0, 1)
    assert np.abs(drawn[0, :, 0] - np.arange(60) * 4 * shown).max() <= 1


def test_a_shallow_knockout_shows_what_its_group_lies_on(renderer: Renderer) -> None:
    """What the group drew before is cut out; what lies below the group stays."""
    knocking = solid("#0000ff", knockout="shallow", **LEFT, **CLEAR)
    drawn = rendered(renderer, solid("#00ff00"), passed(solid("#ff0000"), knocking), background="#ffffff")
    assert (drawn[:, :30] == (0, 255, 0, 255)).all()
    assert (drawn[:, 30:] == (255, 0, 0, 255)).all()


def test_a_deep_knockout_shows_the_background(renderer: Renderer) -> None:
    """Through all groups that are passed through."""
    knocking = solid("#0000ff", knockout="deep", **LEFT, **CLEAR)
    drawn = rendered(
        renderer, solid("#00ff00"), passed(solid("#ff0000"), passed(knocking)), background="#ffffff80"
    )
    assert (drawn[:, :30] == (255, 255, 255, 128)).all()
    assert (drawn[:, 30:] == (255, 0, 0, 255)).all()


@pytest.mark.parametrize("knockout", ["shallow", "deep"])
def test_in_an_isolated_group_nothing_is_at_the_bottom(renderer: Renderer, knockout: str) -> None:
    """So that what lies below the group is seen."""
    knocking = solid("#0000ff", knockout=knockout, **LEFT, **CLEAR)
    drawn = rendered(renderer, solid("#00ff00"), group(solid("#ff0000"), knocking), background="#ffffff")
    assert (drawn[:, :30] == (0, 255, 0, 255)).all()
    assert (drawn[:, 30:] == (255, 0, 0, 255)).all()


@pytest.mark.parametrize("knockout", ["shallow", "deep"])
def test_a_clipped_layer_knocks_out_to_its_base(renderer: Renderer, knockout: str) -> None:
    """What was clipped to it before is cut out."""
    knocking = solid("#0000ff", knockout=knockout, clip=True, **LEFT, **CLEAR)
    drawn = rendered(renderer, solid("#00ff00"), solid("#ff0000", clip=True), knocking, background="#ffffff")
    assert (drawn[:, :30] == (0, 255, 0, 255)).all()
    assert (drawn[:, 30:] == (255, 0, 0, 255)).all()


def test_a_knockout_blends_with_what_is_at_the_bottom(renderer: Renderer) -> None:
    """And not with what it cuts out; at full fill in normal mode it changes nothing."""
    knocking = solid("#808080", knockout="shallow", blend_mode="multiply")
    drawn = rendered(renderer, solid("#00ff00"), passed(solid("#ff0000"), knocking))
    assert (drawn == (0, 128, 0, 255)).all()
    plain = picture(random_pixels(3, *SIZE))
    layers = solid("#00ff00"), picture(random_pixels(5, *SIZE))
    assert np.array_equal(
        rendered(renderer, *layers, plain), rendered(renderer, *layers, {**plain, "knockout": "deep"})
    )


def test_a_knockout_is_as_deep_as_its_alpha_and_opacity(renderer: Renderer) -> None:
    """A half transparent shape cuts half out."""
    knocking = solid("#0000ff80", knockout="deep", **CLEAR)
    drawn = rendered(renderer, solid("#ff0000"), knocking)
    assert (drawn == (255, 0, 0, 127)).all()
    faded = rendered(renderer, solid("#ff0000"), solid("#0000ff", knockout="deep", opacity=0.25, **CLEAR))
    assert (faded == (255, 0, 0, 191)).all()


def test_the_options_of_a_base_are_those_of_its_run(renderer: Renderer) -> None:
    """As its mode and opacity are."""
    run = solid("#ff0000", fill_opacity=0.5), solid("#0000ff", clip=True)
    drawn = rendered(renderer, *run, background="#ffffff")
    assert (drawn == (128, 128, 255, 255)).all()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"fill_opacity": 1.5}, "fill_opacity: 1.5 is not allowed"),
        ({"channels": []}, "channels: allowed is a length of 1 or more"),
        ({"channels": ["red", "red"]}, "channels: red, red names a channel twice"),
        ({"channels": ["alpha"]}, "channels[0]: 'alpha' is not allowed: allowed is 'red', 'green' or 'blue'"),
        ({"blend_if": {"gray": {"this": [0, 20, 300, 255]}}}, "blend_if.gray.this: 0, 20, 300, 255: allowed"),
        ({"blend_if": {"gray": {"this": [0, 20, 10, 255]}}}, "four numbers of 0 to 255 in ascending order"),
        ({"blend_if": {"gray": {"this": [-1, 0, 255, 255]}}}, "four numbers of 0 to 255 in ascending order"),
        ({"blend_if": {"gray": {"this": [0, 255]}}}, "blend_if.gray.this[2]: this field is required"),
        ({"blend_if": {"alpha": {}}}, "blend_if.alpha: there is no such field"),
        ({"knockout": "both"}, "knockout: 'both' is not allowed: allowed is 'none', 'shallow' or 'deep'"),
    ],
)
def test_a_faulty_option_is_one_line(fields: dict[str, Any], told: str) -> None:
    """With the layer, the field and what is allowed."""
    with pytest.raises(CompositionError) as caught:
        composed(solid("#ffffff", name="Flat", **fields))
    assert told in str(caught.value)
    assert str(caught.value).startswith("layer 'Flat', layers[0].")
    assert "\n" not in str(caught.value)


def test_a_group_that_is_passed_through_has_no_shape_to_knock_out() -> None:
    """It says so."""
    with pytest.raises(CompositionError, match="takes no knockout: give it another blend_mode"):
        composed(passed(solid("#ffffff"), knockout="deep"))
