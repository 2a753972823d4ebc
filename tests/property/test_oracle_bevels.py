"""Bevels that are steeper than most against float64.

Where a flank is wide or deep, a few steps of 2^-15 between two of its heights are a slope, and slopes are
rounded to 2^-11: `shade_error` has how far out that may be. Bevels as they are mostly made are held to one
step by `test_oracle_effects.py`: were all roundings to add up, theirs could be out by some more.
"""

from __future__ import annotations

import random

import pytest

from engines.image_core import Renderer
from tests.oracle_bevels import BEVELS, shade_error
from tests.oracle_shapes import Fields
from tests.property.effect_choices import STRAIGHT, an_effect
from tests.property.effect_scenes import LAYERS, Scene

CASES = 6


@pytest.fixture(scope="module")
def scene(numpy_renderer: Renderer) -> Scene:
    """On the reference."""
    return Scene(numpy_renderer)


def plain(effect: Fields) -> Fields:
    """All of its shades, in white and black, without contours."""
    full = {"opacity": 1.0, "blend_mode": "normal"}
    shades = {"highlight": {"color": "#ffffff", **full}, "shadow": {"color": "#000000", **full}}
    return {**effect, **shades, "contour": STRAIGHT, "gloss_contour": STRAIGHT}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("kind", BEVELS)
def test_a_deep_bevel_is_as_near_as_its_slopes(scene: Scene, kind: str, layer: str) -> None:
    """Up to ten times as deep as wide, in a light of 20 to 60 degrees. What is rounded hardly ever adds up:
    beside the last rounding half of the error is not reached."""
    for seed in range(CASES):
        rng = random.Random(f"deep {kind} {seed}")
        steep = {"depth": rng.uniform(2, 10), "size": rng.randint(1, 11), "altitude": rng.uniform(20, 60)}
        effect = plain(an_effect(kind, rng)) | steep
        assert scene.wrong(layer, [effect]).max() <= 0.6 + 255 * shade_error(effect) / 2, effect


@pytest.mark.parametrize("kind", BEVELS)
def test_a_bevel_of_photoshop_s_settings_is_within_one_step(scene: Scene, kind: str) -> None:
    """As deep as it is wide and in a light of 30 degrees, in full shades: also where a flank is wide."""
    for layer in LAYERS:
        for size in (1, 5, 11):
            effect = plain(an_effect(kind, random.Random(size)))
            effect |= {"depth": 1.0, "size": size, "altitude": 30.0, "soften": 0}
            assert scene.wrong(layer, [effect]).max() <= 1, (layer, size)
