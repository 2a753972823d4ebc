"""Photoshop files that we write, read again as Photoshop's own are, render to the same pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from psd_tools import PSDImage

from engines.image_core import BlendMode, ImageComposition, LayeredFile, Renderer, write_psd
from tests.adjustments import TYPED
from tests.psd.scenes import Fields, backdrop, painted, read_again, scene

RECT = {"type": "rect", "points": [[6, 4], [30, 25]]}
SPOT = {"type": "ellipse", "points": [[8, 5], [40, 31]]}
PLACED: Fields = {"transform": {"x": 9.0, "y": 7.0}}
STOPS = [{"offset": 0.0, "color": "#ff2000"}, {"offset": 1.0, "color": "#0040ff"}]
HARD = [{"type": "rect", "x": 12, "y": 9, "width": 20, "height": 15, "fill": "#4080c0"}]
"""A shape with whole edges, whose effects read and write the same whichever way its pixels are kept."""


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """NumPy, which defines the pixels."""
    with Renderer("numpy") as opened:
        yield opened


def check(composition: ImageComposition, renderer: Renderer) -> LayeredFile:
    """Write, read, and compare each pixel; nothing of it is told to be approximate."""
    file = write_psd(composition, renderer)
    assert [str(note) for note in file.approximated] == []
    assert read_again(file).pixel_hash == renderer.render(composition).pixel_hash
    return file


@pytest.mark.parametrize("mode", list(BlendMode))
def test_blend_modes(mode: BlendMode, renderer: Renderer) -> None:
    """Each mode, opaque, faded, and with a fill that is no opacity in some."""
    layer = painted(2, **PLACED, blend_mode=mode.value, opacity=204 / 255, fill_opacity=102 / 255)
    check(scene(backdrop(), layer), renderer)


GROUPS: dict[str, Fields] = {
    "isolated": {"blend_mode": "multiply", "opacity": 0.6},
    "passed through": {"blend_mode": "pass-through", "opacity": 0.4},
    "moved": {"transform": {"x": -5.0, "y": 8.0}, "fill_opacity": 0.8},
    "masked": {"mask": {"selection": SPOT}},
    "clipped": {"clip": True},
    "hidden": {"visible": False},
    "with an effect": {"effects": [{"type": "color-overlay", "color": "#20ff80", "opacity": 0.5}]},
}


@pytest.mark.parametrize("name", GROUPS)
def test_groups(name: str, renderer: Renderer) -> None:
    """Groups of each kind, with a group in them."""
    inner = {"type": "group", "layers": [painted(4, blend_mode="screen")], "transform": {"x": 3.0, "y": 2.0}}
    group = {"type": "group", "layers": [painted(3, blend_mode="difference"), inner], **GROUPS[name]}
    check(scene(backdrop(), painted(5, **PLACED), group), renderer)


def test_clipped_layers(renderer: Renderer) -> None:
    """Layers clipped to a picture, to a group and to an adjustment, in modes of their own."""
    clipped = painted(3, clip=True, blend_mode="multiply", opacity=0.6, **PLACED)
    group = {"type": "group", "layers": [painted(6)], "opacity": 0.8}
    invert = {"type": "adjustment", "adjust": {"type": "invert"}, "mask": {"selection": RECT}}
    check(scene(backdrop(), painted(2), clipped, group, clipped, invert, clipped), renderer)


def test_hidden_layers_keep_their_pixels(renderer: Renderer) -> None:
    """A hidden layer is in the file, with what it would show."""
    hidden = painted(2, **PLACED, visible=False, name="hidden")
    with_it, without = scene(backdrop(), hidden), scene(backdrop(), hidden | {"visible": True})
    sizes = [len(check(composition, renderer).data) for composition in (with_it, without)]
    assert abs(sizes[0] - sizes[1]) < 500


MASKS: dict[str, list[Fields]] = {
    "a selection": [{"selection": RECT}],
    "inverted": [{"selection": SPOT, "inverted": True}],
    "of a density": [{"selection": SPOT, "density": 0.6}],
    "inverted and of a density": [{"selection": SPOT, "inverted": True, "density": 0.4}],
    "feathered": [{"selection": SPOT, "feather_radius": 2.5}],
    "a feathered selection": [
        {"selection": RECT | {"feather_radius": 3.0, "inverted": True}, "density": 0.8}
    ],
    "shapes": [{"vector": [{"type": "ellipse", "cx": 20, "cy": 16, "rx": 9.5, "ry": 7, "fill": "#ffffff"}]}],
    "linked": [{"selection": {"type": "rect", "points": [[2, 2], [15, 12]]}, "linked": True}],
    "that hides all": [{"selection": {"type": "rect", "points": [[100, 100], [101, 101]]}}],
}


@pytest.mark.parametrize("name", MASKS)
def test_masks(name: str, renderer: Renderer) -> None:
    """Masks of every kind."""
    check(scene(backdrop(), painted(2, 40, 30, **PLACED, masks=MASKS[name])), renderer)


def test_several_masks_become_one(renderer: Renderer) -> None:
    """They are multiplied; of hard edges the product is as exact as they are, and it is told."""
    masks = [
        {"selection": RECT},
        {"selection": {"type": "rect", "points": [[14, 1], [47, 20]]}, "inverted": True},
    ]
    file = check(scene(backdrop(), painted(2, 40, 30, masks=masks)), renderer)
    assert "layers[1]: drawn: 2 masks are one picture" in map(str, file.notes)


def test_masks_move_with_their_groups(renderer: Renderer) -> None:
    """A mask of a layer in a group that is moved lies where the group brings it."""
    inner = painted(2, 40, 30, mask={"selection": SPOT}, **PLACED)
    group = {"type": "group", "layers": [inner], "transform": {"x": 11.0, "y": -6.0}}
    check(scene(backdrop(), group), renderer)


@pytest.mark.parametrize("kind", sorted(set(TYPED) - {"channel-mixer"}))
def test_adjustment_layers(kind: str, renderer: Renderer) -> None:
    """Each adjustment with ten settings: the same pixels, but where a setting is told to be rounded."""
    exact = 0
    for settings in TYPED[kind]:
        adjust = {"type": kind, **settings}
        composition = scene(backdrop(), {"type": "adjustment", "adjust": adjust, "opacity": 0.8})
        file = write_psd(composition, renderer)
        if not file.approximated:
            exact += 1
            assert read_again(file).pixel_hash == renderer.render(composition).pixel_hash, settings
    assert exact >= min(3, len(TYPED[kind]))


def test_a_channel_mixer_of_one_grey(renderer: Renderer) -> None:
    """Monochrome; three rows are in the file, which psd-tools reads the first of."""
    adjust = {"type": "channel-mixer", "monochrome": True, "gray": [60, 30, -20, 10]}
    check(scene(backdrop(), {"type": "adjustment", "adjust": adjust}), renderer)


EFFECTS: dict[str, list[Fields]] = {
    "drop-shadow": [{"type": "drop-shadow", "color": "#102040", "distance": 4.0, "size": 3, "spread": 0.25}],
    "two drop-shadows": [
        {"type": "drop-shadow", "angle": 30.0, "noise": 0.5, "knockout": False},
        {"type": "drop-shadow", "color": "#ff0000", "opacity": 0.4, "blend_mode": "linear-burn"},
    ],
    "inner-shadow": [{"type": "inner-shadow", "choke": 0.5, "contour": [[0, 0], [80, 200], [255, 255]]}],
    "outer-glow": [{"type": "outer-glow", "range": 0.75, "size": 6}],
    "a precise outer-glow": [{"type": "outer-glow", "technique": "precise", "blend_mode": "color-dodge"}],
    "inner-glow": [{"type": "inner-glow", "source": "center", "choke": 0.25}],
    "satin": [{"type": "satin", "size": 4, "distance": 3.0, "inverted": False}],
    "color-overlay": [{"type": "color-overlay", "color": "#ff8040", "opacity": 0.6, "blend_mode": "hue"}],
    "gradient-overlay": [
        {
            "type": "gradient-overlay",
            "gradient": {
                "type": "gradient",
                "style": "reflected",
                "angle": 30.0,
                "snap": True,
                "stops": STOPS,
            },
        }
    ],
    "pattern-overlay": [
        {
            "type": "pattern-overlay",
            "opacity": 0.8,
            "pattern": {
                "type": "pattern",
                "source": painted(7, 7, 5)["source"],
                "offset": [3.0, -2.0],
                "scale": 1.5,
                "sampling": "linear",
            },
        }
    ],
    "pattern-overlay of the canvas": [
        {
            "type": "pattern-overlay",
            "align": "canvas",
            "pattern": {"type": "pattern", "source": painted(8, 6, 9, opaque=True)["source"]},
        }
    ],
    "stroke": [{"type": "stroke", "size": 3.0, "position": "center", "metric": "chamfer"}],
    "bevel": [{"type": "bevel", "size": 4, "soften": 2, "depth": 1.5, "direction": "down"}],
    "several": [
        {"type": "drop-shadow"},
        {"type": "color-overlay", "blend_mode": "multiply"},
        {"type": "stroke", "metric": "chamfer", "color": "#00ff0080"},
        {"type": "bevel", "style": "pillow"},
    ],
}


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("interior", [False, True])
def test_effects(name: str, interior: bool, renderer: Renderer) -> None:
    """Each effect that Photoshop has, over pixels that are seen through and lie at the canvas's edge too."""
    shape = {"type": "vector", "shapes": HARD, "fill_opacity": 0.6, "effects": EFFECTS[name]}
    shape |= {"blend_interior_effects": interior, "blend_mode": "multiply"}
    beyond = shape | {"transform": {"x": 25.0, "y": -16.0}, "clip": False}
    check(scene(backdrop(), shape, beyond), renderer)


