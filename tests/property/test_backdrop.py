"""A pane that blurs nothing changes nothing: what a layer's backdrop is taken for is what it lies on."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from engines.image_core import ImageComposition, Renderer, SourceError
from engines.image_core.tests.composing import composed, flat, group, picture, solid
from tests.fuzz.differential import TOO_LARGE
from tests.fuzz.trees import NoiseMasks, random_fields

CASES = 300
_AT_ONCE = 30


def _pane(rng: random.Random, clip: bool) -> dict[str, Any]:
    """A layer of any soft shape, of which only what it shows of its backdrop is seen."""
    disc = {"type": "ellipse", "cx": 40, "cy": 30, "rx": 60, "ry": 20, "fill": "#fff000"}
    kinds = [solid("#ffffff"), solid("#ffffff80", width=50, height=33, transform={"x": 9.5})]
    kinds.append({"type": "vector", "shapes": [disc]})
    effect = {"type": "backdrop-blur", "radius": 0}
    return {**rng.choice(kinds), "fill_opacity": 0, "effects": [effect], "clip": clip}


def _steady(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Layers without what dissolves: its grain is that of the image that it is put together in, and a group
    with a pane is one."""
    for layer in layers:
        for part in (layer, *layer.get("effects", ())):
            if part.get("blend_mode") == "dissolve":
                part["blend_mode"] = "normal"
        _steady(layer.get("layers", []))
    return layers


def _with_panes(rng: random.Random, layers: list[dict[str, Any]], bit_depth: int) -> list[dict[str, Any]]:
    """The same layers with panes between them, and between those of their groups.

    None is clipped to a base that is by itself, which would make another group of it; nor in 8 bits, where a
    stack of one rounds once more.
    """
    found = []
    for index, layer in enumerate(layers):
        if layer["type"] == "group":
            layer = {**layer, "layers": _with_panes(rng, layer["layers"], bit_depth)}
        found.append(layer)
        above = layers[index + 1] if index + 1 < len(layers) else {}
        clip = above.get("clip", False) or (layer.get("clip", False) and rng.random() < 0.5)
        if rng.random() < 0.6 and not (clip and bit_depth == 8):
            found.append(_pane(rng, clip=clip))
    return found


@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_a_pane_that_blurs_nothing_changes_no_pixel(numpy_renderer: Renderer, first: int) -> None:
    """Among layers of all kinds, in groups of all kinds, clipped or not, with knockouts, in 8 bits and 16."""
    for seed in range(first, first + _AT_ONCE):
        fields = random_fields(seed, largest=60)
        fields["layers"] = _steady(fields["layers"])
        panes = _with_panes(random.Random(seed), fields["layers"], fields["bit_depth"])
        try:
            plain, paned = (_pixels(numpy_renderer, one) for one in (fields, {**fields, "layers": panes}))
        except SourceError as error:
            if TOO_LARGE not in str(error):
                raise
            continue
        assert np.array_equal(plain, paned), seed


def _pixels(renderer: Renderer, fields: dict[str, Any]) -> Any:
    composition = ImageComposition.model_validate(fields)
    return renderer.draw(renderer.plan(composition, NoiseMasks(composition))).pixels


@pytest.mark.parametrize("clip", [False, True])
def test_what_dissolves_below_a_pane_has_the_grain_that_is_seen(numpy_renderer: Renderer, clip: bool) -> None:
    """On the canvas through a group that is moved; in an isolated group that of the group."""
    grain = picture(flat("#ff000080", 40, 40), blend_mode="dissolve")
    base = solid("#2040c0", width=40.0, height=40.0)
    pane = solid("#ffffff", fill_opacity=0.0, effects=[{"type": "backdrop-blur", "radius": 0.0}], clip=clip)
    clipped = {**grain, "clip": clip}
    move = {"x": 7.0, "y": 3.0}

    def pixels(*layers: dict[str, Any], **fields: Any) -> Any:
        return numpy_renderer.render(composed(group(*layers, **fields), size=(60, 60))).pixels

    passed = {"blend_mode": "pass-through", "transform": move}
    assert np.array_equal(pixels(base, clipped, pane, **passed), pixels(base, clipped, **passed))
    still, moved = pixels(base, clipped, pane), pixels(base, clipped, pane, transform=move)
    assert np.array_equal(still, pixels(base, clipped))
    assert np.array_equal(moved[3:43, 7:47], still[:40, :40])
