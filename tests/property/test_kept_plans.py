"""Layers planned before: whatever a renderer has kept, each plan is the one that a fresh renderer makes."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engines.image_core import ImageComposition, ImageCoreError, Renderer
from engines.image_core.planning.keeping import layer_key, plan_cache
from engines.image_core.planning.planner import _Planner, make_plan
from engines.image_core.runtime.caching import CacheCounts
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.keeping import SourceCache
from engines.image_core.sources.loading import load_sources
from engines.image_core.tests.composing import composed, flat, group, picture, solid
from tests.fuzz.trees import NoiseMasks, random_layer
from tests.parity.support import noise

SIZES = [(61, 40), (97, 64)]


def shuffled(seed: int) -> list[ImageComposition]:
    """Compositions of layers out of one dozen, each several times: alone, among others, in groups and on
    another canvas."""
    rng = random.Random(seed)
    layers = [random_layer(rng, depth=1, anchored=False) for _ in range(12)]
    found = []
    for _ in range(40):
        chosen = rng.sample(layers, rng.choice([1, 2, 3]))
        if rng.random() < 0.4:
            moved = {"transform": {"x": rng.choice([0.0, -0.0, 5.0, 5.5])}}
            chosen = [group(*chosen, **moved), rng.choice(layers)]
        found.append(composed(*chosen, size=rng.choice(SIZES)))
    return found


def drawn(renderer: Renderer, composition: ImageComposition) -> tuple[str, str] | str:
    """The pipeline and pixel hashes, or the error."""
    try:
        image = renderer.draw(renderer.plan(composition, NoiseMasks(composition)))
    except ImageCoreError as error:
        return str(error)
    return image.pipeline_hash, image.pixel_hash


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_changes_no_plan_and_no_pixel(seed: int) -> None:
    """In one renderer, one that keeps little, and by four threads at once: as in one that keeps nothing."""
    compositions = shuffled(seed)
    with Renderer("numpy", cache_bytes=0) as fresh:
        expected = [drawn(fresh, composition) for composition in compositions]
    assert any(isinstance(result, tuple) for result in expected)
    for cache_bytes in (1 << 28, 60_000):
        with Renderer("numpy", cache_bytes=cache_bytes) as keeping:
            for composition, result in zip(compositions, expected, strict=True):
                assert drawn(keeping, composition) == result
    with Renderer("numpy") as shared, ThreadPoolExecutor(4) as pool:
        orders = [random.Random(number).sample(range(40), 40) for number in range(4)]
        answers = pool.map(lambda order: [drawn(shared, compositions[index]) for index in order], orders)
        for order, results in zip(orders, answers, strict=True):
            assert results == [expected[index] for index in order]


def test_groups_of_other_shape_are_other_groups() -> None:
    """The same layers, in a group within a group or beside it."""
    a, b = solid("#ff0000", opacity=0.5), picture(flat("#0000ff80", 9, 9), blend_mode="multiply")
    inner = {"opacity": 0.5, "blend_mode": "screen"}
    trees = [group(group(a, b, **inner)), group(group(a, **inner), b), group(group(**inner), a, b)]
    compositions = [composed(tree, size=(16, 16)) for tree in trees]
    with Renderer("numpy") as keeping, Renderer("numpy", cache_bytes=0) as fresh:
        hashes = [drawn(keeping, composition) for composition in compositions]
        assert hashes == [drawn(fresh, composition) for composition in compositions]
    assert len(set(hashes)) == 3


def test_a_layer_is_known_by_all_but_its_names() -> None:
    """Names are left out; -0.0, which Python takes for 0.0, is told apart, as hashes of sources tell it."""
    fields: list[dict[str, Any]] = [{}, {"name": "a", "id": "\ud800"}, {"transform": {"x": -0.0}}]
    plain, named, negative = (composed(solid("#ff0000", **extra)).layers[0] for extra in fields)
    assert layer_key(plain) == layer_key(named) != layer_key(negative)


def test_with_another_headline_one_layer_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a stack with a group, nothing else is."""
    planned: list[str] = []
    original = _Planner._planned

    def noted(self: _Planner, layer: Any, *where: Any) -> Any:
        planned.append(layer.type)
        return original(self, layer, *where)

    monkeypatch.setattr(_Planner, "_planned", noted)
    still = [solid("#204060"), group(picture(noise(1, 9, 9).pixels), solid("#ff000080"))]
    with Renderer("numpy") as renderer:
        for words in ("First", "Second"):
            planned.clear()
            renderer.plan(composed(*still, {"type": "text", "text": words, "size": 9.0}, size=(40, 20)))
    assert planned == ["text"]


def test_what_is_kept_of_plans_is_bounded() -> None:
    """Forty pictures of 10,000 bytes, cropped: no more than the 50,000 that are allowed."""
    plans = plan_cache(50_000)
    for seed in range(40):
        composition = composed(picture(noise(seed, 60, 50).pixels), size=(50, 50))
        sources = load_sources(composition, FileRoot(None), None, SourceCache(0), CacheCounts())
        make_plan(composition, sources, plans)
        assert plans.held_bytes <= 50_000
    assert plans.held_bytes > 20_000
