"""Paths, polygons, strokes and layers in numbers made to cost: drawn, or refused with the layer's name."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engines.image_core import RenderLimits
from engines.image_core.export import encode_png
from engines.image_core.sources.vector import flattening, outline, stroking
from tests.hostile.child import in_child, now_at
from tests.hostile.telling import composition, rendered_told

_LABEL = "layer 'art'"


def _points(count: int, reach: float) -> list[list[float]]:
    chance = random.Random(count)
    return [[chance.uniform(-reach, reach), chance.uniform(-reach, reach)] for _ in range(count)]


def _shape(**fields: Any) -> dict[str, Any]:
    return {"type": "vector", "id": "art", "shapes": [fields]}


def _filled(**fields: Any) -> dict[str, Any]:
    return _shape(fill="#ff0000", **fields)


def _stroked(width: float, **fields: Any) -> dict[str, Any]:
    return _shape(stroke={"color": "#000000", "width": width, "join": "round", "cap": "round"}, **fields)


def _masked(**fields: Any) -> dict[str, Any]:
    return {"type": "raster", "id": "art", "source": {"color": "#ff0000"}, "mask": {"selection": fields}}


_FAR = "C1e6 1e6-1e6 1e6 9 9"  # a cubic that leads a million pixels away and back

_LAYERS: dict[str, Callable[[], dict[str, Any]]] = {
    "a path of 60,000 lines": lambda: _filled(type="path", d="M0 0" + "l1 1 1-1" * 30_000),
    "a polygon far and wide": lambda: _filled(type="polygon", points=_points(2_000, 1e6)),
    "a polygon of 20,000 points": lambda: _filled(type="polygon", points=_points(20_000, 100)),
    "arcs": lambda: _filled(type="path", d="M0 0" + "a9 9 0 1 1 9 9 " * 200),
    "arcs too small": lambda: _filled(type="path", d="M0 0" + "A1 1e6 45 1 1 9 9A9 9 9 1 1 0 0" * 9),
    "a stroke": lambda: _stroked(5, type="line", points=_points(1_000, 1e6)),
    "a far ellipse": lambda: _filled(type="ellipse", cx=1e6, cy=-1e6, rx=16384, ry=1e-300),
    "a rectangle of nothing": lambda: _filled(type="rect", x=-1e6, y=1e6, width=5e-324, height=5e-324),
    "a lasso": lambda: _masked(type="lasso", points=_points(20_000, 1e6), feather_radius=250),
    "a wide brush": lambda: _masked(type="brush", strokes=[{"points": _points(100, 1e6), "width": 16384}]),
    "3,000 stops": lambda: {"type": "raster", "id": "art", "source": {"color": _stops(3_000)}},
}


def _stops(count: int) -> dict[str, Any]:
    return {"type": "linear", "stops": [{"offset": n / count, "color": "#ff0000"} for n in range(count)]}


def draw(scale: float) -> dict[str, str | None]:
    """Draw all the layers, turned and scaled; the line that each is refused with."""
    lines = {}
    for name, make in _LAYERS.items():
        now_at(name)
        layer = {**make(), "transform": {"scale": scale, "rotation": 33}}
        lines[name] = rendered_told(composition(layer), _LABEL)
    return lines


def test_shapes_are_drawn_or_told_in_bounded_time() -> None:
    """What is too long or too dense is told with the layer's name; it once took gigabytes, or hours."""
    outcome = in_child(draw, 1.0)
    refused = {name: line for name, line in outcome.result.items() if line}
    assert all("too dense an outline" in line for line in refused.values())
    assert "a lasso" in refused
    assert "a path of 60,000 lines" not in refused
    assert outcome.peak_mib < 800


@pytest.mark.parametrize("name", ["a far ellipse", "a rectangle of nothing", "arcs", "a stroke"])
def test_extremes_are_drawn_or_told_at_the_largest_scale(name: str) -> None:
    """A thousand times larger and turned, either nothing is seen or the reach is told."""
    layer = {**_LAYERS[name](), "transform": {"scale": 1000.0, "rotation": 33}}
    line = rendered_told(composition(layer), _LABEL)
    assert line is None or "reaches to" in line or "too dense" in line


