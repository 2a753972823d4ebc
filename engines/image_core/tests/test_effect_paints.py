"""What overlays, strokes and glows paint with: gradients and patterns, and what these are aligned with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer, SourceError
from engines.image_core.tests.composing import Layer, Pixels, group, picture, random_pixels, solid
from engines.image_core.tests.test_effects import GREY, effect_fault, rendered, square, stroke

RAMP = {
    "type": "gradient",
    "smoothness": 0,
    "stops": [{"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}],
}
WHITE = {"opacity": 1.0, "blend_mode": "normal"}


def overlay(**fields: Any) -> dict[str, Any]:
    """From black at the left to white at the right."""
    return {"type": "gradient-overlay", "gradient": RAMP, **fields}


def ramp(count: int) -> list[float]:
    """What `count` pixels of it are."""
    return [255 * (index + 0.5) / count for index in range(count)]


def patterned(tile: Pixels, **fields: Any) -> dict[str, Any]:
    """A pattern overlay of a few pixels."""
    source = picture(tile)["source"]
    return {"type": "pattern-overlay", "pattern": {"type": "pattern", "source": source, **fields}}


def checks() -> Pixels:
    """Two pixels by two, of four colours."""
    colors = [[(255, 0, 0, 255), (0, 255, 0, 255)], [(0, 0, 255, 255), (255, 255, 255, 255)]]
    return np.array(colors, np.uint8)


def test_a_gradient_overlay_spans_the_layer(renderer: Renderer) -> None:
    """The square's twenty columns, and none beside them."""
    out = rendered(renderer, square(overlay()))
    assert np.abs(out[25, 20:40, 0] - ramp(20)).max() <= 1
    out[15:35, 20:40] = GREY
    assert (out == GREY).all()


def test_a_gradient_overlay_spans_what_is_not_seen_as_well(renderer: Renderer) -> None:
    """Half of the square lies beyond the canvas: the other half is as it was."""
    moved = {"transform": {"x": -10.0, "y": 15.0}}
    assert np.abs(rendered(renderer, square(overlay(), **moved))[25, :10, 0] - ramp(20)[10:]).max() <= 1


@pytest.mark.parametrize("place", [{"x": 3.0, "y": 4.0}, {"x": -300.0, "y": 4.0}])
def test_a_group_s_gradient_spans_all_its_layers(renderer: Renderer, place: dict[str, Any]) -> None:
    """But those that do not show: 10 pixels, a gap of 10 and 20 pixels."""
    small, large = ({"width": width, "height": 20} for width in (10, 20))
    layers = [
        solid("#ff0000", **small, transform={"x": 5.0, "y": 5.0}),
        solid("#00ff00", **large, transform={"x": 25.0, "y": 5.0}),
        solid("#0000ff", **large, transform=place, visible=False),
    ]
    row = rendered(renderer, group(*layers, effects=[overlay()]))[15, :, 0]
    assert np.abs(row[5:15] - ramp(40)[:10]).max() <= 1
    assert np.abs(row[25:45] - ramp(40)[20:]).max() <= 1


def test_a_gradient_overlay_aligned_with_the_canvas_spans_that(renderer: Renderer) -> None:
    """Sixty columns, of which twenty show."""
    row = rendered(renderer, square(overlay(align="canvas")))[25, 20:40, 0]
    assert np.abs(row - ramp(60)[20:40]).max() <= 1


def test_a_text_s_gradient_spans_its_ink(renderer: Renderer) -> None:
    """Its first inked column is nearly black, its last nearly white."""
    text = {"type": "text", "text": "HH", "size": 40, "weight": 900, "effects": [overlay()]}
    red = rendered(renderer, text | {"color": "#ff0000"})[..., 0]
    inked = np.flatnonzero((red != GREY[0]).any(axis=0))
    assert red[:, inked[1]].min() <= 20
    assert red[:, inked[-2]].max() >= 235