OPTIONS: dict[str, Fields] = {
    "channels": {"channels": ["red", "blue"]},
    "blend-if": {
        "blend_if": {
            "gray": {"this": [10, 40, 200, 230], "underlying": [0, 0, 100, 180]},
            "green": {"this": [0, 90, 255, 255]},
        }
    },
    "a shallow knockout": {"knockout": "shallow", "fill_opacity": 0.4},
    "a deep knockout": {"knockout": "deep", "fill_opacity": 0.2},
    "no shape": {"transparency_shapes_layer": False, "effects": [{"type": "color-overlay", "opacity": 0.5}]},
}


@pytest.mark.parametrize("name", OPTIONS)
def test_blending_options(name: str, renderer: Renderer) -> None:
    """Options beyond mode and opacity, in a group."""
    layers = [painted(3, 40, 30), painted(2, **PLACED, **OPTIONS[name])]
    check(scene(backdrop(), {"type": "group", "layers": layers, "blend_mode": "pass-through"}), renderer)


@pytest.mark.parametrize("color", ["#00000000", "#203040", "#20304080"])
def test_backgrounds(color: str, renderer: Renderer) -> None:
    """A canvas's colour is a layer at the bottom; an opaque one is Photoshop's background."""
    check(scene(painted(2, blend_mode="difference"), background_color=color), renderer)


def test_pixels_beyond_the_canvas_are_kept(renderer: Renderer) -> None:
    """Those that a layer has beside the canvas: an effect at its edge is as before, and the layer may be
    moved."""
    big = painted(2, 60, 50, transform={"x": -20.0, "y": -9.0})
    moved = {"type": "group", "layers": [big], "transform": {"x": 7.0, "y": 4.0}}
    check(scene(moved), renderer)
    picture = [*PSDImage.open(io.BytesIO(write_psd(scene(moved), renderer).data)).descendants()][-1]
    assert (picture.left, picture.top, picture.right, picture.bottom) == (-13, -5, 47, 45)
