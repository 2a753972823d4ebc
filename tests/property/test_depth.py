"""Compositions as deep as they may be, drawn in the time of their steps, on each backend."""

import tracemalloc
from typing import Any

import pytest

from engines.image_core import CompositionError, DeviceError, Renderer, SourceError
from engines.image_core.tests.composing import composed, group, picture, random_pixels

SHARPEN = {"type": "sharpen", "radius": 1.0, "amount": 0.1}


def nested(depth: int, **fields: Any) -> dict[str, Any]:
    """A picture in groups in groups."""
    layer = picture(random_pixels(0, 20, 20))
    for _ in range(depth):
        layer = group(layer, **fields)
    return layer


def test_groups_in_groups_each_sharpened_are_drawn_once_each(renderer: Renderer) -> None:
    """A sharpened image is read twice, by itself and by its blur. Were each reading followed down, 32 levels
    would be four thousand million images; this test would not end."""
    layer = nested(32, filters=[SHARPEN], adjustments={"sharpness": 1.1}, transform={"rotation": 1.5})
    assert renderer.render(composed(layer, size=(24, 24))).pixels.any()


def test_the_most_filters_on_groups_in_groups_are_drawn(renderer: Renderer) -> None:
    """Hundreds of steps, each the source of the next, do not run out of stack."""
    blur = {"type": "blur", "radius": 0.5}
    layer = nested(5, filters=[SHARPEN, blur] * 16)
    assert renderer.render(composed(layer, size=(8, 8))).pixels.any()


def test_a_plan_that_sharpens_once_more_has_another_hash(numpy_renderer: Renderer) -> None:
    """What is written once in the plan's serialisation still counts each time."""
    layer = picture(random_pixels(0, 20, 20))
    hashes = {
        numpy_renderer.plan(composed({**layer, "filters": [SHARPEN] * count})).plan.pipeline_hash
        for count in range(5)
    }
    assert len(hashes) == 5


def test_too_many_filters_are_told() -> None:
    """33 filters on a layer: one line that names it."""
    layer = picture(random_pixels(0, 2, 2), name="hazy", filters=[SHARPEN] * 33)
    with pytest.raises(CompositionError, match=r"layer 'hazy', layers\[0\].filters: 33 filters are too many"):
        composed(layer)


def test_filters_that_reach_too_far_are_told(numpy_renderer: Renderer) -> None:
    """Twenty-four wide blurs of a large canvas would need an image beyond what positions can name."""
    layer = {
        "type": "raster",
        "source": {"color": "#204060"},
        "filters": [{"type": "blur", "radius": 250}] * 24,
    }
    with pytest.raises(CompositionError, match=r"layers\[0\]: \d+ x \d+ pixels are to be made of it"):
        numpy_renderer.plan(composed(layer, size=(16384, 16)))


def test_what_is_drawn_inside_a_reduced_group_is_bounded(numpy_renderer: Renderer) -> None:
    """A gradient, a shape and text a thousand times enlarged in a group a thousand times reduced: all of it
    would be seen, in 10^11 pixels. One line says so before any is made."""
    stops = [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}]
    paint = {"type": "linear", "start": [0, 0], "end": [1, 0], "stops": stops}
    enlarged = {"transform": {"scale": 1000}}
    rect = {"type": "rect", "x": 0, "y": 0, "width": 900, "height": 900, "fill": paint}
    layers: list[dict[str, Any]] = [
        {"type": "raster", "source": {"color": paint}, **enlarged},
        {"type": "vector", "shapes": [rect], **enlarged},
        {"type": "text", "text": "WIDE", "size": 400, **enlarged},
    ]
    for layer in layers:
        whole = composed(group(layer, transform={"scale": 0.001}), size=(900, 900))
        with pytest.raises(
            SourceError, match=r"layers\[0\].layers\[0\]: \d+ x \d+ pixels are to be made of it"
        ):
            numpy_renderer.plan(whole)


def test_many_filtered_layers_need_the_memory_of_a_few(numpy_renderer: Renderer) -> None:
    """Sixty blurred layers of 256 x 256, half a megabyte each, are not all held at once."""
    layer = picture(random_pixels(0, 256, 256), filters=[{"type": "blur", "radius": 1}], opacity=0.5)
    planned = numpy_renderer.plan(composed(*[layer] * 60, size=(256, 256)))
    tracemalloc.start()
    numpy_renderer.draw(planned)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 256 * 256 * 8


def test_memory_that_runs_out_is_told(numpy_renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, of our own kind."""

    def fail(*_: object) -> None:
        raise MemoryError("Unable to allocate 4.00 GiB")

    monkeypatch.setattr("engines.image_core.reference.evaluate", fail)
    with pytest.raises(DeviceError, match=r"ran out of memory: Unable to allocate 4.00 GiB"):
        numpy_renderer.render(composed())
