"""Compositions as deep as they may be, drawn in the time of their steps, on each backend."""

from typing import Any

import pytest

from engines.image_core import CompositionError, Renderer
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
