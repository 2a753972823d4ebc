"""The layer stack: clipping, groups that are passed through, adjustment layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    group,
    picture,
    random_pixels,
    solid,
)
from tests.adjustments import ADJUSTMENT_TYPES

SIZE = (60, 44)
HALF = {"width": 30, "height": 44}
RIGHT = {"selection": {"type": "rect", "points": [[30, 0], [60, 44]]}}


def rendered(renderer: Renderer, *layers: Layer, background: str = "#00000000") -> Pixels:
    """Layers on a canvas of SIZE."""
    return renderer.render(composed(*layers, size=SIZE, background_color=background)).pixels


def noise(seed: int, **fields: Any) -> Layer:
    """A random picture of the canvas's size."""
    return picture(random_pixels(seed, *SIZE), **fields)


def backdrop() -> Layer:
    """A random opaque picture of the canvas's size."""
    pixels = random_pixels(9, *SIZE)
    pixels[..., 3] = 255
    return picture(pixels)


def adjustment(**fields: Any) -> Layer:
    """An adjustment layer that inverts."""
    return {"type": "adjustment", "adjust": {"type": "invert"}, **fields}


def passed(*layers: Layer, **fields: Any) -> Layer:
    """A group that is passed through."""
    return group(*layers, blend_mode="pass-through", **fields)


def test_a_clipped_layer_shows_where_its_base_does(renderer: Renderer) -> None:
    """And nowhere else; the base's alpha stays."""
    out = rendered(renderer, solid("#ff000080", **HALF), solid("#0000ff", clip=True))
    assert (out[:, :30] == (0, 0, 255, 128)).all()
    assert (out[:, 30:] == 0).all()


def test_a_run_of_clipped_layers_has_one_base(renderer: Renderer) -> None:
    """Each is clipped to the nearest layer below that is not clipped itself, in the order of the stack."""
    red, blue = solid("#ff0000", clip=True), solid("#0000ff", clip=True, mask=RIGHT)
    out = rendered(renderer, solid("#00ff00"), solid("#ffffff", width=50, height=44), red, blue)
    assert (out[:, :30] == (255, 0, 0, 255)).all()
    assert (out[:, 30:50] == (0, 0, 255, 255)).all()
    assert (out[:, 50:] == (0, 255, 0, 255)).all()


def test_what_is_clipped_to_an_adjustment_lies_on_the_adjusted_colour(renderer: Renderer) -> None:
    """And shows by the adjustment's mask, mode and opacity; the alpha of what is below stays."""
    fields = {"mask": RIGHT, "opacity": 0.6, "blend_mode": "multiply"}
    curves = {"type": "curves", "rgb": [[0, 40], [255, 200]]}
    above = adjustment(adjust=curves, clip=True, opacity=0.5)
    clipped = rendered(renderer, noise(3), adjustment(**fields), above)
    assert np.array_equal(clipped[..., 3], rendered(renderer, noise(3))[..., 3])
    assert np.array_equal(clipped[:, :30], rendered(renderer, noise(3))[:, :30])
    fields["blend_mode"] = "normal"
    both = passed(adjustment(), adjustment(adjust=curves, opacity=0.5), mask=RIGHT, opacity=0.6)
    assert np.array_equal(
        rendered(renderer, backdrop(), adjustment(**fields), above), rendered(renderer, backdrop(), both)
    )


def test_a_colour_clipped_to_an_adjustment_by_a_mode_is_that_colour_in_that_mode(renderer: Renderer) -> None:
    """An adjustment that is covered whole by what is clipped to it blends that in its own stead."""
    covered = rendered(
        renderer, backdrop(), adjustment(blend_mode="screen", opacity=0.4), solid("#336699", clip=True)
    )
    colored = rendered(renderer, backdrop(), solid("#336699", blend_mode="screen", opacity=0.4))
    assert np.array_equal(covered, colored)


