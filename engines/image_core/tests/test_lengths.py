"""Sizes and places as percentages of the parent's, and anchors that are any point of a box."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.models import ImageComposition, TextLayer
from engines.image_core.psd.openraster import write_openraster
from engines.image_core.psd.writing.document import write_psd
from engines.image_core.tests.boxes import box, opaque
from engines.image_core.tests.composing import Layer, composed, group, picture, solid

SIZE = (120, 50)
TEXT: Layer = {"type": "text", "text": "one two three four", "size": 9, "overflow": "clip"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4"/></svg>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (solid("#ff0000", width="50%", height="10%"), solid("#ff0000", width=60, height=5)),
        (solid("#ff0000", width="33.3%"), solid("#ff0000", width=39.96)),
        (box(transform={"x": "-2.5%", "y": "50%"}), box(transform={"x": -3, "y": 25})),
        (
            picture(opaque(), fit="cover", width="50%", height="40%"),
            picture(opaque(), fit="cover", width=60, height=20),
        ),
        ({**TEXT, "box_width": "50%", "box_height": "30%"}, {**TEXT, "box_width": 60, "box_height": 15}),
        (
            {"type": "vector", "svg": SVG, "width": "10%"},
            {"type": "vector", "svg": SVG, "width": 12},
        ),
        (
            group(group(box(width="50%"), transform={"x": "25%"}), transform={"scale": 0.5}),
            group(group(box(width=60), transform={"x": 30}), transform={"scale": 0.5}),
        ),
    ],
)
def test_a_percentage_is_the_number_that_it_comes_to(
    numpy_renderer: Renderer, written: Layer, meant: Layer
) -> None:
    """The plan and its hash are those of the number, wherever the layer lies."""
    plans = [numpy_renderer.plan(composed(layer, size=SIZE)).plan for layer in (written, meant)]
    assert plans[0].pipeline_hash == plans[1].pipeline_hash


def test_a_composition_without_percentages_is_left_as_it_is(numpy_renderer: Renderer) -> None:
    """And one with them still says what was written."""
    plain = composed(group(box()), size=SIZE)
    assert numpy_renderer.plan(plain).composition is plain
    written = composed(box(width="50%"), size=SIZE)
    numpy_renderer.plan(written)
    again = ImageComposition.model_validate_json(written.model_dump_json())
    assert again == written
    assert again.layers[0].model_dump()["width"] == "50%"


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (box(width="20000%"), "layers[0], width: '20000%' of 120 pixels is 24000: allowed is above 0 and up"),
        (box(width="0%"), "width: '0%' of 120 pixels is 0: allowed is above 0"),
        (box(height="-5%"), "height: '-5%' of 50 pixels is -2.5: allowed is above 0"),
        (box(transform={"x": "1000000%"}), "transform.x: '1000000%' of 120 pixels is 1.2e+06"),
        (
            group(box(), name="moved", transform={"x": "0.5%"}, blend_mode="pass-through"),
            "layer 'moved' (layers[0]): a group with blend_mode 'pass-through' is only moved by whole pixels",
        ),
    ],
)
def test_what_a_percentage_comes_to_must_be_allowed(
    numpy_renderer: Renderer, layer: Layer, told: str
) -> None:
    """The error has the layer, the field, the percentage and the number."""
    with pytest.raises(CompositionError) as error:
        numpy_renderer.plan(composed(layer, size=SIZE))
    assert told in str(error.value)


@pytest.mark.parametrize("given", ["50", "half", "", "5e3%", "1" * 99 + "%"])
def test_other_text_is_no_length(given: str) -> None:
    """Whatever the field."""
    for layer in (box(width=given), box(transform={"x": given})):
        with pytest.raises(
            CompositionError, match="is not allowed: allowed is a number of pixels, or a perc"
        ):
            composed(layer)


def test_a_text_alone_has_no_parent_to_take_parts_of(numpy_renderer: Renderer) -> None:
    """A composition's texts are measured in their canvas."""
    layer = {**TEXT, "box_width": "50%"}
    with pytest.raises(CompositionError, match="text, box_width: '50%' is a part of a canvas"):
        numpy_renderer.measure(TextLayer.model_validate(layer))
    measured = numpy_renderer.measure_all(composed(layer, size=SIZE))
    assert measured["layers[0]"].width == 60


@pytest.mark.parametrize("turn", [{}, {"rotation": 30, "scale": 0.7}])
def test_an_anchor_is_any_point_of_the_box(numpy_renderer: Renderer, turn: dict[str, Any]) -> None:
    """Named ones among them."""
    named = {"center": [0.5, 0.5], "bottom-right": [1, 1], "right": [1, 0.5], "top-left": [0, 0]}
    for name, point in named.items():
        at = {"x": 60, "y": 25, **turn}
        plans = [
            numpy_renderer.plan(
                composed(picture(opaque(), transform={**at, "anchor": anchor}), size=SIZE)
            ).plan
            for anchor in (name, point)
        ]
        assert plans[0].pipeline_hash == plans[1].pipeline_hash
    placed = [
        numpy_renderer.render(composed(box(40, 20, transform=transform), size=SIZE)).pixels
        for transform in ({"x": 20, "y": 5, "anchor": [0.25, -0.5]}, {"x": 10, "y": 15})
    ]
    assert np.array_equal(placed[0], placed[1])


def test_layered_files_have_the_pixels_that_percentages_come_to(numpy_renderer: Renderer) -> None:
    """Of a group that is moved, too."""
    written = composed(group(box(width="50%"), transform={"x": "25%"}), size=SIZE)
    meant = composed(group(box(width=60), transform={"x": 30}), size=SIZE)
    for write in (write_psd, write_openraster):
        assert write(written, numpy_renderer).data == write(meant, numpy_renderer).data
