"""Layers kept from render to render, on each backend: nothing made twice, and not a byte of difference."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core import DeviceError, ImageComposition, Renderer
from engines.image_core.backend import BackendChoice
from engines.image_core.gl import Session, open_device
from engines.image_core.gl.textures import Textures
from engines.image_core.tests.composing import composed, group, picture, random_pixels

BLUR = {"type": "blur", "radius": 2.0}
MASK = {"selection": {"type": "ellipse", "points": [[0, 0], [40, 30]]}}
STATIC = [
    picture(random_pixels(1, 64, 48)),
    picture(random_pixels(2, 30, 30), fit="cover", filters=[BLUR]),
    group(picture(random_pixels(3, 20, 20)), picture(random_pixels(4, 20, 20)), opacity=0.5, mask=MASK),
]
"""Four images and a mask for the device, of which NumPy computes one: the group needs no picture of its own."""


def card(headline: str, **fields: Any) -> ImageComposition:
    """A template with a headline."""
    text = {"type": "text", "text": headline, "size": 20.0, **fields}
    return composed(*STATIC, text, size=(64, 48))


@contextmanager
def uploads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int, ...]]]:
    """The shapes of what is uploaded meanwhile."""
    shapes: list[tuple[int, ...]] = []
    upload = Textures.upload

    def counted(self: Textures, pixels: NDArray[np.uint8], *args: Any) -> Any:
        shapes.append(pixels.shape)
        return upload(self, pixels, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Textures, "upload", counted)
        yield shapes


@pytest.mark.usefixtures("gl_renderer")
def test_another_headline_uploads_one_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template rendered again: one upload and one layer made; the same again uploads nothing."""
    with Renderer("gl") as renderer:
        renderer.render(card("First"))
        with uploads(monkeypatch) as shapes:
            image = renderer.render(card("Second"))
            assert len(shapes) == 1
            assert (image.cache["layers"]["misses"], image.cache["layers"]["hits"]) == (1, 5)
            renderer.render(card("Second"))
            assert len(shapes) == 1


def test_numpy_makes_nothing_twice() -> None:
    """A blurred picture is computed once; the headline needs no computing."""
    with Renderer("numpy") as renderer:
        first = renderer.render(card("First")).cache["layers"]
        second = renderer.render(card("Second")).cache["layers"]
    assert (first["hits"], first["misses"]) == (0, 1)
    assert (second["hits"], second["misses"]) == (1, 0)


@pytest.mark.usefixtures("gl_renderer")
def test_a_mask_of_several_layers_is_uploaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one pass too, and without a cache too; a picture shown three times likewise."""
    layer = picture(random_pixels(1, 64, 48), mask=MASK)
    with Renderer("gl", cache_bytes=0) as renderer, uploads(monkeypatch) as shapes:
        renderer.render(composed(layer, layer, layer, size=(64, 48)))
    assert sorted(shapes) == [(48, 64), (48, 64, 4)]


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("choice", ["gl", "numpy"])
@pytest.mark.parametrize("cache_bytes", [0, 20_000, 1 << 28])
def test_what_is_kept_changes_no_pixel(
    choice: BackendChoice, cache_bytes: int, numpy_renderer: Renderer
) -> None:
    """Headlines in turn, with no cache, one that drops much, and one that holds all; the bound holds."""
    with Renderer(choice, cache_bytes=cache_bytes) as renderer:
        for headline in ["First", "Second", "First", "Third", "Second"]:
            image = renderer.render(card(headline))
            assert image.pixel_hash == numpy_renderer.render(card(headline)).pixel_hash
            assert image.cache["layers"]["bytes"] <= cache_bytes


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("choice", ["gl", "numpy"])
def test_a_parameter_makes_another_layer(choice: BackendChoice) -> None:
    """A blur a little wider, a mask the other way round: as a renderer that keeps nothing draws them."""
    changes: list[dict[str, Any]] = [
        {"filters": [BLUR]},
        {"filters": [{**BLUR, "radius": 2.5}]},
        {"filters": [BLUR, BLUR]},
        {"filters": [{"type": "sharpen", "radius": 2.0}]},
        {"filters": [{"type": "sharpen", "radius": 2.0, "amount": 2.0}]},
        {"transform": {"rotation": 10.0}},
        {"transform": {"scale": 0.5}},
        {"transform": {"x": 3.0}},
        {"adjustments": {"exposure": 1.0}, "filters": [BLUR]},
        {"mask": MASK},
        {"mask": {**MASK, "inverted": True}},
    ]
    with Renderer(choice) as renderer, Renderer(choice, cache_bytes=0) as without:
        for fields in changes:
            changed = composed(picture(random_pixels(1, 40, 30), **fields), size=(48, 40))
            assert renderer.render(changed).pixel_hash == without.render(changed).pixel_hash, fields


@pytest.mark.usefixtures("gl_renderer")
def test_a_failed_render_leaves_nothing_wrong_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a pass has failed the same composition renders right, from nothing."""
    with Renderer("gl") as renderer:
        expected = renderer.render(card("First"))

        def fail(*_: Any, **__: Any) -> None:
            raise DeviceError("no memory left")

        with monkeypatch.context() as patch:
            patch.setattr(Session, "dispatch", fail)
            with pytest.raises(DeviceError, match="no memory left"):
                renderer.render(card("Second"))
        again = renderer.render(card("First"))
    assert again.pixel_hash == expected.pixel_hash
    assert again.cache["layers"]["hits"] == 0


@pytest.mark.usefixtures("gl_renderer")
def test_kept_textures_are_bounded_and_freed() -> None:
    """Three textures of 400 bytes where two may stay: the first is given up; `clear` frees all."""
    device = open_device()
    textures = device.run(lambda: Session(device, keep_bytes=800)).textures

    def keep_three() -> None:
        for key in "abc":
            textures.keep(key, textures.upload(np.zeros((10, 10, 4), np.uint8), "rgba8"))

    device.run(keep_three)
    assert (textures.kept_bytes, textures.live) == (800, 0)
    assert textures.kept("a") is None
    found = textures.kept("b")
    assert found is not None
    textures.keep("b", found)
    device.run(textures.clear)
    assert (textures.kept_bytes, textures.kept("c")) == (0, None)
    device.close()