def test_a_pattern_begins_at_the_layer_s_corner_or_the_canvas_s(renderer: Renderer) -> None:
    """A square at odd places: on its own the first pixel is red, with the canvas it is the fourth."""
    odd = {"transform": {"x": 21.0, "y": 15.0}}
    tile = checks()
    own = rendered(renderer, square(patterned(tile), **odd))
    assert (own[15:35, 21:41] == np.tile(tile[..., :3], (10, 10, 1))).all()
    shared = rendered(renderer, square(patterned(tile) | {"align": "canvas"}, **odd))
    assert tuple(shared[15, 21]) == (255, 255, 255)
    moved = rendered(renderer, square(patterned(tile, offset=[1, 0]), **odd))
    assert (moved[15, 22] == own[15, 21]).all()


def test_a_pattern_is_enlarged_as_photoshop_does(renderer: Renderer) -> None:
    """Between two pixels: of each pair the first is one of the picture, the second halfway to the next."""
    tile = np.zeros((1, 4, 4), np.uint8)
    tile[..., 3] = 255
    tile[0, 1:, :3] = 255
    row = rendered(renderer, square(patterned(tile, scale=2, sampling="linear")))[25, 20:28, 0].astype(int)
    assert np.abs(row - [0, 128, 255, 255, 255, 255, 255, 128]).max() <= 1


def test_a_stroke_s_gradient_spans_the_layer_and_the_stroke(renderer: Renderer) -> None:
    """From its outer left edge to its outer right edge."""
    row = rendered(renderer, square(stroke(5, "outside", color=RAMP)))[25, :, 0]
    assert np.abs(row[15:20] - ramp(30)[:5]).max() <= 1
    assert np.abs(row[40:45] - ramp(30)[25:]).max() <= 1


def test_a_stroke_of_a_pattern(renderer: Renderer) -> None:
    """Its corner is that of the stroke's box."""
    fill = patterned(checks())["pattern"]
    out = rendered(renderer, square(stroke(4, "outside", color=fill)))
    assert tuple(out[11, 24]) == (255, 0, 0)
    assert tuple(out[11, 25]) == (0, 255, 0)


def test_a_glow_s_gradient_runs_outwards(renderer: Renderer) -> None:
    """Precise, it begins in red at the edge and ends in blue where the size ends."""
    gradient = {**RAMP, "stops": [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}]}
    glow = {
        "type": "outer-glow",
        "technique": "precise",
        "size": 10,
        "range": 1.0,
        "color": gradient,
        **WHITE,
    }
    row = rendered(renderer, square(glow))[25, 40:50].astype(int)
    assert (np.diff(row[:, 0]) < 0).all()
    assert (np.diff(row[:, 2]) > 0).all()
    assert row[0, 0] > 220
    assert row[-1, 2] > 220
    assert (rendered(renderer, square(glow))[25, 50:] == GREY).all()


def test_a_glow_s_gradient_fades_by_its_opacities(renderer: Renderer) -> None:
    """One that ends in nothing leaves what is below there."""
    fading = {**RAMP, "opacity_stops": [{"offset": 0, "opacity": 1}, {"offset": 1, "opacity": 0}]}
    glow = {"type": "inner-glow", "technique": "precise", "size": 8, "range": 1.0, "color": fading, **WHITE}
    row = rendered(renderer, square(glow))[25, 20:32, 0].astype(int)
    assert row[0] < 40
    assert (np.diff(row[:8]) > 0).all()
    assert (row[8:] == 255).all()


def test_a_precise_glow_falls_evenly(renderer: Renderer) -> None:
    """By a tenth of white for each pixel of ten, from the edge on; spread keeps it full for a while."""
    glow = {
        "type": "outer-glow",
        "technique": "precise",
        "size": 10,
        "range": 1.0,
        "color": "#ffffff",
        **WHITE,
    }
    row = rendered(renderer, square(glow))[25, 40:50, 0].astype(int)
    assert np.abs(row - [128 + 127 * (10 - index) / 10 for index in range(10)]).max() <= 1
    spread = rendered(renderer, square(glow | {"spread": 0.5}))[25, 40:50, 0]
    assert (spread[:6] == 255).all()
    assert spread[9] < 160


def test_noise_makes_grains_of_a_shadow(renderer: Renderer) -> None:
    """All of it: of half a shadow about half the pixels are the shadow's, and none is between."""
    shadow = {"type": "drop-shadow", "color": "#0000ff", "distance": 0.0, "size": 40, "noise": 1.0, **WHITE}
    out = rendered(renderer, square(shadow))
    below = out[36:50, 10:50].reshape(-1, 3)
    colors = {tuple(pixel) for pixel in below.tolist()}
    assert colors == {GREY, (0, 0, 255)}
    assert 0.05 < (below[:, 0] == 0).mean() < 0.6


