"""What one composition may cost: a limit passed is an error that names the layer and what is allowed."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, ImageComposition, Renderer, RenderLimits, SourceError
from engines.image_core.export import encode_png

_SIDE = 8
_PICTURE = base64.b64encode(encode_png(np.full((_SIDE, _SIDE, 4), 200, np.uint8))).decode()


def _composition(*layers: dict[str, Any]) -> ImageComposition:
    scope = {"tenant_id": "t", "env": "dev"}
    return ImageComposition.model_validate({**scope, "width": 20, "height": 10, "layers": list(layers)})


def _picture(name: str) -> dict[str, Any]:
    return {"type": "raster", "id": name, "source": {"data": _PICTURE}}


_TEXT = {"type": "text", "id": "title", "text": "hello"}
_SVG = {
    "type": "vector",
    "id": "logo",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
}
_NESTED = {"type": "group", "id": "outer", "layers": [{"type": "group", "id": "inner", "layers": [_TEXT]}]}


@pytest.mark.parametrize(
    ("limits", "layers", "error", "message"),
    [
        (
            {"canvas_pixels": 199},
            [_TEXT],
            CompositionError,
            "canvas: 20 x 10 is too large: allowed are 199 pixels",
        ),
        (
            {"layers": 1},
            [_TEXT, _SVG],
            CompositionError,
            "layer 'logo' (layers[1]): there are too many layers",
        ),
        ({"depth": 1}, [_NESTED], CompositionError, "groups nest 2 deep: allowed is 1"),
        ({"text_length": 4}, [_TEXT], CompositionError, "5 characters are too many: allowed are 4"),
        ({"svg_length": 40}, [_SVG], SourceError, "characters are too many: allowed are 40"),
        (
            {"source_pixels": 63},
            [_picture("photo")],
            SourceError,
            "8 x 8 is too large: allowed are 63 pixels",
        ),
        ({"decoded_bytes": 255}, [_picture("photo")], SourceError, "take 256 bytes decoded: allowed are 255"),
        ({"seconds": 0.0}, [_TEXT], CompositionError, "rendering takes more than 0 seconds"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_passes_a_limit_is_refused(
    limits: dict[str, Any], layers: list[dict[str, Any]], error: type[Exception], message: str
) -> None:
    """One line that names the layer (or the canvas) and what is allowed; without the limit it is drawn."""
    composition = _composition(*layers)
    with Renderer("numpy", limits=RenderLimits(**limits)) as renderer:
        with pytest.raises(error) as caught:
            renderer.render(composition)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
        assert str(caught.value).startswith(("canvas: ", "layer '"))
    with Renderer("numpy") as renderer:
        assert renderer.render(composition).width == 20


def test_what_is_shared_is_counted_once() -> None:
    """Two layers of one picture take its bytes once, whether it comes from the cache or not."""
    composition = _composition(_picture("left"), _picture("right"))
    with Renderer("numpy", limits=RenderLimits(decoded_bytes=4 * _SIDE * _SIDE)) as renderer:
        for _ in range(2):
            assert renderer.render(composition).width == 20


def test_an_svg_takes_no_more_than_what_is_left_of_a_render() -> None:
    """A document that never ends is stopped when the render's time is over."""
    body = "<filter id='f'><feTurbulence baseFrequency='0.01' numOctaves='1000000'/></filter>"
    size = 'width="400" height="400"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}<rect filter="url(#f)" {size}/></svg>'
    started = time.monotonic()
    with (
        Renderer("numpy", limits=RenderLimits(seconds=1.0)) as renderer,
        pytest.raises(SourceError, match=r"^layer 'noise' \(layers\[0\]\): svg takes more than"),
    ):
        renderer.render(_composition({"type": "vector", "id": "noise", "svg": svg}))
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("backend", ["numpy", "gl"])
def test_drawing_ends_when_the_time_is_over(backend: Any, gl_renderer: Renderer) -> None:
    """What was planned in time is looked at before each step; the next picture is drawn as ever."""
    blurred = _composition({**_picture("photo"), "filters": [{"type": "blur", "radius": 2}]})
    with Renderer("numpy") as unhurried, Renderer(backend, limits=RenderLimits(seconds=60.0)) as renderer:
        planned = unhurried.plan(blurred)
        late = replace(planned, timings={"decode": 60_000.0})
        for draw in (renderer.draw, lambda late: renderer.begin(late)()):
            with pytest.raises(CompositionError, match=r"^the canvas: rendering takes more than 60 s"):
                draw(late)
        assert renderer.draw(planned).pixel_hash == unhurried.draw(planned).pixel_hash
        if backend == "gl":
            assert renderer._backend._session.textures.live == 0  # type: ignore[attr-defined]
