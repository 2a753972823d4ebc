"""The effect backdrop-blur: what lies below a layer, blurred in the layer's shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    flat,
    group,
    picture,
    premultiplied,
    random_pixels,
    solid,
)

SIZE = (60, 50)


def glass(radius: float = 4.0, **fields: Any) -> Layer:
    """A pane of the canvas's size with nothing of its own to see."""
    saturation = {"saturation": fields.pop("saturation")} if "saturation" in fields else {}
    effect = {"type": "backdrop-blur", "radius": radius, **saturation}
    return solid("#ffffff", **{"fill_opacity": 0.0, "effects": [effect], **fields})


def photo(seed: int = 1, width: int = SIZE[0], height: int = SIZE[1]) -> Pixels:
    """Opaque noise."""
    pixels = random_pixels(seed, width, height)
    pixels[..., 3] = 255
    return pixels


def rendered(renderer: Renderer, *layers: Layer, **fields: Any) -> Pixels:
    """Layers over transparency."""
    return renderer.render(composed(*layers, **{"size": SIZE, **fields})).pixels


def halves(**fields: Any) -> Layer:
    """Blue to the left of 30 and red to the right of it."""
    pixels = flat("#0000ff", *SIZE)
    pixels[:, 30:] = (255, 0, 0, 255)
    return picture(pixels, **fields)


@pytest.mark.parametrize("radius", [0.5, 4.0, 17.0])
def test_a_pane_shows_what_a_blur_filter_makes_of_the_picture_below_it(
    renderer: Renderer, radius: float
) -> None:
    """To the byte, as far from the canvas's edge as the blur does not reach."""
    margin = 100 if radius > 16 else 14
    size = (2 * margin + 20, 2 * margin + 20)
    below = photo(2, *size)
    expected = rendered(renderer, picture(below, filters=[{"type": "blur", "radius": radius}]), size=size)
    shown = rendered(renderer, picture(below), glass(radius), size=size)
    inner = slice(margin, margin + 20)
    assert np.array_equal(shown[inner, inner], expected[inner, inner])


def test_it_shows_in_the_layer_s_shape_alone(renderer: Renderer) -> None:
    """Where a mask shows half of the layer half of it shows; around the layer nothing changes."""
    below = halves()
    half = {"selection": {"type": "rect", "points": [[0, 0], [60, 50]]}, "density": 0.5, "inverted": True}
    box: dict[str, Any] = {"width": 30, "height": 20, "transform": {"x": 15.0, "y": 10.0}}
    plain, full = rendered(renderer, below), rendered(renderer, below, glass(**box))
    changed = (plain != full).any(axis=2)
    assert changed[10:30, 25:35].all()
    changed[10:30, 15:45] = False
    assert not changed.any()
    soft = rendered(renderer, below, glass(**box, mask=half)).astype(int)
    mean = (plain.astype(int) + full) / 2
    assert np.abs(soft[10:30, 15:45] - mean[10:30, 15:45]).max() <= 1


def test_opacity_fades_it_and_fill_does_not(renderer: Renderer) -> None:
    """At half its opacity a pane is half as strong; its own white is as strong as its fill."""
    below, full = halves(), rendered(renderer, halves(), glass()).astype(int)
    faded = rendered(renderer, below, glass(opacity=0.5)).astype(int)
    assert np.abs(faded - (rendered(renderer, below).astype(int) + full) / 2).max() <= 1
    filled = rendered(renderer, below, glass(fill_opacity=0.25)).astype(int)
    assert np.abs(filled - (0.75 * full + 0.25 * 255)).max() <= 1


def test_the_layer_s_mode_is_blended_with_the_blurred_backdrop(renderer: Renderer) -> None:
    """A pane of half grey, multiplied: half of what is blurred."""
    full = rendered(renderer, halves(), glass())
    grey: dict[str, Any] = {"source": {"color": "#808080"}, "fill_opacity": 1.0, "blend_mode": "multiply"}
    shown = rendered(renderer, halves(), glass(**grey)).astype(int)
    assert np.abs(shown[..., :3] - full[..., :3] * (128 / 255)).max() <= 1