def test_interior_effects_may_go_by_the_layer_s_mode(renderer: Renderer) -> None:
    """A yellow overlay of a multiplied layer is multiplied, and faded by the fill, where they are one."""
    yellow = {"type": "color-overlay", "color": "#ffff00"}
    apart = rendered(renderer, square(yellow, blend_mode="multiply"))
    assert (apart[15:35, 20:40] == (255, 255, 0)).all()
    one = rendered(renderer, square(yellow, blend_mode="multiply", blend_interior_effects=True))
    assert (one[15:35, 20:40] == (128, 128, 0)).all()
    faded = rendered(renderer, square(yellow, fill_opacity=0.0, blend_interior_effects=True))
    assert (faded == GREY).all()


def test_effects_may_be_those_of_a_mask_alone(renderer: Renderer) -> None:
    """Where transparency does not shape the layer, an overlay fills what the mask shows of it."""
    half = {"selection": {"type": "rect", "points": [[10, 10], [30, 40]]}}
    yellow = {"type": "color-overlay", "color": "#ffff00"}
    out = rendered(renderer, square(yellow, mask=half, transparency_shapes_layer=False))
    assert (out[10:40, 10:30] == (255, 255, 0)).all()
    out[10:40, 10:30] = GREY
    assert (out == GREY).all()
    assert (rendered(renderer, square(yellow, transparency_shapes_layer=False)) == (255, 255, 0)).all()


def test_a_pattern_s_file_is_looked_up_below_the_root(renderer: Renderer, tmp_path: Path) -> None:
    """One that is not there is told with the layer and the effect."""
    fill = {"type": "pattern", "source": {"path": "paper.png"}}
    layer = square({"type": "color-overlay"}, {"type": "pattern-overlay", "pattern": fill}, name="Badge")
    with pytest.raises(SourceError, match=r"layer 'Badge' \(layers\[0\]\), effects\[1\].pattern.source"):
        rendered(renderer, layer)


def test_a_second_layer_s_pattern_is_not_the_first_s(renderer: Renderer) -> None:
    """With one renderer, which keeps what equal layers draw."""
    one, other = (random_pixels(seed, 3, 2) for seed in (1, 2))
    for tile in (one, other, one):
        tile[..., 3] = 255
        out = rendered(renderer, square(patterned(tile), stroke(2, "outside", color="#000000")))
        assert (out[15:17, 20:23] == tile[:2, :, :3]).all()


@pytest.mark.parametrize(
    ("effect", "line"),
    [
        ({"type": "gradient-overlay"}, "gradient: this field is required"),
        (
            {"type": "pattern-overlay", "pattern": {"type": "pattern"}},
            "pattern.source: this field is required",
        ),
        (
            {"type": "outer-glow", "color": {**RAMP, "angle": 30}},
            "color: the gradient of a glow runs from its start to its end: it takes no angle",
        ),
        (
            {"type": "stroke", "color": {"type": "linear", "stops": RAMP["stops"]}},
            "color: allowed is a color, such as '#ff4400', or a paint of type gradient or pattern",
        ),
        ({"type": "gradient-overlay", "gradient": RAMP, "align": "page"}, "align: 'page' is not allowed"),
        ({"type": "drop-shadow", "noise": 2.0}, "noise: 2.0 is not allowed: allowed is 0 to 1"),
    ],
)
def test_a_fault_is_one_line_that_names_the_effect_s_field(effect: dict[str, Any], line: str) -> None:
    """And the layer."""
    told = effect_fault(effect)
    assert told.startswith("layer 'Badge', layers[0].effects[0]")
    assert line in told


def test_layers_of_no_pixels_have_no_gradient(renderer: Renderer) -> None:
    """A group without layers draws nothing, whatever its effects are."""
    empty: Layer = group(effects=[overlay(), stroke(3, "outside", color=RAMP)])
    assert (rendered(renderer, empty) == GREY).all()
