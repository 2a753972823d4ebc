"""For each field of layer effects a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["EFFECT_CHANGES"]

_BENT = [[0, 90], [255, 20]]
_SHADOW: dict[str, Any] = {
    "color": "#ff00ff", "opacity": 0.3, "blend_mode": "screen", "angle": 10.0, "distance": 9.0, "size": 12,
    "contour": _BENT,
}  # fmt: skip
_GRADIENT: dict[str, Any] = {
    "type": "gradient",
    "stops": [{"offset": 0, "color": "#ff00ff"}, {"offset": 1, "color": "#00ffff"}],
}
_OTHER = {"type": "gradient", "stops": [{"offset": 0, "color": "#ffff00"}, {"offset": 1, "color": "#00ff00"}]}
_PATTERN: dict[str, Any] = {"type": "pattern", "source": {"path": "coffee.png"}}
_GLOW: dict[str, Any] = {
    "color": _GRADIENT, "opacity": 0.3, "blend_mode": "multiply", "technique": "precise", "size": 12,
    "range": 0.9, "contour": _BENT, "noise": 0.5,
}  # fmt: skip
_EFFECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "DropShadow": ("drop-shadow", {**_SHADOW, "spread": 0.8, "knockout": False, "noise": 0.5}),
    "InnerShadow": ("inner-shadow", {**_SHADOW, "choke": 0.8, "noise": 0.5}),
    "OuterGlow": ("outer-glow", {**_GLOW, "spread": 0.8}),
    "InnerGlow": ("inner-glow", {**_GLOW, "choke": 0.8, "source": "center"}),
    "Satin": ("satin", {**_SHADOW, "inverted": False}),
    "ColorOverlay": ("color-overlay", {"color": "#ff00ff", "opacity": 0.3, "blend_mode": "screen"}),
    "GradientOverlay": (
        "gradient-overlay",
        {"gradient": _OTHER, "opacity": 0.3, "blend_mode": "screen", "align": "canvas"},
    ),
    "PatternOverlay": (
        "pattern-overlay",
        {"pattern": _PATTERN | {"scale": 2}, "opacity": 0.3, "blend_mode": "screen", "align": "canvas"},
    ),
    "Bevel": (
        "bevel",
        {
            "style": "pillow",
            "direction": "down",
            "depth": 3.0,
            "size": 9,
            "soften": 4,
            "angle": 20.0,
            "altitude": 60.0,
            "contour": [[0, 0], [128, 30], [255, 255]],
            "gloss_contour": _BENT,
            "highlight": {"color": "#ff00ff"},
            "shadow": {"color": "#ff00ff"},
        },
    ),
    "StrokeEffect": (
        "stroke",
        {"color": _GRADIENT, "opacity": 0.3, "blend_mode": "screen", "size": 5.0, "position": "inside"},
    ),
    "BackdropBlur": ("backdrop-blur", {"radius": 9.0, "saturation": 2.0}),
    "Shadow": ("shadow", {"color": "#ff00ff", "x": 4.0, "y": 4.0, "blur": 5.0, "spread": 3.0}),
}


def _effected(kind: str, **fields: Any) -> dict[str, Any]:
    """Half a layer of paint, through which a shadow shows."""
    return {
        "type": "raster",
        "source": {"color": "#2080c0"},
        "width": 40.0,
        "height": 30.0,
        "transform": {"x": 12, "y": 10},
        "fill_opacity": 0.5,
        "effects": [{"type": kind, **fields}],
    }


_FIRST: dict[str, dict[str, Any]] = {
    "shadow": {"x": 9.0},  # a hard shadow that is moved: what blurs it shows
    "gradient-overlay": {"gradient": _GRADIENT},
    "pattern-overlay": {"pattern": _PATTERN},
    "backdrop-blur": {"radius": 3.0},
}
"""What an effect has already where one of its fields is changed."""


def _changed(kind: str, **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    first = _FIRST.get(kind, {})
    return _effected(kind, **first), _effected(kind, **first | fields)


def _shade(name: str, **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return _changed("bevel", **{name: fields})


_SATIN = {"opacity": 1.0, "blend_mode": "normal", "color": "#ffff00"}

EFFECT_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    f"{model}.{name}": _changed(kind, **{name: value})
    for model, (kind, fields) in _EFFECTS.items()
    for name, value in fields.items()
} | {
    "PlacedLayer.effects": (_effected("satin"), _effected("stroke")),
    "PlacedLayer.blend_interior_effects": (
        _effected("satin", **_SATIN),
        _effected("satin", **_SATIN) | {"blend_interior_effects": True},
    ),
    "PlacedLayer.transparency_shapes_layer": (
        _effected("satin", **_SATIN),
        _effected("satin", **_SATIN) | {"transparency_shapes_layer": False},
    ),
    **{
        f"{model}.{field}": _shade(name, **{field: value})
        for model, name in (("BevelHighlight", "highlight"), ("BevelShadow", "shadow"))
        for field, value in (("color", "#00ff00"), ("opacity", 0.2), ("blend_mode", "difference"))
    },
}