_LONG = {
    "arcs": lambda: _filled(type="path", d="M0 0" + "a9 9 0 1 1 9 9 " * 60_000),
    "strokes": lambda: _stroked(16384, type="path", d="M0 0" + _FAR * 500),
    "a brush": lambda: _masked(type="brush", strokes=[{"points": _points(20_000, 1e6), "width": 16384}]),
}


@pytest.mark.parametrize("name", _LONG)
def test_the_time_of_a_render_ends_shapes_and_selections(name: str) -> None:
    """Half a second is over within the layer, which would take tens of seconds."""
    started = time.monotonic()
    line = rendered_told(composition(_LONG[name]()), _LABEL, RenderLimits(seconds=0.5))
    assert str(line).endswith("rendering takes more than 0.5 seconds")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", ["strokes", "a brush"])
def test_a_stroke_of_too_many_points_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its curves alone and by its round corners: 10 KB of path are millions of points."""
    monkeypatch.setattr(stroking, "_MAX_POINTS", 20_000)
    line = rendered_told(composition(_LONG[name]()), _LABEL)
    assert str(line).endswith("a stroked line takes too many points: allowed are 20,000")


def test_curves_of_too_many_lines_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cubic that leads a million pixels away is a thousand lines."""
    far = _filled(type="path", d="M0 0" + _FAR * 100)
    monkeypatch.setattr(flattening, "_MAX_POINTS", 20_000)
    assert str(rendered_told(composition(far), _LABEL)).endswith("too many lines: allowed are 20,000")


def test_dense_lines_are_refused_by_what_they_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A star of a thousand lines over a large canvas; the same lines on a small one are drawn."""
    star = _filled(type="polygon", points=_points(1_000, 4_000))
    assert rendered_told(composition(star, width=64, height=64), _LABEL) is None
    monkeypatch.setattr(outline, "_MAX_WORK", 1e9)
    line = rendered_told(composition(star, width=4096, height=4096), _LABEL)
    assert line == f"{_LABEL} (layers[0]): too dense an outline: its lines are too many and too long"


def draw_layers(count: int, groups: int) -> str | None:
    """Draw many layers in nested groups, on a small canvas."""
    layers: list[dict[str, Any]] = [{"type": "raster", "source": {"color": "#ff000080"}}] * count
    for _ in range(groups):
        layers = [{"type": "group", "layers": layers}]
    return rendered_told(composition(*layers, width=8, height=8))


@pytest.mark.parametrize(
    ("count", "groups", "reason"),
    [
        (1_000, 0, None),
        (20_000, 0, "layers[10000]: there are too many layers: allowed are 10,000"),
        (10, 32, None),
        (1, 33, "groups nest 33 deep: allowed is 32"),
    ],
)
def test_layers_and_groups_are_bounded(count: int, groups: int, reason: str | None) -> None:
    """Many layers and 32 groups deep are drawn, one more is told."""
    line = draw_layers(count, groups)
    assert line is None if reason is None else reason in str(line)


def _crumpled(patches: int, reach: float) -> dict[str, Any]:
    """A pixel bent by a mesh of so many patches a side whose points lie anywhere."""
    points = _points((3 * patches + 1) ** 2, reach)
    pixel = base64.b64encode(encode_png(np.full((1, 1, 4), 255, np.uint8))).decode()
    warp = {"type": "mesh", "columns": patches, "rows": patches, "points": points}
    return {"type": "raster", "id": "art", "source": {"data": pixel}, "warp": warp}


def draw_meshes() -> dict[str, str | None]:
    """Draw meshes that lie over themselves; the line that each is refused with."""
    lines = {}
    for patches, reach in ((1, 1e6), (50, 1e6), (50, 40.0), (50, 1e-300)):
        now_at(f"{patches} x {patches} patches within {reach:g}")
        lines[f"{patches} {reach:g}"] = rendered_told(composition(_crumpled(patches, reach)), _LABEL)
    lines["far and wide"] = rendered_told(composition(_crumpled(50, 1e6), width=9000, height=9000), _LABEL)
    return lines


def test_meshes_are_drawn_or_told_in_bounded_time() -> None:
    """A million cells one over the other: what would take minutes is told."""
    outcome = in_child(draw_meshes)
    far = outcome.result.pop("far and wide")
    assert "its mesh lies over itself so often" in far
    assert set(outcome.result.values()) == {None}
    assert outcome.peak_mib < 1500
