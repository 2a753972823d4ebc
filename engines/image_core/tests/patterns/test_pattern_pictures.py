"""The pictures of patterns that paint text and shapes: how they count, and what is told of them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, ImageCoreError, Renderer, RenderLimits, SourceError
from engines.image_core.composition.fills import PatternFill
from engines.image_core.export import encode_png
from engines.image_core.numbers.geometry import IDENTITY, Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.fills import repeated
from engines.image_core.tests.composing import composed
from engines.image_core.tests.patterns.drawing import RECT, SIZE, TEXT, TILE, pattern, pixels
from tests.parity.support import noise

LAYERS: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({**TEXT, "color": 0}, "color"),
    "run": ({"type": "text", "runs": [{"text": "a"}, {"text": "b", "color": 0}]}, "runs[1].color"),
    "background": ({**TEXT, "background": {"fill": 0}}, "background.fill"),
    "background of a run": (
        {"type": "text", "runs": [{"text": "a", "background": {"fill": 0}}]}, "runs[0].background.fill",
    ),
    "shape": ({"type": "vector", "shapes": [{**RECT, "fill": 0}]}, "shapes[0].fill"),
    "stroke": (
        {"type": "vector", "shapes": [{**RECT, "stroke": {"width": 3, "color": 0}}]},
        "shapes[0].stroke.color",
    ),
    "mask": (
        {"type": "raster", "source": {"color": "#ffffff"}, "masks": [{"vector": [{**RECT, "fill": 0}]}]},
        "masks[0].vector[0].fill",
    ),
}  # fmt: skip
"""Layers of each place for a paint, which 0 stands for, and the field's name."""


def _with(layer: Any, paint: dict[str, Any]) -> Any:
    if isinstance(layer, dict):
        return {name: paint if part == 0 and name in ("color", "fill") else _with(part, paint)
                for name, part in layer.items()}  # fmt: skip
    return [_with(part, paint) for part in layer] if isinstance(layer, list) else layer


@pytest.mark.parametrize("place", LAYERS)
def test_a_picture_that_is_missing_is_named(repeating: Renderer, place: str) -> None:
    """By the layer and the field, in one line."""
    layer, field = LAYERS[place]
    with pytest.raises(SourceError) as caught:
        pixels(repeating, {**_with(layer, pattern("none.png")), "name": "Title"})
    assert str(caught.value).startswith(f"layer 'Title' (layers[0]), {field}.source: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", LAYERS)
def test_a_picture_counts_by_what_it_holds(repeating: Renderer, folder: Path, place: str) -> None:
    """Another name of the same file is the same plan; other pixels of the same name are another, also where
    the renderer has kept the layer."""
    layer, _ = LAYERS[place]
    data = base64.b64encode((folder / "thin.png").read_bytes()).decode()
    named = composed(_with(layer, pattern("thin.png")), size=SIZE)
    first = repeating.render(named)
    inlined = _with(layer, {"type": "pattern", "source": {"data": data}})
    inline = repeating.render(composed(inlined, size=SIZE))
    assert inline.pipeline_hash == first.pipeline_hash
    again = repeating.render(named)
    assert (again.pixel_hash, again.cache["sources"]["misses"]) == (first.pixel_hash, 0)
    (folder / "thin.png").write_bytes(encode_png(noise(9, *TILE[::-1], opaque=False).pixels))
    changed = repeating.render(named)
    assert changed.pipeline_hash != first.pipeline_hash
    assert changed.pixel_hash != first.pixel_hash


def test_an_outlined_stroke_does_not_depend_on_a_files_name(repeating: Renderer, folder: Path) -> None:
    """The outlines of a text are the same, whatever the picture that it is painted with is called."""
    (folder / "copy.png").write_bytes((folder / "paper.png").read_bytes())
    text = {**TEXT, "effects": [{"type": "stroke", "source": "outline"}]}
    first, second = (
        repeating.render(composed({**text, "color": pattern(name)}, size=SIZE))
        for name in ("paper.png", "copy.png")
    )
    assert first.pipeline_hash == second.pipeline_hash


def test_the_pictures_of_paints_are_within_the_limits(folder: Path) -> None:
    """They count as sources do, the second time too."""
    composition = composed({**TEXT, "color": pattern()}, size=SIZE)
    few = RenderLimits(source_pixels=TILE[0] * TILE[1] - 1)
    told = pytest.raises(SourceError, match=r"^layers\[0\], color.source: .*allowed")
    with Renderer("numpy", root=folder, limits=few) as renderer, told:
        renderer.render(composition)
    with Renderer("numpy", root=folder, limits=RenderLimits(decoded_bytes=4 * 120 * 80)) as renderer:
        assert renderer.render(composed(TEXT, size=SIZE)).pixels.any()
    size = 4 * int(np.prod(_ink_size(folder)))
    with Renderer("numpy", root=folder, limits=RenderLimits(decoded_bytes=size + 1)) as renderer:
        for _ in range(2):
            with pytest.raises(SourceError, match=r"^layers\[0\]: the sources up to this one"):
                renderer.render(composition)


def _ink_size(folder: Path) -> tuple[int, int]:
    """Of what the text draws."""
    with Renderer("numpy", root=folder) as renderer:
        rows, columns = np.nonzero(renderer.render(composed(TEXT, size=SIZE)).pixels[..., 3])
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize(
    ("paint", "told"),
    [
        ({"type": "pattern"}, "color.source"),
        ({"type": "pattern", "source": {}}, "color.source: give exactly one of path, asset_id, data"),
        ({"type": "picture"}, "paint of type linear, radial, gradient or pattern"),
    ],
)
def test_a_pattern_that_is_written_wrongly_is_told(paint: dict[str, Any], told: str) -> None:
    """As for raster layers."""
    with pytest.raises(CompositionError) as caught:
        composed({**TEXT, "color": paint})
    assert told in str(caught.value)


def test_a_pattern_too_large_for_its_place_names_the_layer(repeating: Renderer) -> None:
    """What is reduced so far that more of it than a step may have is read is an error."""
    corners = [[-16384, 0], [16384, 0], [16384, 40], [-16384, 40]]
    bar = {"type": "polygon", "points": corners, "fill": pattern()}
    with pytest.raises(ImageCoreError, match=r"^layers\[0\]: .*pixels are to be made of it"):
        pixels(repeating, {"type": "vector", "shapes": [bar], "transform": {"scale": 0.002, "x": 60}})


@pytest.mark.parametrize("left", [0, 5, 30])
def test_no_more_of_a_picture_is_read_than_shows(left: int) -> None:
    """A place that is small reads a part of a copy, which may lie across its end."""
    picture = DecodedImage(noise(0, 40, 50, opaque=True).pixels, "noise", opaque=True)
    fill = PatternFill.model_validate(pattern(scale=2.0))
    placed = repeated(fill, picture, IDENTITY, Rect(left, 0, left + 12, 12))
    assert placed is not None
    (tile,) = placed.image.inputs
    assert max(tile.width, tile.height) <= 12 / 2 + 5