def test_the_base_s_mode_and_opacity_are_those_of_the_run(renderer: Renderer) -> None:
    """Clipped layers are blended into the base, and what comes of it by the base's mode onto the backdrop."""
    whole = rendered(
        renderer, backdrop(), group(solid("#808080"), solid("#ff00ff", opacity=0.5)), background="#ffffff"
    )
    fields = {"blend_mode": "multiply", "opacity": 0.7}
    clipped = rendered(
        renderer, backdrop(), solid("#808080", **fields), solid("#ff00ff", opacity=0.5, clip=True)
    )
    grouped = rendered(renderer, backdrop(), group(solid("#808080"), solid("#ff00ff", opacity=0.5), **fields))
    assert np.array_equal(clipped, grouped)
    assert not np.array_equal(clipped, whole)


def test_the_base_s_mask_is_a_part_of_its_shape(renderer: Renderer) -> None:
    """What is clipped to it does not show where it is masked out."""
    out = rendered(renderer, solid("#ff0000", mask=RIGHT), solid("#0000ff", clip=True))
    assert (out[:, :30] == 0).all()
    assert (out[:, 30:] == (0, 0, 255, 255)).all()


@pytest.mark.parametrize("mode", ["normal", "pass-through"])
def test_layers_are_clipped_to_a_group_as_a_whole(renderer: Renderer, mode: str) -> None:
    """Whatever its mode: a base is composited in isolation."""
    base = group(solid("#ff0000", width=20, height=44), solid("#00ff00", **HALF), blend_mode=mode)
    out = rendered(renderer, solid("#ffff00"), base, solid("#0000ff", clip=True))
    assert (out[:, :30] == (0, 0, 255, 255)).all()
    assert (out[:, 30:] == (255, 255, 0, 255)).all()


def test_a_clipped_adjustment_changes_its_base_alone(renderer: Renderer) -> None:
    """Not what lies below that."""
    out = rendered(renderer, solid("#ff0000"), solid("#00ff00", **HALF), adjustment(clip=True))
    assert (out[:, :30] == (255, 0, 255, 255)).all()
    assert (out[:, 30:] == (255, 0, 0, 255)).all()


@pytest.mark.parametrize("hidden", [{"visible": False}, {"opacity": 0}])
def test_a_hidden_base_hides_what_is_clipped_to_it(renderer: Renderer, hidden: dict[str, Any]) -> None:
    """As a designer expects."""
    out = rendered(renderer, solid("#ff0000"), solid("#00ff00", **hidden), solid("#0000ff", clip=True))
    assert (out == (255, 0, 0, 255)).all()


def test_a_group_with_a_clipped_run_is_still_a_group(renderer: Renderer) -> None:
    """The run lies within the group's isolation."""
    run = solid("#808080", blend_mode="multiply", **HALF), solid("#ff0000", clip=True)
    out = rendered(renderer, solid("#00ffff"), group(*run))
    assert (out[:, :30] == (255, 0, 0, 255)).all()
    assert (out[:, 30:] == (0, 255, 255, 255)).all()


def test_a_group_passed_through_is_as_if_it_were_not_there(renderer: Renderer) -> None:
    """Modes and adjustments in it meet what lies below it; so they do two groups deep."""
    layers = noise(1, blend_mode="multiply", opacity=0.6), adjustment(opacity=0.3), noise(2, blend_mode="add")
    bare = rendered(renderer, backdrop(), *layers)
    assert np.array_equal(bare, rendered(renderer, backdrop(), passed(*layers)))
    assert np.array_equal(bare, rendered(renderer, backdrop(), passed(layers[0], passed(*layers[1:]))))
    assert not np.array_equal(bare, rendered(renderer, backdrop(), group(*layers)))


def test_opacity_and_mask_of_a_group_passed_through_mix_it_back(renderer: Renderer) -> None:
    """Half of it is half way from what was there to what its layers make of it."""
    half = passed(solid("#808080", blend_mode="multiply"), opacity=0.5)
    assert (rendered(renderer, solid("#ffffff"), half) == (191, 191, 191, 255)).all()
    out = rendered(renderer, solid("#ffffff"), passed(solid("#000000"), mask=RIGHT))
    assert (out[:, :30] == 255).all()
    assert (out[:, 30:] == (0, 0, 0, 255)).all()


