"""Layers with effects against the same in float64: within one 8-bit step.

Ranges and contours enlarge what was rounded before them, in a blur four times by up to 2^-16. Ranges of a
fifth or more and contours that rise by five in one at most, as here, make 0.4 of a step of that; and the last
rounding is half a step.
"""

from __future__ import annotations

import random
from typing import get_args

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from engines.image_core import Renderer
from engines.image_core.composition.effects import Effect
from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.tests.composing import picture, solid
from tests import oracle_effects
from tests.oracle_planes import undecided
from tests.oracle_shapes import NOTHING, Fields, chamfered, grown, shrunk
from tests.property.effect_choices import (
    CHOICES,
    KINDS,
    STEADY,
    STRAIGHT,
    a_contour,
    a_layer,
    an_effect,
    settings,
)
from tests.property.effect_scenes import BACKDROPS, HEIGHT, LAYERS, WIDTH, Scene, canvas, on_canvas

CASES = 10


@pytest.fixture(scope="module")
def scene(numpy_renderer: Renderer) -> Scene:
    """On the reference."""
    return Scene(numpy_renderer)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_effect_is_within_one_step_of_exact_planes(scene: Scene, kind: str, layer: str) -> None:
    """Over a photograph, with any fill, mode and opacity of the layer."""
    for effect, fields in settings(kind):
        assert scene.wrong(layer, [effect], **fields).max() <= 1, (effect, fields)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("kind", KINDS)
def test_effects_show(scene: Scene, kind: str, layer: str) -> None:
    """What is compared has more of an effect than roundings: most settings change some pixel by 6 steps."""
    changes = []
    for effect, fields in settings(kind):
        plain, _ = scene.exact(layer, [], "a photograph", **fields)
        effected, _ = scene.exact(layer, [effect], "a photograph", **fields)
        changes.append(np.abs(effected - plain).max() * 255)
    assert np.median(changes) >= 6


def test_every_field_of_every_effect_is_compared() -> None:
    """Random settings have all that an effect may have: a new effect or field has to be drawn too. But for
    strokes along outlines, which test_outline_strokes.py has: of them no plane is known."""
    union, _ = get_args(Effect)
    told = {}
    for model in get_args(union):
        (name,) = get_args(model.model_fields["type"].annotation)
        told[name] = set(model.model_fields)
    drawn = {name: {"type", *fields} for name, fields in CHOICES.items()}
    drawn["stroke"] |= {"position", "source", "join", "miter_limit"}
    drawn["bevel"].add("style")
    assert drawn == told
    assert {kind.split()[0] for kind in KINDS} == set(told)


def test_every_field_of_fills_is_compared() -> None:
    """But patterns in cubic sampling that are not whole, which pictures are compared with (see
    `test_oracle_gradients.py`), and what says which of gradients and patterns a fill is."""
    fills: list[Fields] = []
    for kind, field in (("gradient-overlay", "gradient"), ("pattern-overlay", "pattern")):
        fills.append({})
        for effect, _ in settings(kind):
            fills[-1] |= effect[field]
    gradient, pattern = fills
    assert set(gradient) == set(GradientFill.model_fields)
    assert set(pattern) == set(PatternFill.model_fields)


def test_the_settings_have_every_mode_and_choice() -> None:
    """Modes that enlarge no rounding, of effects and of layers; shadows that are knocked out, and so on."""
    seen: set[object] = set()
    for kind in KINDS:
        for effect, fields in settings(kind):
            seen |= {(name, value) for name, value in effect.items() if isinstance(value, str | float | int)}
            seen |= {("effect", effect.get("blend_mode")), ("layer", fields.get("mode"))}
            seen |= {(kind.split()[0], type(effect.get("color")))}
            seen |= {(name, fields.get(name)) for name in ("fill", "opacity", "interior", "shaped", "gamma")}
    choices: set[object] = {
        (name, value)
        for name in ("knockout", "inverted", "interior", "shaped")
        for value in (True, False)
    }  # fmt: skip
    choices |= {("source", "edge"), ("source", "center"), ("technique", "softer"), ("technique", "precise")}
    choices |= {("align", "layer"), ("align", "canvas"), ("metric", "euclidean"), ("metric", "chamfer")}
    choices |= {("direction", "up"), ("direction", "down"), ("fill", None), ("fill", 0.0), ("opacity", 1.0)}
    choices |= {("spread", 0.5), ("spread", 1.0), ("choke", 1.0), ("blur", 0.0), ("blur", 34.0)}
    choices |= {("blur", 1.3), ("size", 0), ("noise", 0.0), ("noise", 1.0), ("radius", 0.0), ("radius", 17.0)}
    choices |= {("soften", 0), ("gamma", None), ("gamma", 1.0), ("gamma", 1.45), ("gamma", 2.2)}
    choices |= {(kind, of) for kind in ("outer-glow", "inner-glow", "stroke") for of in (str, dict)}
    assert seen >= choices | {(of, mode) for of in ("effect", "layer") for mode in STEADY}


def test_little_is_left_to_roundings(scene: Scene) -> None:
    """Of grains and the ends of glows one pixel in fifty at most."""
    for kind in KINDS:
        for effect, _ in settings(kind):
            left_out = on_canvas(undecided(effect, scene.shape("vector")))
            assert left_out.mean() <= 0.02, effect


@pytest.mark.parametrize("backdrop", BACKDROPS)
@pytest.mark.parametrize("layer", LAYERS)
def test_effects_together_are_within_one_step(scene: Scene, layer: str, backdrop: str) -> None:
    """Several of any kinds, in the order in which they lie, whichever they are given in."""
    for seed in range(CASES):
        rng = random.Random(f"{backdrop} {seed}")
        effects = [an_effect(rng.choice(KINDS), rng) for _ in range(rng.randint(2, 5))]
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


@pytest.mark.parametrize("kind", KINDS)
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
        straight = oracle_effects.parts([{**effect, "contour": STRAIGHT}], scene.shape(layer))
        share = on_canvas(straight[0].share)[..., 0]
        told = (share < NOTHING) | (share > 2 / (1 << 15))
        assert scene.wrong(layer, [effect])[told].max() <= 1, effect


def white_stroke(position: str, size: float) -> Fields:
    """All of its plane."""
    look = {"color": "#ffffff", "opacity": 1.0, "blend_mode": "normal", "metric": "euclidean"}
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


def test_a_chamfer_is_as_far_or_a_little_further() -> None:
    """As far where one kind of step leads there, up to 2.8 % further elsewhere."""
    further = {
        (down, right): chamfered(down, right) / np.hypot(down, right)
        for down in range(12)
        for right in range(12)
        if down or right
    }
    straight = [(0, 5), (4, 0), (6, 6), (3, 6), (10, 5)]
    assert np.allclose([further[place] for place in straight], 1)
    assert min(further.values()) > 1 - 1e-9
    assert 1.027 < max(further.values()) < 1.028


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
