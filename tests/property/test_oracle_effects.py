"""Layers with effects against the same in float64: within one 8-bit step.

Ranges and contours enlarge what was rounded before them, in a blur four times by up to 2^-16. Ranges of a
fifth or more and contours that rise by five in one at most, as here, make 0.4 of a step of that; and the last
rounding is half a step.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from engines.image_core import Renderer
from engines.image_core.tests.composing import picture, solid
from tests import oracle_effects
from tests.oracle_planes import NOTHING, PLANES, Fields, grown, shrunk
from tests.property.effect_scenes import (
    BACKDROPS,
    HEIGHT,
    LAYERS,
    STEADY,
    STRAIGHT,
    WIDTH,
    Scene,
    a_contour,
    a_layer,
    an_effect,
    canvas,
    on_canvas,
    settings,
)

CASES = 10


@pytest.fixture(scope="module")
def scene(numpy_renderer: Renderer) -> Scene:
    """On the reference."""
    return Scene(numpy_renderer)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("kind", PLANES)
def test_an_effect_is_within_one_step_of_exact_planes(scene: Scene, kind: str, layer: str) -> None:
    """Over a photograph, with any fill, mode and opacity of the layer."""
    for effect, fields in settings(kind):
        assert scene.wrong(layer, [effect], **fields).max() <= 1, (effect, fields)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("kind", PLANES)
def test_effects_show(scene: Scene, kind: str, layer: str) -> None:
    """What is compared has more of an effect than roundings: most settings change some pixel by 8 steps."""
    changes = []
    for effect, fields in settings(kind):
        plain, _ = scene.exact(layer, [], "a photograph", **fields)
        effected, _ = scene.exact(layer, [effect], "a photograph", **fields)
        changes.append(np.abs(effected - plain).max() * 255)
    assert np.median(changes) >= 8


def test_the_settings_have_every_mode_and_choice() -> None:
    """Modes that enlarge no rounding, of effects and of layers; shadows that are knocked out, and so on."""
    seen: set[object] = set()
    for kind in PLANES:
        for effect, fields in settings(kind):
            seen |= {(name, effect[name]) for name in ("knockout", "source", "inverted") if name in effect}
            seen |= {("effect", effect.get("blend_mode")), ("layer", fields.get("mode"))}
            seen |= {(name, effect[name]) for name in ("spread", "choke", "blur", "size") if name in effect}
            seen |= {("fill", fields.get("fill")), ("opacity", fields["opacity"])}
    choices = {("knockout", True), ("knockout", False), ("source", "edge"), ("source", "center")}
    choices |= {("inverted", True), ("inverted", False), ("fill", None), ("fill", 0.0), ("opacity", 1.0)}
    choices |= {("spread", 0.5), ("spread", 1.0), ("choke", 1.0), ("blur", 0.0), ("blur", 34.0)}
    choices |= {("blur", 1.3), ("size", 0)}
    assert seen >= choices | {(of, mode) for of in ("effect", "layer") for mode in STEADY}


@pytest.mark.parametrize("backdrop", BACKDROPS)
@pytest.mark.parametrize("layer", LAYERS)
def test_effects_together_are_within_one_step(scene: Scene, layer: str, backdrop: str) -> None:
    """Several of any kinds, in the order in which they lie, whichever they are given in."""
    for seed in range(CASES):
        rng = random.Random(f"{backdrop} {seed}")
        effects = [an_effect(rng.choice(list(PLANES)), rng) for _ in range(rng.randint(2, 5))]
        fields = a_layer(rng)
        assert scene.wrong(layer, effects, backdrop, **fields).max() <= 1, (effects, fields)


@pytest.mark.parametrize("layer", LAYERS)
def test_strokes_together_are_within_one_step(scene: Scene, layer: str) -> None:
    """Three, of which the upper hide the lower, by themselves or not."""
    for seed in range(CASES):
        rng = random.Random(f"strokes {seed}")
        effects = [
            an_effect(f"stroke {rng.choice(['outside', 'center', 'inside'])}", rng)
            | {"blend_mode": rng.choice(["normal", "multiply"])}
            for _ in range(3)
        ]
        assert scene.wrong(layer, effects, **a_layer(rng)).max() <= 1, effects


@pytest.mark.parametrize("kind", PLANES)
def test_channels_that_stay_in_a_layer_stay_for_its_effects(scene: Scene, kind: str) -> None:
    """Red and blue change, green does not."""
    for seed in range(4):
        rng = random.Random(f"channels {kind} {seed}")
        effect, fields = an_effect(kind, rng), {**a_layer(rng), "channels": ["red", "blue"]}
        assert scene.wrong("picture", [effect], **fields).max() <= 1, (effect, fields)


@pytest.mark.parametrize("kind", ["drop-shadow", "outer-glow"])
@pytest.mark.parametrize("layer", LAYERS)
def test_a_contour_that_begins_above_0_bends_what_there_is(scene: Scene, kind: str, layer: str) -> None:
    """Within one step wherever there is some of the plane: half of what 15 bits tell from 0, or none at all.
    Where there is none, nothing is made of it."""
    for seed in range(5):
        rng = random.Random(f"contours {kind} {seed}")
        effect = an_effect(kind, rng) | {"contour": a_contour(rng, first=200)}
        straight = oracle_effects.parts([{**effect, "contour": STRAIGHT}], scene.layers[layer][1][..., 0])
        share = on_canvas(straight[0].share)[..., 0]
        told = (share < NOTHING) | (share > 2 / (1 << 15))
        assert scene.wrong(layer, [effect])[told].max() <= 1, effect


def white_stroke(position: str, size: float) -> Fields:
    """All of its plane."""
    look = {"color": "#ffffff", "opacity": 1.0, "blend_mode": "normal"}
    return {"type": "stroke", "position": position, "size": size, **look}


@pytest.mark.parametrize("size", [1.0, 2.5, 7.0, 12.25])
@pytest.mark.parametrize("position", ["outside", "inside"])
def test_a_hard_shape_grows_and_shrinks_by_the_distance_to_it(
    numpy_renderer: Renderer, position: str, size: float
) -> None:
    """SciPy's distance transform, in the oracle exactly and in what is rendered within one step."""
    shape = np.kron(np.random.default_rng(8).random((11, 14)) < 0.6, np.ones((4, 4))) > 0
    shape = np.pad(shape, [(4, 4), (4, 4)])
    away = distance_transform_edt(shape if position == "inside" else ~shape)
    exact = np.clip(size + 1 - away, 0, 1)
    alpha = shape.astype(np.float64)
    assert np.allclose(exact, 1 - shrunk(alpha, size) if position == "inside" else grown(alpha, size))
    pixels = np.zeros((*shape.shape, 4), np.uint8)
    pixels[..., 3] = shape * 255
    stroked = picture(pixels, effects=[white_stroke(position, size)])
    out = numpy_renderer.render(canvas(solid("#000000"), stroked)).pixels[..., 0]
    lies = shape if position == "inside" else ~shape
    assert np.abs(out - exact * 255)[lies].max() <= 1


@pytest.mark.parametrize("size", [1.0, 1.25, 1.75, 2.0, 5.5])
def test_specks_count_for_less_below_a_radius_of_two(numpy_renderer: Renderer, size: float) -> None:
    """Of each column and row three values count, and the nearest above 0 may be a faint one before one of
    nearly a half. Where that lies a pixel away along both axes, with a faint one before it in its row and in
    its column, it would have come to more: by up to 1/2 - (sqrt 2 - 1) of full coverage, 22 steps, and by
    nothing with a radius of 2 or more, where both are full. All else is as if all values counted."""
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[20:23, 20:23, 3] = [[0, 1, 0], [1, 127, 0], [0, 0, 0]]
    layer = picture(pixels, effects=[white_stroke("outside", size)])
    out = numpy_renderer.render(canvas(solid("#000000"), layer)).pixels[..., 0]
    exact = grown(pixels[..., 3] / 255, size)
    assert exact[20, 20] == pytest.approx(min(1, size + 127 / 255 - 2**0.5))
    exact[20, 20] = min(1, size + 1 / 255 - 1)
    assert np.abs(out - exact * (255 - pixels[..., 3])).max() <= 1
