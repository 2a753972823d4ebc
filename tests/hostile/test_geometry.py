"""Paths, polygons, strokes and layers in numbers made to cost: drawn, or refused with the layer's name."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from engines.image_core import RenderLimits
from tests.hostile.child import in_child
from tests.hostile.telling import composition, rendered_told

_LABEL = "layer 'art'"


def _points(count: int, reach: float) -> list[list[float]]:
    chance = random.Random(count)
    return [[chance.uniform(-reach, reach), chance.uniform(-reach, reach)] for _ in range(count)]


def _shape(**fields: Any) -> dict[str, Any]:
    return {"type": "vector", "id": "art", "shapes": [fields]}


def _filled(**fields: Any) -> dict[str, Any]:
    return _shape(fill="#ff0000", **fields)


def _stroked(across: float, **fields: Any) -> dict[str, Any]:
    return _shape(stroke={"color": "#000000", "width": across, "join": "round", "cap": "round"}, **fields)


def _masked(**fields: Any) -> dict[str, Any]:
    return {"type": "raster", "id": "art", "source": {"color": "#ff0000"}, "mask": {"selection": fields}}


_FAR = "C1e6 1e6-1e6 1e6 9 9"  # a cubic that leads a million pixels away and back

_LAYERS: dict[str, Callable[[], dict[str, Any]]] = {
    "a path of 124,000 pairs of lines": lambda: _filled(type="path", d="M0 0" + "l1 1 1-1" * 124_000),
    "a polygon of 60,000 points far and wide": lambda: _filled(type="polygon", points=_points(60_000, 1e6)),
    "a polygon of 100,000 points on the canvas": lambda: _filled(
        type="polygon", points=_points(100_000, 100)
    ),
    "far cubics": lambda: _filled(type="path", d="M0 0" + _FAR * 20_000),
    "arcs": lambda: _filled(type="path", d="M0 0" + "a9 9 0 1 1 9 9 " * 500),
    "arcs beyond their reach": lambda: _filled(
        type="path", d="M0 0" + "A1 1e6 45 1 1 9 9A1e6 1e6 9 1 1 0 0" * 20
    ),
    "a stroke of 5,000 points": lambda: _stroked(5, type="line", points=_points(5_000, 1e6)),
    "wide strokes of far cubics": lambda: _stroked(16384, type="path", d="M0 0" + _FAR * 500),
    "an ellipse as far as can be": lambda: _filled(type="ellipse", cx=1e6, cy=-1e6, rx=16384, ry=1e-300),
    "a rectangle of nothing": lambda: _stroked(
        1e-300, type="rect", x=-1e6, y=1e6, width=5e-324, height=5e-324
    ),
    "a lasso of 60,000 points": lambda: _masked(
        type="lasso", points=_points(60_000, 1e6), feather_radius=250
    ),
    "a brush as wide as the largest canvas": lambda: _masked(
        type="brush", strokes=[{"points": _points(20_000, 1e6), "width": 16384}]
    ),
    "3,000 stops": lambda: {
        "type": "raster",
        "id": "art",
        "source": {
            "color": {
                "type": "linear",
                "stops": [{"offset": n / 3000, "color": "#ff0000"} for n in range(3000)],
            }
        },
    },
}


def draw(name: str, scale: float = 1.0) -> str | None:
    """Draw a layer by its name."""
    layer = _LAYERS[name]()
    return rendered_told(composition({**layer, "transform": {"scale": scale, "rotation": 33}}), _LABEL)


@pytest.mark.parametrize("name", _LAYERS)
def test_shapes_are_drawn_or_told_in_bounded_time(name: str) -> None:
    """What has too many points is told with the layer's name; a stroke once took gigabytes and minutes."""
    outcome = in_child(draw, name)
    assert outcome.result is None or "too many" in outcome.result or "too dense" in outcome.result
    assert outcome.peak_mib < 1200


@pytest.mark.parametrize("name", ["an ellipse as far as can be", "a rectangle of nothing", "arcs"])
def test_extremes_are_drawn_or_told_at_the_largest_scale(name: str) -> None:
    """A thousand times larger and turned, either nothing is seen or the reach is told."""
    line = draw(name, 1000.0)
    assert line is None or "reaches to" in line or "too dense" in line


@pytest.mark.parametrize(
    "name", ["arcs", "wide strokes of far cubics", "a brush as wide as the largest canvas"]
)
def test_the_time_of_a_render_ends_shapes_and_selections(name: str) -> None:
    """A second is over within the layer, not after it."""
    layer = {**_LAYERS[name](), "transform": {"rotation": 1}}
    if name == "arcs":
        layer["shapes"] = [{"type": "path", "fill": "#ff0000", "d": "M0 0" + "a9 9 0 1 1 9 9 " * 60_000}]
    line = rendered_told(composition(layer), _LABEL, RenderLimits(seconds=1.0))
    assert str(line).endswith("rendering takes more than 1 seconds")


def draw_layers(count: int, groups: int) -> str | None:
    """Draw many layers in nested groups, on a small canvas."""
    layers: list[dict[str, Any]] = [{"type": "raster", "source": {"color": "#ff000080"}}] * count
    for _ in range(groups):
        layers = [{"type": "group", "layers": layers}]
    return rendered_told(composition(*layers, width=8, height=8))


@pytest.mark.parametrize(
    ("count", "groups", "reason"),
    [
        (2_000, 0, None),
        (10_001, 0, "layers[10000]: there are too many layers: allowed are 10,000"),
        (100_000, 0, "layers[10000]: there are too many layers: allowed are 10,000"),
        (10, 32, None),
        (1, 33, "groups nest 33 deep: allowed is 32"),
    ],
)
def test_layers_and_groups_are_bounded(count: int, groups: int, reason: str | None) -> None:
    """Ten thousand layers and 32 groups deep are drawn, one more is told."""
    outcome = in_child(draw_layers, count, groups)
    assert outcome.result is None if reason is None else reason in outcome.result
    assert outcome.peak_mib < 500
