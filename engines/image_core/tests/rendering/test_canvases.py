"""Of a canvas that differs from an earlier one in a part, that part is drawn; the pixels are the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import ImageComposition, Renderer, SourceError
from engines.image_core.numbers.geometry import Rect
from engines.image_core.rendering import canvases
from engines.image_core.tests.composing import Layer, composed, picture, random_pixels, solid
from engines.image_core.tests.profiled import P3
from tests.fuzz.trees import NoiseMasks, random_fields, random_layer

SIZE = (320, 200)


@pytest.fixture(params=["numpy", "gl"])
def opened(request: pytest.FixtureRequest, gl_renderer: Renderer, tmp_path: Path) -> Iterator[Renderer]:
    """A renderer of its own of each backend; the device is known to be there."""
    with Renderer(request.param, root=tmp_path) as renderer:
        yield renderer


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[Rect | None]:
    """What was drawn of each canvas since by renderers that keep some: a part, or None for all."""
    drawn: list[Rect | None] = []
    drawing = canvases.Canvases.drawing

    def noted(*arguments: Any) -> canvases.Drawing:
        found = drawing(*arguments)
        if arguments[0]._max_bytes:
            drawn.append(found.part)
        return found

    monkeypatch.setattr(canvases.Canvases, "drawing", noted)
    return drawn


def card(headline: str, ground: str = "#203050", **fields: Any) -> ImageComposition:
    """A photograph's stand-in below, a headline in the middle, and a shade that is multiplied over all."""
    noise = picture(random_pixels(1, *SIZE), opacity=0.5)
    text: Layer = {"type": "text", "text": headline, "size": 30, "transform": {"x": 40, "y": 70}}
    shade = solid("#a0b0c0", blend_mode="multiply")
    return composed(solid(ground), noise, text, shade, size=SIZE, **fields)


def plain(composition: ImageComposition, root: Path | None = None) -> np.ndarray[Any, Any]:
    """The pixels by a renderer that keeps nothing."""
    with Renderer("numpy", root, cache_bytes=0) as renderer:
        return renderer.render(composition).pixels


def test_another_headline_is_drawn_alone(opened: Renderer, parts: list[Rect | None]) -> None:
    """The first canvas whole, then the part around both texts, on a grid of 32 pixels."""
    for headline in ("Lift-off", "Landed", "Lift-off again"):
        assert np.array_equal(opened.render(card(headline)).pixels, plain(card(headline)))
    whole, *others = parts
    assert whole is None
    assert others == [Rect(32, 64, 160, 128), Rect(32, 64, 224, 128)]


def test_the_nearest_of_the_last_canvases_is_gone_on_from(opened: Renderer, parts: list[Rect | None]) -> None:
    """Two templates in turn: each finds its own."""
    for number in range(3):
        for ground in ("#203050", "#802020"):
            composition = card(f"Number {number}", ground)
            assert np.array_equal(opened.render(composition).pixels, plain(composition))
    assert parts[:2] == [None, None]
    assert None not in parts[2:]


def test_what_differs_all_over_is_drawn_whole(opened: Renderer, parts: list[Rect | None]) -> None:
    """Another ground, another background colour, another bit depth, another size."""
    opened.render(card("Hi"))
    for other in (card("Hi", "#000000"), card("Hi", background_color="#ffffff"), card("Hi", bit_depth=8)):
        assert np.array_equal(opened.render(other).pixels, plain(other))
    opened.render(composed(solid("#203050"), size=(320, 201)))
    assert parts == [None] * 5


def test_the_same_picture_again_is_drawn_again(opened: Renderer, parts: list[Rect | None]) -> None:
    """Whoever wants it only once has its pipeline_hash to go by."""
    assert opened.render(card("Hi")).pixel_hash == opened.render(card("Hi")).pixel_hash
    assert parts == [None, None]


def test_a_layer_more_or_less_is_a_part_too(opened: Renderer, parts: list[Rect | None]) -> None:
    """A badge appears and goes: the last canvas is the first again, beside the second."""
    badge = solid("#ff4400", width=60, height=20, transform={"x": 250, "y": 10})
    bare = [solid("#203050"), solid("#405060", opacity=0.5)]
    for layers in (bare, [*bare, badge], bare):
        composition = composed(*layers, size=SIZE)
        assert np.array_equal(opened.render(composition).pixels, plain(composition))
    assert parts == [None, *[Rect(224, 0, 320, 32)] * 2]


def test_many_at_once(opened: Renderer) -> None:
    """A pipeline begins a canvas while the one before is not collected."""
    cards = [card(f"Number {number}") for number in range(8)]
    for composition, image in zip(cards, opened.render_many(cards), strict=True):
        assert np.array_equal(image.pixels, plain(composition))


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_random_canvases_changed_in_a_layer(
    opened: Renderer, parts: list[Rect | None], monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    """Trees of every feature, a layer of each exchanged, left out or added: as drawn alone."""
    monkeypatch.setattr(canvases, "_GRID", 1)
    with Renderer("numpy", cache_bytes=0) as fresh:
        for seed in range(first, first + 20):
            for varied in (ImageComposition.model_validate(random_fields(seed)), _varied(seed)):
                store = NoiseMasks(varied)
                try:
                    expected = fresh.draw(fresh.plan(varied, store)).pixels
                except SourceError:  # it is too large, and so is the other
                    break
                assert np.array_equal(opened.draw(opened.plan(varied, store)).pixels, expected), seed
    assert any(parts)


def _varied(seed: int) -> ImageComposition:
    """The composition with a layer exchanged, left out or added, or as it is."""
    fields, rng = random_fields(seed), random.Random(seed)
    layers = fields["layers"]
    at = rng.randint(0, len(layers))
    layers[at : at + rng.randint(0, 1)] = [random_layer(rng, depth=1, anchored=False)][: rng.randint(0, 2)]
    return ImageComposition.model_validate(fields)


def test_nothing_is_kept_beyond_the_bound(parts: list[Rect | None]) -> None:
    """Of canvases of 256,000 bytes one within 300,000, none within 200,000."""
    for cache_bytes, last in ((300_000, Rect(32, 64, 160, 128)), (200_000, None)):
        with Renderer("numpy", cache_bytes=cache_bytes) as renderer:
            renderer.render(card("Lift-off"))
            renderer.render(card("Landed"))
        assert parts[-1] == last


def test_what_a_caller_has_cannot_be_written_to() -> None:
    """Neither the first image nor one that was put together: later ones go on from it."""
    with Renderer("numpy") as renderer:
        for headline in ("Lift-off", "Landed"):
            pixels = renderer.render(card(headline)).pixels
            with pytest.raises(ValueError, match="WRITEABLE"):
                pixels.setflags(write=True)


def test_a_part_is_converted_as_the_whole_is(tmp_path: Path, parts: list[Rect | None]) -> None:
    """On a canvas with a colour space of its own; and one that keeps its space is another canvas."""
    (tmp_path / "space.icc").write_bytes(P3)
    with Renderer("numpy", tmp_path) as renderer:
        for output in ("srgb", "keep"):
            for headline in ("Lift-off", "Landed"):
                composition = card(headline, color_profile={"path": "space.icc"}, output_profile=output)
                assert np.array_equal(renderer.render(composition).pixels, plain(composition, tmp_path))
