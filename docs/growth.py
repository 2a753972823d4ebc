"""The chart of docs/PERFORMANCE.md: how the time to composite grows with the layers, drawn by this library.

Its numbers are in growth.json, which `python -m docs.growth out/bench.json` takes from a benchmark's results.
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

from engines.image_core import ImageComposition

__all__ = ["growth_chart"]

_NUMBERS = Path(__file__).with_name("growth.json")

_WIDTH, _HEIGHT = 1200, 660
_LEFT, _RIGHT, _TOP, _BOTTOM = 100, 870, 110, 580
_POWERS = range(4)
_COLORS = {"image-core gl": "#ffb347", "image-core numpy": "#ff6f61"}
_OTHERS = ("#6fa8ff", "#7bd88f", "#c792ea", "#8fa3bf")
_GROUND, _INK, _FAINT = "#10151f", "#c8d2e3", "#2a3446"

Layer = dict[str, Any]
Curve = dict[int, float]


def growth_chart() -> ImageComposition:
    """A line a contender: layers across and milliseconds up, both in powers."""
    numbers = json.loads(_NUMBERS.read_text())
    curves = {name: {int(x): y for x, y in curve.items()} for name, curve in numbers["curves"].items()}
    others = iter(_OTHERS)
    colors = {name: _COLORS.get(name) or next(others) for name in curves}
    title = "Milliseconds to composite layers of 1920 x 1080 pixels"
    layers = [_text(title, _LEFT, 28, 28, weight=600), _text(numbers["machine"], _LEFT, 66, 16)]
    layers += _grid(sorted({x for curve in curves.values() for x in curve}))
    ends = _spread_out({name: _y(curve[max(curve)]) for name, curve in curves.items()})
    for name, curve in curves.items():
        layers += [_line(curve, colors[name], 4 if name in _COLORS else 2.5)]
        layers += [_text(name, _RIGHT + 22, ends[name] - 11, 18, colors[name])]
    canvas = {"width": _WIDTH, "height": _HEIGHT, "background_color": _GROUND, "layers": layers}
    return ImageComposition.model_validate({"tenant_id": "docs", "env": "gallery", **canvas})


def _x(layers: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * math.log(layers) / math.log(50), 2)


def _y(milliseconds: float) -> float:
    power = math.log10(milliseconds) - _POWERS[0]
    return round(_BOTTOM - (_BOTTOM - _TOP) * power / (_POWERS[-1] - _POWERS[0]), 2)


def _grid(counts: list[int]) -> list[Layer]:
    lines = [[[_LEFT, _y(10.0**power)], [_RIGHT, _y(10.0**power)]] for power in _POWERS]
    lines += [[[_x(count), _TOP], [_x(count), _BOTTOM]] for count in counts]
    stroke = {"width": 1, "color": _FAINT}
    layers: list[Layer] = [
        {"type": "vector", "shapes": [{"type": "line", "points": line, "stroke": stroke} for line in lines]}
    ]
    layers += [_text(f"{10.0**power:g}", _LEFT - 60, _y(10.0**power) - 11, 18) for power in _POWERS]
    layers += [_text(str(count), _x(count) - 7, _BOTTOM + 10, 18) for count in counts]
    return [*layers, _text("layers", (_LEFT + _RIGHT) // 2 - 20, _BOTTOM + 38, 18)]


def _line(curve: Curve, color: str, width: float) -> Layer:
    points = [[_x(count), _y(curve[count])] for count in sorted(curve)]
    stroke = {"width": width, "color": color, "join": "round", "cap": "round"}
    dots = [{"type": "ellipse", "cx": x, "cy": y, "rx": 5, "ry": 5, "fill": color} for x, y in points]
    return {"type": "vector", "shapes": [{"type": "line", "points": points, "stroke": stroke}, *dots]}


def _text(text: str, x: float, y: float, size: float, color: str = _INK, weight: int = 400) -> Layer:
    placed = {"transform": {"x": x, "y": y}, "size": size, "color": color, "weight": weight}
    return {"type": "text", "text": text, **placed}


def _spread_out(places: dict[str, float], apart: float = 24) -> dict[str, float]:
    """The places of labels, from the top, moved down until none touches the one above."""
    moved: dict[str, float] = {}
    lowest = -math.inf
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        moved[name] = lowest = max(place, lowest + apart)
    return moved


def _taken(results: dict[str, Any]) -> dict[str, Any]:
    """The chart's numbers, of a benchmark's JSON: the median wall time of each growing stack."""
    curves: dict[str, dict[str, float]] = {}
    for row in results["rows"]:
        found = re.fullmatch(r"cut-outs, (\d+) layers?, .*, 1920x1080", row["job"])
        if found and "twice a layer" not in row["contender"] and "alpha_composite" not in row["contender"]:
            name = re.sub(r" (\d+\.)+\d+", "", row["contender"])
            times = sorted(row["wall_ms"])
            curves.setdefault(name, {})[found[1]] = round(times[len(times) // 2], 1)
    machine = results["machine"]
    about = (
        f"{machine['cores']} cores, {machine['cpu']}; {machine['gl'].split(';')[0]}; {machine['date'][:10]}"
    )
    return {"machine": about, "curves": curves}


if __name__ == "__main__":
    _NUMBERS.write_text(json.dumps(_taken(json.loads(Path(sys.argv[1]).read_text())), indent=1) + "\n")
