"""Patterns as the paint of text and shapes: the pixels that raster layers filled with them have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.tests.composing import composed
from engines.image_core.tests.patterns.drawing import BOX, SIZE, TEXT, TILE, filled, pattern, pixels

PATTERNS: list[dict[str, Any]] = [
    {},
    {"offset": [7, -3]},
    {"offset": [3.5, 0.25]},
    {"scale": 0.3},
    {"scale": 1.7, "offset": [1, 1]},
    {"scale": 2.5, "sampling": "linear"},
]
TRANSFORMS: list[dict[str, Any]] = [
    {"x": 20, "y": 18},
    {"x": 20.5, "y": 18.25},
    {"x": 2, "y": 6, "scale": 1.3},
    {"x": 80, "y": 60, "rotation": 90, "anchor": "center"},
    {"x": 80, "y": 60, "rotation": 33, "anchor": "center", "scale": 0.8, "scale_y": 1.2},
]


@pytest.mark.parametrize("transform", TRANSFORMS, ids=str)
@pytest.mark.parametrize("fields", PATTERNS, ids=str)
def test_text_and_shapes_have_the_pixels_of_a_raster_layer_filled_with_thepattern(
    repeating: Renderer, fields: dict[str, Any], transform: dict[str, Any]
) -> None:
    """Wherever a layer covers a pixel whole, at any scale, offset and turn, but near the edge of the box: a
    picture ends there, the pattern of a text does not."""
    paint = pattern(**fields)
    raster = pixels(repeating, filled(paint, transform, *BOX.values()))
    inside = _inner(raster[..., 3] == 255, 5)
    left, top = (20, 20) if "anchor" in transform else (0, 0)  # the canvas is the box of shapes
    rect = {"type": "rect", "x": left, "y": top, "width": 120, "height": 80}
    background = {"fill": paint, "per": "box"}
    for layer in (
        {**TEXT, "color": paint},
        {**TEXT, "background": background, "color": "#00000000"},
        {"type": "vector", "shapes": [{**rect, "fill": paint}]},
    ):
        drawn = pixels(repeating, {**layer, "transform": transform})
        whole = (drawn[..., 3] == 255) & inside
        assert whole.sum() > 800
        assert np.array_equal(drawn[whole], raster[whole])


def _inner(covered: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """What lies farther than some pixels from what is not covered."""
    framed = np.pad(covered, by)
    views = np.lib.stride_tricks.sliding_window_view(framed, (2 * by + 1, 2 * by + 1))
    return np.asarray(views.all(axis=(2, 3)))


@pytest.mark.parametrize("box", ["ink", "line", "glyph", "box"])
def test_a_pattern_begins_at_the_corner_of_its_box(repeating: Renderer, folder: Path, box: str) -> None:
    """Of all ink, of each line's, of each glyph's, or the layer's own."""
    text = {"type": "text", "text": "I E\nL", "size": 50.0, "weight": 900, "line_height": 1.0,
            "transform": {"x": 9, "y": 4}}  # fmt: skip
    drawn = pixels(repeating, {**text, "gradient_box": box, "color": pattern()})
    ink = drawn[..., 3] > 0
    beside, below = _gap(ink[:40], 0), _gap(ink, 1)
    everything, lines = slice(None), [slice(0, below), slice(below, None)]
    parts = {
        "ink": [(everything, everything)],
        "box": [(everything, everything)],
        "line": [(line, everything) for line in lines],
        "glyph": [(lines[0], slice(0, beside)), (lines[0], slice(beside, None)), (lines[1], everything)],
    }
    tile = _picture(folder / "paper.png")
    for part in parts[box]:
        rows, columns = np.nonzero(ink[part])
        left, top = (9, 4) if box == "box" else (columns.min(), rows.min())
        rows, columns = np.nonzero(drawn[part][..., 3] == 255)
        assert len(rows) > 200
        expected = tile[(rows - top) % TILE[1], (columns - left) % TILE[0]]
        assert np.array_equal(drawn[part][rows, columns], expected)


