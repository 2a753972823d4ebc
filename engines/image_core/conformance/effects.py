"""Cases of layer effects: each kind on a drawing, on a picture with soft alpha and on a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, raster

__all__ = ["effects"]

_CANVAS = (97, 71)
_BENT = [[0, 0], [90, 200], [255, 40]]
_GRADIENT = {
    "type": "gradient",
    "angle": 30.0,
    "stops": [
        {"offset": 0, "color": "#ffe030"},
        {"offset": 0.6, "color": "#e02060"},
        {"offset": 1, "color": "#102080"},
    ],
}
_FALLOFF = {
    "type": "gradient",
    "stops": [{"offset": 0, "color": "#ffffff"}, {"offset": 1, "color": "#ff6000"}],
    "opacity_stops": [{"offset": 0, "opacity": 1}, {"offset": 1, "opacity": 0.1}],
}
_PATTERN = {"type": "pattern", "source": noise("pattern", 11, 9)}

_KINDS: dict[str, tuple[dict[str, Any], ...]] = {
    "drop-shadow": (
        {},
        {"size": 12, "distance": 9.0, "spread": 0.4, "angle": -30.0, "knockout": False},
        {"size": 7, "contour": _BENT, "blend_mode": "normal", "color": "#4000ff90", "noise": 0.3},
    ),
    "inner-shadow": (
        {},
        {"size": 13, "distance": 4.0, "choke": 0.5, "blend_mode": "color-burn", "noise": 1.0},
    ),
    "outer-glow": (
        {},
        {"size": 14, "spread": 0.3, "range": 0.9, "contour": _BENT, "color": "#00ff80"},
        {"size": 11, "technique": "precise", "spread": 0.2, "range": 0.8, "color": _FALLOFF},
    ),
    "inner-glow": (
        {},
        {"source": "center", "size": 16, "range": 0.7},
        {"choke": 0.6, "size": 10},
        {"size": 9, "technique": "precise", "color": _FALLOFF, "contour": [[0, 30], [255, 255]]},
    ),
    "satin": ({}, {"inverted": False, "size": 9, "distance": 6.0, "angle": 77.0, "contour": _BENT}),
    "color-overlay": ({}, {"opacity": 0.4, "blend_mode": "luminosity"}),
    "gradient-overlay": (
        {"gradient": _GRADIENT, "opacity": 0.6},
        {
            "gradient": _GRADIENT | {"style": "radial", "dither": True},
            "align": "canvas",
            "blend_mode": "overlay",
        },
    ),
    "pattern-overlay": (
        {"pattern": _PATTERN, "opacity": 0.5},
        {"pattern": _PATTERN | {"scale": 2.5, "sampling": "linear", "offset": [3, -4.5]}, "align": "canvas"},
    ),
    "bevel": (
        {},
        {"style": "outer", "size": 9, "depth": 2.5, "angle": -40.0, "direction": "down"},
        {"style": "emboss", "size": 7, "soften": 3, "altitude": 60.0, "gloss_contour": _BENT},
        {"style": "pillow", "size": 12, "depth": 4.0, "contour": [[0, 0], [128, 40], [255, 255]]},
    ),
    "stroke": (
        {"color": "#ffffff"},
        {"size": 4.5, "position": "inside", "blend_mode": "screen", "color": "#c04000"},
        {"size": 9.25, "position": "center", "opacity": 0.6},
        {"size": 6, "color": _GRADIENT},
        {"size": 5, "color": _PATTERN, "position": "center"},
    ),
    "shadow": (
        {"x": 3.0, "y": 4.0, "blur": 6.0},
        {"x": -5.5, "spread": -2.0, "blur": 3.0, "color": "#c00000a0"},
    ),
}


def effects() -> Iterator[Case]:
    """Each kind at a few settings, and together; with fill, modes, masks, clipped layers."""
    for name, layers in {**_alone(), **_together()}.items():
        yield replace(case(f"effects/{name}", _CANVAS, layers, background="#c0d0e0c0"), suite=2)


def _drawing(**fields: Any) -> dict[str, Any]:
    """A star with a hole, partly beyond the canvas."""
    star = "M 40 6 L 52 34 L 88 30 L 60 48 L 104 78 L 44 60 L 8 74 L 24 44 L 4 20 L 34 30 Z"
    path = f"{star} M 40 38 v 9 h 10 v -9 Z"
    return {"type": "vector", "shapes": [{"type": "path", "d": path, "fill": "#e06020"}], **fields}


def _soft(**fields: Any) -> dict[str, Any]:
    """Noise of any alpha through a feathered ellipse."""
    ellipse = {"type": "ellipse", "points": [[12, 9], [80, 60]], "feather_radius": 3}
    return raster(noise("picture", *_CANVAS), mask={"selection": ellipse}, **fields)


def _alone() -> dict[str, list[dict[str, Any]]]:
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    found = {}
    for kind, settings in _KINDS.items():
        for index, fields in enumerate(settings):
            effect = [{"type": kind, **fields}]
            layer = _drawing(effects=effect) if index % 2 == 0 else _soft(effects=effect)
            found[f"{kind}-{index}"] = [opaque, layer]
            found[f"{kind}-{index}-over-nothing"] = [layer | {"opacity": 0.7}]
    return found


def _together() -> dict[str, list[dict[str, Any]]]:
    every = [{"type": kind, **settings[0]} for kind, settings in _KINDS.items()]
    strokes = [
        {"type": "stroke", "size": size, "color": color} for size, color in ((9, "#2040ff"), (4, "#ffffff"))
    ]
    opaque = raster(noise("opaque", *_CANVAS, opaque=True))
    inside = [
        _drawing(opacity=0.6),
        raster(noise("a", 30, 20), transform={"x": 50.5, "y": 12, "rotation": 20}),
    ]
    group: dict[str, Any] = {"type": "group", "layers": inside, "effects": every}
    return {
        "all": [opaque, _drawing(effects=every)],
        "all-without-fill": [opaque, _drawing(effects=every, fill_opacity=0.0)],
        "all-by-a-mode": [opaque, _soft(effects=every, blend_mode="linear-light", fill_opacity=0.4)],
        "all-with-interior": [opaque, _soft(effects=every, blend_mode="screen", blend_interior_effects=True)],
        "all-of-its-mask": [opaque, _soft(effects=every, transparency_shapes_layer=False)],
        "all-in-red": [opaque, _drawing(effects=every, channels=["red"])],
        "two-strokes": [opaque, _drawing(effects=[strokes[0], strokes[1] | {"blend_mode": "multiply"}])],
        "group": [opaque, group],
        "group-passed-through": [
            opaque,
            group | {"blend_mode": "pass-through", "transform": {"x": 5, "y": -3}},
        ],
        "clipped": [opaque, _drawing(effects=every), _soft(clip=True, effects=strokes)],
        "turned": [opaque, group | {"transform": {"rotation": 25, "scale": 0.8}}],
        "faded": [opaque, _drawing(effects=[*every, *strokes], opacity=0.5)],
        "beyond": [
            opaque,
            _drawing(effects=[{"type": "drop-shadow", "distance": 80.0, "size": 9}], transform={"y": -75}),
        ],
    }
