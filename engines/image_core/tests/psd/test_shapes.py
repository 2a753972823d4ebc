"""Fills and strokes of Photoshop's shapes drawn anew."""

from __future__ import annotations

from typing import Any

import pytest
from psd_tools.psd import descriptor as told
from psd_tools.terminology import Unit

from engines.image_core import Renderer
from engines.image_core.tests.composing import composed
from engines.image_core.tests.psd.shape_making import (
    SUBTRACT,
    descriptor,
    gradient,
    line,
    oblong,
    opened,
    shape,
    solid,
    subpath,
)

BOX = oblong(4, 4, 24, 24)


def stroke_of(fields: Any) -> Any:
    """The effect that a closed path's stroke is."""
    return fields["layers"][0]["effects"][0]


def test_a_solid_fill_is_a_drawing() -> None:
    """In its colour, or that which is given instead."""
    fields, note = opened(shape(BOX, fill=solid(1, 2, 3)))
    assert fields is not None
    assert not note
    assert (fields["type"], fields["shapes"][0]["fill"]) == ("vector", "#010203")
    assert opened(shape(BOX), "#00ff00")[0] == fields | {
        "shapes": [fields["shapes"][0] | {"fill": "#00ff00"}]
    }


def test_a_gradient_spans_the_path() -> None:
    """From its left edge to its right one, wherever these are in pixels."""
    fields, _ = opened(shape(oblong(4, 4, 36, 24), fill=gradient()))
    pixels = Renderer("numpy").render(composed(fields or {}, size=(64, 48))).pixels
    assert pixels[10, 4, 0] < 8
    assert pixels[10, 35, 0] > 247
    assert pixels[10, 19, 0] < 128 < pixels[10, 21, 0]


@pytest.mark.parametrize("side", ["Inside", "Center", "Outside"])
def test_a_gradient_of_a_stroked_path_spans_half_the_line_more(side: str) -> None:
    """On each side, whatever the stroke's is."""
    fields, _ = opened(shape(oblong(4, 4, 36, 24), fill=gradient(), stroke=line(4, side)))
    assert fields is not None
    paint = fields["layers"][0]["shapes"][0]["fill"]
    assert (paint["scale"], paint["offset"]) == (pytest.approx(36 / 32), [0, 0])


def test_a_gradient_of_the_canvas_is_masked() -> None:
    """It is a picture's paint over all of the file's canvas."""
    fields, _ = opened(shape(BOX, fill=gradient(Algn=told.Bool(False))), origin=(6, 4))
    assert fields is not None
    (paint,) = fields["layers"]
    assert (paint["width"], paint["height"]) == (64, 48)
    assert paint["transform"] == {"x": -6, "y": -4}
    assert paint["masks"][0]["vector"]


@pytest.mark.parametrize("side", ["Inside", "Center", "Outside"])
def test_a_stroke_follows_the_border_of_all(side: str) -> None:
    """It is an effect along the outline of the fill, in a group that has the layer's own."""
    fields, note = opened(shape(BOX, stroke=line(3, side)))
    assert fields is not None
    assert not note
    assert stroke_of(fields) == {
        "type": "stroke", "source": "outline", "size": 3, "position": side.lower(), "join": "miter",
        "miter_limit": 10, "color": "#0000ff", "opacity": 1, "blend_mode": "normal",
    }  # fmt: skip


def test_a_stroke_is_drawn_where_it_is() -> None:
    """Inside it lies on the fill up to the path and no further."""
    fields, _ = opened(shape(BOX, stroke=line(3)))
    pixels = Renderer("numpy").render(composed(fields or {}, size=(64, 48))).pixels
    assert [tuple(pixels[12, x].tolist()) for x in (3, 4, 6, 7)] == [
        (0, 0, 0, 0), (0, 0, 255, 255), (0, 0, 255, 255), (255, 0, 0, 255),
    ]  # fmt: skip


def test_a_stroke_may_be_all_there_is() -> None:
    """Without a fill, or with one that is a picture, it has a layer of its own that shows nothing else."""
    fields, _ = opened(shape(BOX, stroke=line(fillEnabled=told.Bool(False))))
    assert fields is not None
    assert [layer["fill_opacity"] for layer in fields["layers"]] == [0]
    hidden, _ = opened(shape(BOX, stroke=line(fillEnabled=told.Bool(False), strokeEnabled=told.Bool(False))))
    assert hidden == {"type": "group", "layers": []}


def test_a_width_in_points_goes_by_the_resolution() -> None:
    """Of 72 an inch."""
    width = {
        "strokeStyleLineWidth": told.UnitFloat(value=3, unit=Unit.Points),
        "strokeStyleResolution": told.Double(144),
    }
    assert stroke_of(opened(shape(BOX, stroke=line(**width)))[0])["size"] == 6


def test_an_open_line_has_ends() -> None:
    """Its fill is closed, its stroke is not."""
    path = subpath([(4, 4), (24, 4), (24, 24)], closed=False)
    caps = told.Enumerated(b"", b"strokeStyleRoundCap")
    fields, _ = opened(shape(path, stroke=line(2, "Center", strokeStyleLineCapType=caps)))
    assert fields is not None
    fill, stroke = (layer["shapes"][0] for layer in fields["layers"])
    assert fill["d"].endswith("Z")
    assert not stroke["d"].endswith("Z")
    assert (stroke["stroke"]["cap"], stroke["stroke"]["width"]) == ("round", 2)


NEEDLE = subpath([(4, 4), (60, 5), (4, 6)])
DASHES = {"strokeStyleLineDashSet": told.List([told.Double(2), told.Double(2)])}
PATTERN = {"Ptrn": descriptor(Idnt=told.String("a"))}


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (shape(BOX, stroke=line(**DASHES)), "its stroke is dashed"),
        (shape(BOX, stroke=line(300)), "its stroke is wider than 250 pixels"),
        (shape(BOX, stroke=line(content=descriptor(**PATTERN))), "its stroke is a pattern"),
        (shape(NEEDLE, stroke=line()), "its stroke has miters longer than 10 times half its width"),
        (shape(oblong(4, 4, 24, 24, SUBTRACT), stroke=line()), "its path begins with everything, and has"),
        (shape(subpath([(4, 4), (9, 9)], closed=False)), "its path encloses nothing"),
        (
            shape(subpath([(4, 4), (24, 4), (24, 24)], closed=False), stroke=line()),
            "has a stroke to one side",
        ),
        (shape(oblong(164, 4, 184, 24)), "its path lies elsewhere"),
        (shape(BOX, fill=descriptor(**PATTERN)), "its pattern is not in the file"),
        (shape(BOX, fill=descriptor(**PATTERN, Angl=told.Double(30))), "its pattern is turned"),
        (shape(BOX, fill=descriptor(Grad=descriptor())), "its gradient is one of noise"),
    ],
)
def test_what_cannot_be_drawn_keeps_its_pixels(layer: Any, why: str) -> None:
    """And it is noted why."""
    fields, note = opened(layer)
    assert fields is None
    assert why in note
