"""Reading pictures back through a ring of buffers."""

from __future__ import annotations

import itertools

import pytest

from engines.image_core import Renderer
from tests.parity.support import composed

SOLID = {"type": "raster", "source": {"color": "#8040c0"}}


def test_a_long_run_makes_few_buffers_and_frees_all(
    gl_renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty images of one size take the buffers of the first few again."""
    assert gl_renderer  # there is a device
    with Renderer("gl", cache_bytes=0) as renderer:
        readback = renderer._backend._session.readback  # type: ignore[attr-defined]  # of the GL backend
        made = itertools.count()
        real = readback._device.context.buffer

        def buffer(*data: bytes, reserve: int = 0) -> object:
            if reserve:
                next(made)
            return real(*data, reserve=reserve)

        monkeypatch.setattr(readback._device.context, "buffer", buffer, raising=False)
        cards = (composed(64, 48, [{**SOLID, "opacity": (n + 1) / 50}]) for n in range(50))
        assert len({image.pixel_hash for image in renderer.render_many(cards)}) == 50
        assert next(made) <= 2
        assert len(readback._idle) <= 2
    assert not readback._idle


def test_a_larger_image_after_a_smaller_one_is_whole(gl_renderer: Renderer, numpy_renderer: Renderer) -> None:
    """A buffer that is too small makes way for a larger one."""
    sizes = [(8, 8), (300, 200), (5, 3), (301, 200), (1, 1)]
    cards = [composed(width, height, [{**SOLID, "opacity": 0.5}]) for width, height in sizes]
    drawn = [image.pixel_hash for image in gl_renderer.render_many(cards)]
    assert drawn == [image.pixel_hash for image in numpy_renderer.render_many(cards)]