def _gap(ink: NDArray[np.bool_], axis: int) -> int:
    """Where after the first rows or columns with ink there is one without."""
    inked = np.flatnonzero(ink.any(axis=axis))
    return int(inked[np.flatnonzero(np.diff(inked) > 1)[0]]) + 1


def _picture(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGBA"))


def test_a_translucent_pattern_lies_over_what_was_drawn_before(repeating: Renderer, folder: Path) -> None:
    """A shape's stroke over its fill, by the rule of a normal layer."""
    square = {"type": "rect", "x": 0, "y": 0, "width": 46, "height": 34}
    both = [{**square, "fill": "#2060c0"}, {**square, "fill": pattern("thin.png")}]
    drawn = pixels(repeating, {"type": "vector", "shapes": both})
    plain = pixels(
        repeating, {"type": "vector", "shapes": both[:1]}, filled(pattern("thin.png"), {}, 46.0, 34.0)
    )
    assert np.array_equal(drawn, plain)
    alone = pixels(repeating, {"type": "vector", "shapes": both[1:]})
    tile = _picture(folder / "thin.png")
    assert np.array_equal(alone[:34, :46][..., 3], np.tile(tile[..., 3], (2, 2)))


def test_a_stroke_takes_apattern(repeating: Renderer, folder: Path) -> None:
    """It begins, as a gradient does, at the corner of the geometry."""
    line = {"type": "rect", "x": 20, "y": 10, "width": 60, "height": 60,
            "stroke": {"color": pattern(), "width": 12}}  # fmt: skip
    drawn = pixels(repeating, {"type": "vector", "shapes": [line]})
    tile = _picture(folder / "paper.png")
    rows, columns = np.nonzero(drawn[..., 3])
    assert (columns.min(), rows.min()) == (14, 4)
    assert np.array_equal(drawn[rows, columns], tile[(rows - 10) % TILE[1], (columns - 20) % TILE[0]])


def test_a_mask_of_shapes_shows_what_the_alpha_of_their_pattern_says(
    repeating: Renderer, folder: Path
) -> None:
    """Of a vector mask the alpha counts, that of patterns too."""
    shape = {"type": "rect", "x": 0, "y": 0, "width": 46, "height": 34, "fill": pattern("thin.png")}
    layer = {"type": "raster", "source": {"color": "#ffffff"}, "mask": {"vector": [shape]}}
    drawn = pixels(repeating, layer)
    assert np.array_equal(drawn[:34, :46][..., 3], np.tile(_picture(folder / "thin.png")[..., 3], (2, 2)))


@pytest.mark.parametrize("rotation", [0, 30])
def test_what_is_cropped_away_changes_no_pixel(repeating: Renderer, rotation: int) -> None:
    """A text that hangs over the canvas's edge has the pixels that it has on a larger one."""
    text = {**TEXT, "color": pattern(scale=1.4)}
    turn = {"rotation": rotation, "anchor": "center"}
    small = repeating.render(composed({**text, "transform": {"x": 30, "y": 50, **turn}}, size=(64, 70)))
    large = repeating.render(composed({**text, "transform": {"x": 130, "y": 150, **turn}}, size=(300, 300)))
    assert small.pixels[..., 3].any()
    assert np.array_equal(small.pixels, large.pixels[100:170, 100:164])


def test_a_text_of_patterns_and_colours_is_the_same_on_every_backend(
    renderer: Renderer, numpy_renderer: Renderer
) -> None:
    """Each is given the same pixels."""
    coffee = pattern("coffee.png", scale=0.2)
    runs = [{"text": "A", "color": coffee}, {"text": "B", "background": {"fill": coffee}, "color": "#ff00ff"}]
    text = {"type": "text", "runs": runs, "size": 60.0, "effects": [{"type": "stroke", "source": "outline"}]}
    composition = composed({**text, "transform": {"rotation": 20, "x": 40}}, size=SIZE)
    expected, drawn = numpy_renderer.render(composition), renderer.render(composition)
    assert (drawn.pipeline_hash, drawn.pixel_hash) == (expected.pipeline_hash, expected.pixel_hash)