@pytest.mark.parametrize("radius", [3.0, 40.0])
def test_nothing_darkens_or_fades_at_the_canvas_s_edge(renderer: Renderer, radius: float) -> None:
    """White that ends with the canvas stays white to its corners, over a black background; what is
    translucent all over stays as translucent."""
    white = rendered(renderer, picture(flat("#ffffff", *SIZE)), glass(radius), background_color="#000000")
    assert (white == 255).all()
    paint = solid("#4080c099")
    assert np.array_equal(rendered(renderer, paint, glass(radius)), rendered(renderer, paint))


def test_what_lies_beyond_the_canvas_is_not_seen(renderer: Renderer) -> None:
    """A picture that goes on beyond it shows as one that ends there."""
    wide = photo(3, 100, 90)
    moved = picture(wide, transform={"x": -20.0, "y": -20.0})
    cut = picture(np.ascontiguousarray(wide[20:70, 20:80]))
    assert np.array_equal(rendered(renderer, moved, glass(9.0)), rendered(renderer, cut, glass(9.0)))


def test_a_pane_takes_the_place_of_what_is_translucent(renderer: Renderer) -> None:
    """A disc on nothing is as a blur filter makes it: its sharp rim does not shine through."""
    disc: Layer = {
        "type": "vector",
        "shapes": [{"type": "ellipse", "cx": 30, "cy": 25, "rx": 10, "ry": 10, "fill": "#e02060"}],
    }
    expected = rendered(renderer, {**disc, "filters": [{"type": "blur", "radius": 3.0}]})
    shown = rendered(renderer, disc, glass(3.0))
    assert np.array_equal(shown, expected)
    assert 50 < shown[25, 40, 3] < 150


def test_saturation_is_that_of_the_adjustments(renderer: Renderer) -> None:
    """Of a pane that blurs nothing: the picture, adjusted."""
    for factor in (0.0, 1.8, 4.0):
        expected = rendered(renderer, picture(photo(), adjustments={"saturation": factor}))
        shown = rendered(renderer, picture(photo()), glass(0.0, saturation=factor))
        assert np.array_equal(shown, expected)


def test_a_layer_s_own_shadow_and_what_is_above_are_not_blurred(renderer: Renderer) -> None:
    """A hard shadow that is not knocked out lies sharp on the pane, and so does a layer above."""
    shadow = {
        "type": "drop-shadow", "color": "#000000", "opacity": 1.0, "blend_mode": "normal", "angle": 180.0,
        "distance": 20.0, "size": 0, "knockout": False,
    }  # fmt: skip
    pane: dict[str, Any] = {"width": 30, "height": 50, "transform": {"x": 0.0, "y": 0.0}}
    blur = {"type": "backdrop-blur", "radius": 4.0}
    white = picture(flat("#ffffff", *SIZE))
    shown = rendered(renderer, white, glass(effects=[shadow, blur], **pane))
    assert (shown[:, 20:50, :3] == 0).all()
    assert (shown[:, :20] == 255).all()
    mark = solid("#00ff00", width=5, height=50, transform={"x": 10.0, "y": 0.0})
    above = rendered(renderer, white, glass(**pane), mark)
    assert (above[:, 10:15] == (0, 255, 0, 255)).all()
    assert (above[:, :10] == 255).all()


def test_a_pane_sees_the_pane_below_it(renderer: Renderer) -> None:
    """Two of 3 pixels blur as one of their squares' sum does."""
    twice = rendered(renderer, halves(), glass(3.0), glass(4.0)).astype(int)
    once = rendered(renderer, halves(), glass(5.0)).astype(int)
    assert np.abs(twice - once).max() <= 1


def test_in_an_isolated_group_a_pane_sees_its_group_alone(renderer: Renderer) -> None:
    """What is below the group stays sharp, and shows as much as the group lets it."""
    stripe = solid("#00ff00", width=10, height=90, transform={"x": 40.0, "y": -20.0})
    shown = rendered(renderer, halves(), group(stripe, glass(2.0)))
    assert (shown[:, 20:30] == (0, 0, 255, 255)).all()
    assert np.array_equal(rendered(renderer, halves(), group(glass(2.0))), rendered(renderer, halves()))
    softened = rendered(renderer, halves(), {**stripe, "filters": [{"type": "blur", "radius": 2.0}]})
    assert np.array_equal(shown, softened)