def test_a_group_passed_through_moves_its_layers(renderer: Renderer) -> None:
    """By whole pixels, also in one that is passed through itself."""
    there = rendered(renderer, backdrop(), solid("#ff0000", transform={"x": 12, "y": 5}, **HALF))
    by_ten = passed(solid("#ff0000", transform={"x": 2}, **HALF), transform={"x": 10, "y": 5})
    assert np.array_equal(there, rendered(renderer, backdrop(), by_ten))
    assert np.array_equal(there, rendered(renderer, backdrop(), passed(by_ten)))


def test_an_adjustment_changes_what_lies_below_it(renderer: Renderer) -> None:
    """In its own group, and where its mask shows; alpha stays."""
    out = rendered(
        renderer, solid("#ff000080"), adjustment(mask=RIGHT), solid("#00ff00", width=10, height=44)
    )
    assert (out[:, :10] == (0, 255, 0, 255)).all()
    assert (out[:, 10:30] == (255, 0, 0, 128)).all()
    assert (out[:, 30:] == (0, 255, 255, 128)).all()
    inside = rendered(renderer, solid("#ff0000"), group(solid("#ffffff", **HALF), adjustment()))
    assert (inside[:, :30] == (0, 0, 0, 255)).all()
    assert (inside[:, 30:] == (255, 0, 0, 255)).all()


def test_an_adjustment_has_a_mode_and_an_opacity(renderer: Renderer) -> None:
    """The adjusted colour is blended with what it was made of."""
    out = rendered(renderer, solid("#c0c0c0"), adjustment(blend_mode="multiply"))
    assert (out == (47, 47, 47, 255)).all()
    assert (rendered(renderer, solid("#ffffff"), adjustment(opacity=0.5)) == (128, 128, 128, 255)).all()


def test_posterize_makes_as_many_levels(renderer: Renderer) -> None:
    """Evenly spaced, of bands as wide as one another."""
    pixels = np.zeros((1, 256, 4), np.uint8)
    pixels[..., :3] = np.arange(256)[None, :, None]
    pixels[..., 3] = 255
    layer = {"type": "adjustment", "adjust": {"type": "posterize", "levels": 4}}
    out = renderer.render(composed(picture(pixels), layer, size=(256, 1))).pixels
    assert out[0, :, 0].tolist() == [85 * (value // 64) for value in range(256)]


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        ([solid("#ff0000", clip=True)], "layers: layer 0 has clip and no layer below it to be clipped to"),
        (
            [group(solid("#ff0000", clip=True, name="Shine"), name="Badge")],
            "layer 'Badge', layers[0].layers: layer 'Shine' has clip and no layer below it to be clipped to",
        ),
        (
            [passed(transform={"rotation": 5.0})],
            "layers[0]: a group with blend_mode 'pass-through' is only moved by whole pixels: "
            "give it another blend_mode",
        ),
        (
            [passed(filters=[{"type": "blur", "radius": 2}])],
            "layers[0]: a group with blend_mode 'pass-through' takes no filters: give it another blend_mode",
        ),
        (
            [adjustment(adjust={"type": "glow"})],
            f"layers[0].adjust: type 'glow' is not allowed: allowed is {ADJUSTMENT_TYPES}",
        ),
        (
            [adjustment(transform={"x": 3})],
            "layers[0].transform: there is no such field: allowed are id, name, visible, opacity,"
            " fill_opacity, channels, blend_if, clip, mask, masks, type, adjust, blend_mode",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_line(layers: list[Layer], line: str) -> None:
    """With the layer that it is about."""
    with pytest.raises(CompositionError) as caught:
        composed(*layers)
    assert str(caught.value) == line
