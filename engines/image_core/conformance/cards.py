"""Cases of everything together: cards as they are drawn for customers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.drawn import MARK
from engines.image_core.conformance.pictures import noise, ramp, raster

__all__ = ["cards"]

_SIZES = {"thumbnail": (320, 180), "square": (480, 480), "story": (360, 640), "link": (1200, 630)}


def cards() -> Iterator[Case]:
    """A picture that covers, a gradient, a shadow, a masked portrait, a mark, a headline; four formats."""
    for name, size in _SIZES.items():
        yield case(f"cards/{name}", size, _layers(*size), background="#0b1020")


def _layers(width: int, height: int) -> list[dict[str, Any]]:
    side = min(width, height)
    unit = side / 180
    shade = {
        "type": "linear",
        "end": [1, 0],
        "stops": [{"offset": 0, "color": "#070b16f2"}, {"offset": 1, "color": "#16265000"}],
    }
    panel = {
        "type": "rect",
        "x": 0.1 * width,
        "y": 0.15 * height,
        "width": 0.5 * width,
        "height": 0.6 * height,
    }
    box = [[0.62 * width, 0.3 * height], [0.95 * width, 0.3 * height + 0.33 * width]]
    mark = {
        "type": "vector",
        "svg": MARK,
        "width": 40 * unit,
        "transform": {"x": 8.5 * unit, "y": 8.25 * unit},
    }
    headline = {
        "type": "text",
        "text": "One stack, the same bytes everywhere",
        "color": "#ffffff",
        "size": 30 * unit,
        "weight": 700,
        "line_height": 1.05,
        "auto_fit": True,
        "box_width": 0.46 * width,
        "box_height": 0.5 * height,
        "transform": {"x": 0.12 * width, "y": 0.2 * height},
    }
    return [
        raster(noise("photograph", 160, 120, opaque=True), fit="cover", adjustments={"saturation": 0.6}),
        raster({"color": shade}, blend_mode="multiply"),
        {
            "type": "vector",
            "shapes": [panel | {"fill": "#000000a0", "radius": 8 * unit}],
            "filters": [{"type": "blur", "radius": 6 * unit}],
        },
        raster(
            ramp(down=True),
            fit="cover",
            mask={"selection": {"type": "ellipse", "points": box, "feather_radius": unit}},
            adjustments={"contrast": 1.2, "gamma": 1.1},
        ),
        {"type": "group", "layers": [mark, headline], "opacity": 0.95},
    ]