@pytest.mark.parametrize("moved", [(0.0, 0.0), (7.0, -3.0)])
def test_a_group_passed_through_shows_all_that_is_below_it(
    renderer: Renderer, moved: tuple[float, float]
) -> None:
    """As if its layers were not in one; groups in groups add their moves up."""
    x, y = moved
    box: dict[str, Any] = {"width": 30, "height": 20}
    stripe = solid("#00ff00", width=4, height=50)
    flatly = [
        halves(), {**stripe, "transform": {"x": 20.0 + x, "y": y}},
        glass(**box, transform={"x": 10.0 + 2 * x, "y": 8.0 + 2 * y}),
    ]  # fmt: skip
    passed = {"blend_mode": "pass-through", "transform": {"x": x, "y": y}}
    inner = group(glass(**box, transform={"x": 10.0, "y": 8.0}), **passed)
    grouped = group({**stripe, "transform": {"x": 20.0, "y": 0.0}}, inner, **passed)
    assert np.array_equal(rendered(renderer, halves(), grouped), rendered(renderer, *flatly))


def test_a_group_passed_through_by_half_shows_half_of_the_pane(renderer: Renderer) -> None:
    """Its opacity mixes back what has become of the backdrop."""
    below, full = rendered(renderer, halves()).astype(int), rendered(renderer, halves(), glass()).astype(int)
    half = rendered(renderer, halves(), group(glass(), blend_mode="pass-through", opacity=0.5)).astype(int)
    assert np.abs(half - (below + full) / 2).max() <= 1


def test_a_pane_in_a_group_that_is_scaled_sees_what_it_must_of_the_group(renderer: Renderer) -> None:
    """Also what is beyond the group's part that is seen: there is no edge where the canvas ends."""
    wide = picture(flat("#ffffff", 400, 400), transform={"x": -100.0, "y": -100.0})
    shown = rendered(renderer, group(wide, glass(9.0), transform={"scale": 0.75, "rotation": 30.0}))
    (inside,) = np.unique(shown[5:25, 5:25].reshape(-1, 4), axis=0)
    assert inside.tolist() == [255, 255, 255, 255]


def test_a_clipped_pane_blurs_its_base_alone(renderer: Renderer) -> None:
    """That is what clipped layers lie on: what the base does not hide is not seen twice, its alpha stays, and
    its rim is as colourful as it was."""
    below, base = solid("#00ff00"), solid("#ff000080", width=20, height=20, transform={"x": 20.0, "y": 15.0})
    expected = rendered(renderer, below, base)
    assert np.array_equal(rendered(renderer, below, base, glass(4.0, clip=True)), expected)
    stripe = solid("#0000ff", width=10, height=50, transform={"x": 20.0, "y": 0.0}, clip=True)
    shown = rendered(renderer, below, base, stripe, glass(4.0, clip=True)).astype(int)
    assert shown[25, 20, 2] > shown[25, 29, 2] > shown[25, 30, 2] > shown[25, 39, 2]
    assert (shown[:15] == (0, 255, 0, 255)).all()


def test_a_pane_clipped_to_an_adjustment_blurs_what_that_makes_of_all_below(renderer: Renderer) -> None:
    """In it the adjusted colour: of halves inverted, blurred."""
    invert: Layer = {"type": "adjustment", "adjust": {"type": "invert"}}
    clipped = rendered(renderer, halves(), invert, glass(clip=True))
    assert np.array_equal(clipped, rendered(renderer, halves(), invert, glass()))


def test_a_group_s_pane_has_the_shape_of_what_it_is_put_together_to(renderer: Renderer) -> None:
    """Of two squares that touch as of one twice as wide; also of a group that would be passed through."""
    left, right = (solid("#ffffff", width=15, height=20, transform={"x": x, "y": 10.0}) for x in (15.0, 30.0))
    one = rendered(renderer, halves(), glass(width=30, height=20, transform={"x": 15.0, "y": 10.0}))
    fields = {"fill_opacity": 0.0, "effects": glass()["effects"]}
    for mode in ("normal", "pass-through"):
        both = rendered(renderer, halves(), group(left, right, **fields, blend_mode=mode))
        assert np.array_equal(both, one)


