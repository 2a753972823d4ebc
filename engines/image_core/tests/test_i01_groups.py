"""Groups: composited on their own, then blended, faded, adjusted, filtered and placed as one layer."""

from __future__ import annotations

import numpy as np
import pytest

from engines.image_core import BlendMode, Renderer
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    flat,
    group,
    largest_step,
    photo,
    picture,
    random_pixels,
    solid,
)

SIZE = (60, 44)


def rendered(renderer: Renderer, *layers: Layer, background: str = "#00000000") -> Pixels:
    """Layers on a canvas of SIZE."""
    return renderer.render(composed(*layers, size=SIZE, background_color=background)).pixels


def opaque(seed: int) -> Layer:
    """A random opaque picture of the canvas's size."""
    pixels = random_pixels(seed, *SIZE)
    pixels[..., 3] = 255
    return picture(pixels)


@pytest.mark.parametrize("mode", list(BlendMode))
def test_a_group_of_one_layer_is_that_layer(renderer: Renderer, mode: BlendMode) -> None:
    """Mode, opacity and adjustments act on a group as they do on the layer in it."""
    fields = {"blend_mode": mode.value, "opacity": 0.7, "adjustments": {"exposure": 0.5, "saturation": 1.5}}
    pixels = random_pixels(1, 40, 30)
    alone = rendered(renderer, opaque(2), picture(pixels, **fields))
    grouped = rendered(renderer, opaque(2), group(picture(pixels), **fields))
    assert np.array_equal(alone, grouped)


def test_modes_inside_do_not_see_what_lies_below(renderer: Renderer) -> None:
    """A group is isolated: multiply in it meets the group's own layers, not the backdrop of the group."""
    darkening = solid("#808080", blend_mode="multiply", width=30, height=44)
    out = rendered(renderer, solid("#ff0000"), group(darkening))
    assert (out[:, :30] == (128, 128, 128, 255)).all()
    assert (out[:, 30:] == (255, 0, 0, 255)).all()
    inside = rendered(renderer, solid("#0000ff"), group(solid("#ff0000"), darkening))
    assert (inside[:, :30] == (128, 0, 0, 255)).all()


def test_the_group_s_mode_meets_the_backdrop(renderer: Renderer) -> None:
    """What the group came to is multiplied onto what lies below it, once."""
    out = rendered(
        renderer, solid("#ff8040"), group(solid("#ffffff"), solid("#808080"), blend_mode="multiply")
    )
    assert (out == (128, 64, 32, 255)).all()


def test_opacity_of_a_group_fades_it_as_one(renderer: Renderer) -> None:
    """Layers that cover each other in a faded group do not shine through each other; faded one by one they
    do."""
    red, blue = solid("#ff0000"), solid("#0000ff")
    as_one = rendered(renderer, group(red, blue, opacity=0.5), background="#ffffff")
    assert largest_step(as_one[0, 0], np.array([127.5, 127.5, 255, 255])) < 1
    one_by_one = rendered(renderer, {**red, "opacity": 0.5}, {**blue, "opacity": 0.5}, background="#ffffff")
    assert largest_step(one_by_one[0, 0], np.array([127.5, 63.75, 191.25, 255])) < 1


def test_groups_nest(renderer: Renderer) -> None:
    """Opacities and moves of nested groups multiply and add up."""
    dot = solid("#00ff00", width=4, height=4, transform={"x": 1, "y": 2})
    nested = group(
        group(dot, transform={"x": 10, "y": 20}, opacity=0.5), transform={"x": 5, "y": 6}, opacity=0.5
    )
    expected = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    expected[28:32, 16:20] = (0, 255, 0, 64)
    assert np.array_equal(rendered(renderer, nested), expected)


def test_a_nested_group_equals_its_layers_flattened(renderer: Renderer) -> None:
    """Grouping layers in normal mode at full opacity changes nothing, within a step."""
    layers = [picture(random_pixels(seed, *SIZE)) for seed in range(4)]
    plain = rendered(renderer, opaque(9), *layers)
    grouped = rendered(renderer, opaque(9), group(layers[0], group(*layers[1:3]), layers[3]))
    assert largest_step(plain, grouped) <= 1


def test_a_group_turns_about_the_canvas(renderer: Renderer) -> None:
    """A group's box is the canvas: turned by 180 degrees about its centre, a corner goes to the other one."""
    corner = solid("#ff8000", width=8, height=4)
    out = rendered(renderer, group(corner, transform={"x": 30, "y": 22, "anchor": "center", "rotation": 180}))
    expected = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    expected[40:, 52:] = (255, 128, 0, 255)
    assert np.array_equal(out, expected)


def test_what_a_group_holds_outside_the_canvas_can_be_moved_in(renderer: Renderer) -> None:
    """A group is not cut off at the canvas before it is placed, nor before it is blurred."""
    far = picture(flat("#ffff00", 10, 10), transform={"x": 1000, "y": -500})
    moved = rendered(renderer, group(far, transform={"x": -980, "y": 510}))
    assert (moved[10:20, 20:30] == (255, 255, 0, 255)).all()
    assert moved[..., 3].sum() == 100 * 255
    beside = picture(flat("#ffff00", 10, 44), transform={"x": -10})
    glow = rendered(renderer, group(beside, filters=[{"type": "blur", "radius": 4}]))
    assert glow[22, 0, 3] > 100


def test_a_filter_on_a_group_works_on_the_whole(renderer: Renderer) -> None:
    """Two halves that meet in a group have no seam when it is blurred; blurred one by one they have."""
    halves = [
        solid("#c08040", width=30, height=44),
        solid("#c08040", width=30, height=44, transform={"x": 30}),
    ]
    blur: Layer = {"filters": [{"type": "blur", "radius": 2}]}
    whole = rendered(renderer, group(*halves, **blur))
    assert (whole[22, 20:40] == (192, 128, 64, 255)).all()
    apart = rendered(renderer, *({**half, **blur} for half in halves))
    assert apart[22, 29:31, 3].max() < 200


def test_a_moved_group_is_its_layers_moved(renderer: Renderer) -> None:
    """A group moved by whole pixels gives the same bytes as its layers moved each by itself."""
    fields: Layer = {"fit": "cover", "width": 40, "height": 30, "blend_mode": "screen", "opacity": 0.8}
    in_group = rendered(
        renderer,
        group(
            solid("#203040"),
            photo("coffee.png", transform={"x": 3, "y": 1}, **fields),
            transform={"x": 7, "y": 4},
        ),
    )
    by_hand = rendered(
        renderer,
        solid("#203040", transform={"x": 7, "y": 4}),
        photo("coffee.png", transform={"x": 10, "y": 5}, **fields),
    )
    assert largest_step(in_group, by_hand) <= 1


def test_an_empty_group_shows_nothing(renderer: Renderer) -> None:
    """A group without layers, or with none that shows, leaves the backdrop as it is."""
    hidden = solid("#ffffff", visible=False)
    plan = renderer.render(composed(solid("#123456")))
    for nothing in (group(), group(group()), group(hidden), group(solid("#ffffff"), visible=False)):
        image = renderer.render(composed(solid("#123456"), nothing))
        assert (image.pixels == (18, 52, 86, 255)).all()
        assert image.pipeline_hash == plan.pipeline_hash
