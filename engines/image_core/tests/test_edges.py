"""Blurs and unsharp masks that see a picture go on beyond its box, against pictures that do."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.boxes import opaque
from engines.image_core.tests.composing import Layer, Pixels, composed, group, picture, random_pixels, solid

MODES: dict[str, Literal["edge", "symmetric"]] = {"extend": "edge", "mirror": "symmetric"}
SIDE = 448
"""How far pictures are made to go on: further than any filter here reads, and a multiple of a blur's grid."""


def filtered(kind: str, radius: float, edges: str | None = None) -> dict[str, Any]:
    """The fields of a layer with one filter."""
    step: dict[str, Any] = {"type": kind, "radius": radius, **({"edges": edges} if edges else {})}
    return {"filters": [step]}


def shown(renderer: Renderer, *layers: Layer, size: tuple[int, int] = (60, 50)) -> Pixels:
    """Layers over nothing."""
    return renderer.render(composed(*layers, size=size)).pixels


@pytest.mark.parametrize("edges", MODES)
@pytest.mark.parametrize("kind", ["blur", "sharpen"])
@pytest.mark.parametrize("radius", [0.4, 3, 10, 33, 60])
def test_it_is_as_if_the_picture_went_on(
    numpy_renderer: Renderer, kind: str, radius: float, edges: str
) -> None:
    """In its box the bytes of a larger picture, which repeats or mirrors its border; outside nothing."""
    pixels = random_pixels(3, 40, 30)
    around = np.pad(pixels, ((SIDE, SIDE), (SIDE, SIDE), (0, 0)), MODES[edges])
    given = shown(numpy_renderer, picture(pixels, **filtered(kind, radius, edges)))
    larger = picture(around, transform={"x": -SIDE, "y": -SIDE}, **filtered(kind, radius))
    assert np.array_equal(given[:30, :40], shown(numpy_renderer, larger)[:30, :40])
    assert not given[30:].any()
    assert not given[:, 40:].any()


@pytest.mark.parametrize("edges", MODES)
@pytest.mark.parametrize("radius", [10, 40])
@pytest.mark.parametrize(
    "place",
    [
        {},
        {"x": -20, "y": 9},
        {"x": 3.25, "y": 7.5},
        {"x": -5.6, "y": 2, "scale": 2.3},
        {"x": 50, "y": 3, "rotation": 90},
        {"x": 44, "y": 3, "scale": -1, "scale_y": 0.4},
    ],
)
def test_what_is_opaque_stays_opaque(
    renderer: Renderer, place: dict[str, Any], radius: float, edges: str
) -> None:
    """Wherever it lies: its alpha is that of the picture without a blur, also between pixels."""
    plain = shown(renderer, picture(opaque(), transform=place))
    soft = shown(renderer, picture(opaque(), transform=place, **filtered("blur", radius, edges)))
    assert np.array_equal(soft[..., 3], plain[..., 3])


@pytest.mark.parametrize("edges", MODES)
@pytest.mark.parametrize("radius", [10, 33])
def test_what_is_seen_of_a_layer_decides_nothing(numpy_renderer: Renderer, radius: float, edges: str) -> None:
    """A small canvas shows a part of what a large one does."""
    layer = picture(opaque(200, 180), **filtered("blur", radius, edges))
    large = shown(numpy_renderer, layer, size=(200, 180))
    for left, top in ((0, 0), (96, 64), (160, 160)):
        moved = {**layer, "transform": {"x": -left, "y": -top}}
        part = shown(numpy_renderer, moved, size=(30, 20))
        assert np.array_equal(part, large[top : top + 20, left : left + 30])


def test_a_group_goes_on_at_the_canvas(renderer: Renderer) -> None:
    """That is its box: an opaque background in it stays opaque, and what lies beyond is cut off."""
    inside = [solid("#203040"), picture(opaque(), transform={"x": 30, "y": 30})]
    out = shown(renderer, group(*inside, **filtered("blur", 8, "extend")))
    assert (out[..., 3] == 255).all()
    moved = shown(renderer, group(*inside, transform={"x": 20}, **filtered("blur", 8, "extend")))
    assert (moved[:, 20:, 3] == 255).all()
    assert not moved[:, :20].any()


def test_a_layer_goes_on_as_transparent_as_its_border_is(renderer: Renderer) -> None:
    """Where a text or a drawing does not reach its box, nothing is repeated."""
    dot = {"type": "ellipse", "cx": 30, "cy": 25, "rx": 6, "ry": 6, "fill": "#ff0000"}
    text = {"type": "text", "text": "a", "size": 20, "box_width": 50, "box_height": 40, "align": "center"}
    for layer in ({"type": "vector", "shapes": [dot]}, text):
        out = [
            shown(renderer, {**layer, **filtered("blur", 2, edges)}) for edges in ("extend", "transparent")
        ]
        assert np.array_equal(out[0], out[1])


def test_filters_go_on_from_one_another(renderer: Renderer) -> None:
    """Each from the border of what the one before has made; colours are changed in between."""
    steps = [
        {"type": "blur", "radius": 4, "edges": "mirror"},
        {"type": "invert"},
        {"type": "sharpen", "radius": 3, "edges": "extend"},
        {"type": "blur", "radius": 20, "edges": "extend"},
    ]
    out = shown(renderer, picture(opaque(), filters=steps, corner_radius=9, transform={"x": 4, "y": 3}))
    assert (out[15, 4:44, 3] == 255).all()
    assert out[3, 4, 3] < 60


def test_the_default_is_transparency(numpy_renderer: Renderer) -> None:
    """Named or not, and where nothing is filtered, it is the same plan."""
    for kind, radius, edges in (
        ("blur", 3, "transparent"),
        ("sharpen", 3, "transparent"),
        ("blur", 0, "extend"),
    ):
        plans = [
            numpy_renderer.plan(composed(picture(opaque(), **filtered(kind, radius, given)))).plan
            for given in (None, edges)
        ]
        assert plans[0].pipeline_hash == plans[1].pipeline_hash


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (
            picture(opaque(), **filtered("blur", 3, "repeat")),
            "edges: 'repeat' is not allowed: allowed is 'transp",
        ),
        (
            picture(opaque(), transform={"rotation": 12.5}, **filtered("blur", 3, "extend")),
            "filters with edges are not allowed on a layer that is turned by 12.5 degrees: turn a group",
        ),
        (
            picture(
                opaque(),
                warp={"type": "corners", "points": [[0, 0], [9, 0], [9, 9], [0, 9]]},
                **filtered("sharpen", 3, "mirror"),
            ),
            "a layer with a warp takes no filters with edges (give them to a group around it)",
        ),
    ],
)
def test_where_a_box_has_no_straight_edge_it_is_refused(layer: Layer, told: str) -> None:
    """A layer inside of what is turned has one."""
    with pytest.raises(CompositionError) as error:
        composed(layer)
    assert told in str(error.value)


def test_the_largest_box_of_the_widest_blur_is_bounded(numpy_renderer: Renderer) -> None:
    """What goes on is made no further than the canvas and what is read around it."""
    layer = solid("#102030", width=16384, height=16384, transform={"x": -8000, "y": -8000, "scale": 1000})
    out = shown(numpy_renderer, {**layer, **filtered("blur", 250, "mirror")}, size=(9, 9))
    assert (out == [16, 32, 48, 255]).all()