def test_what_a_knockout_below_cuts_out_is_not_seen(renderer: Renderer) -> None:
    """In a group passed through, a shallow one cuts out what the group has drawn below it."""
    hidden = solid("#00ff00", width=30, height=50, transform={"x": 15.0, "y": 0.0})
    cut = solid("#ffffff", fill_opacity=0.0, knockout="shallow")
    shown = rendered(renderer, halves(), group(hidden, cut, glass(), blend_mode="pass-through"))
    assert np.array_equal(shown, rendered(renderer, halves(), glass()))


def test_a_canvas_shows_what_a_larger_one_shows_in_its_middle(renderer: Renderer) -> None:
    """As far from its edge as the blur does not reach, for all but what is below a pane is as it was."""
    wide, moved = photo(4, 188, 178), {"x": -64.0, "y": -64.0}
    box: dict[str, Any] = {"width": 40, "height": 30}
    small = rendered(
        renderer, picture(wide, transform=moved), glass(2.0, **box, transform={"x": 10.0, "y": 10.0})
    )
    large = rendered(
        renderer, picture(wide), glass(2.0, **box, transform={"x": 74.0, "y": 74.0}), size=(188, 178)
    )
    assert np.array_equal(small, large[64:114, 64:124])


def test_what_shows_through_pictures_of_any_alpha_is_the_exact_mean(renderer: Renderer) -> None:
    """A pane's soft edge mixes premultiplied colour by its coverage, within rounding."""
    below = random_pixels(6, *SIZE)
    plain, full = rendered(renderer, picture(below)), rendered(renderer, picture(below), glass(3.0))
    shown = rendered(renderer, picture(below), glass(3.0, source={"color": "#ffffff66"}))
    share = 0x66 / 255
    mean = (1 - share) * premultiplied(plain) + share * premultiplied(full)
    assert np.abs(premultiplied(shown) - mean).max() <= 1.5


def test_over_nothing_there_is_nothing_to_see(renderer: Renderer) -> None:
    """Neither of a pane on an empty canvas nor of one on an adjustment."""
    invert: Layer = {"type": "adjustment", "adjust": {"type": "invert"}}
    assert not rendered(renderer, glass()).any()
    assert not rendered(renderer, invert, glass()).any()


def test_what_is_kept_of_one_backdrop_is_not_shown_of_another(renderer: Renderer) -> None:
    """The same pane, in groups of both kinds too, over one picture and another, in one place and another."""
    passed = group(glass(), blend_mode="pass-through")
    isolated = group(halves(), glass(9.0))
    for over in (glass(), passed, group(passed, blend_mode="pass-through")):
        for seed in (1, 2):
            with Renderer("numpy", cache_bytes=0) as fresh:
                layers = picture(photo(seed)), over
                assert np.array_equal(rendered(renderer, *layers), rendered(fresh, *layers))
    for x in (0.0, 25.0):
        with Renderer("numpy", cache_bytes=0) as fresh:
            layer = group(isolated, transform={"x": x})
            assert np.array_equal(rendered(renderer, layer), rendered(fresh, layer))


def test_more_than_a_composition_may_have_are_one_line() -> None:
    """Sixty-four, in groups and out of them."""
    composed(group(*[glass()] * 32), *[glass()] * 32)
    with pytest.raises(CompositionError, match="65 backdrop blurs are too many: allowed are 64"):
        composed(group(*[glass()] * 33), *[glass()] * 32)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"effects": [{"type": "backdrop-blur"}]}, "effects[0].radius: this field is required"),
        (
            {"effects": [{"type": "backdrop-blur", "radius": 251.0}]},
            "radius: 251.0 is not allowed: allowed is",
        ),
        (
            {"effects": [{"type": "backdrop-blur", "radius": 1.0, "saturation": 4.5}]},
            "saturation: 4.5 is not allowed: allowed is 0 to 4",
        ),
        (
            {"knockout": "deep", "effects": [{"type": "backdrop-blur", "radius": 1.0}]},
            "knockout 'deep' is not allowed with a backdrop-blur",
        ),
    ],
)
def test_a_fault_is_one_line_that_names_layer_and_field(fields: dict[str, Any], line: str) -> None:
    """A radius, a factor, and a knockout, which would cut out what is to be seen."""
    with pytest.raises(CompositionError) as caught:
        composed(solid("#ffffff", name="Pane", **fields))
    told = str(caught.value)
    assert told.startswith("layer 'Pane', layers[0]")
    assert line in told
    assert "\n" not in told
