"""For each field of layer effects a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["EFFECT_CHANGES"]

_BENT = [[0, 90], [255, 20]]
_SHADOW: dict[str, Any] = {
    "color": "#ff00ff", "opacity": 0.3, "blend_mode": "screen", "angle": 10.0, "distance": 9.0, "size": 12,
    "contour": _BENT,
}  # fmt: skip
_GLOW: dict[str, Any] = {
    "color": "#ff00ff", "opacity": 0.3, "blend_mode": "multiply", "size": 12, "range": 0.9, "contour": _BENT,
}  # fmt: skip
_EFFECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "DropShadow": ("drop-shadow", {**_SHADOW, "spread": 0.8, "knockout": False}),
    "InnerShadow": ("inner-shadow", {**_SHADOW, "choke": 0.8}),
    "OuterGlow": ("outer-glow", {**_GLOW, "spread": 0.8}),
    "InnerGlow": ("inner-glow", {**_GLOW, "choke": 0.8, "source": "center"}),
    "Satin": ("satin", {**_SHADOW, "inverted": False}),
    "ColorOverlay": ("color-overlay", {"color": "#ff00ff", "opacity": 0.3, "blend_mode": "screen"}),
    "StrokeEffect": (
        "stroke",
        {"color": "#ff00ff", "opacity": 0.3, "blend_mode": "screen", "size": 5.0, "position": "inside"},
    ),
    "Shadow": ("shadow", {"color": "#ff00ff", "x": 4.0, "y": 4.0, "blur": 5.0, "spread": 3.0}),
    "BackdropBlur": ("backdrop-blur", {"radius": 9.0, "saturation": 2.0}),
}
_GIVEN: dict[str, dict[str, Any]] = {"shadow": {"x": 9.0}, "backdrop-blur": {"radius": 3.0}}
"""What is given before a change too: a radius must be, and a hard shadow is moved for its blur to show."""


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


EFFECT_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    f"{model}.{name}": (
        _effected(kind, **_GIVEN.get(kind, {})),
        _effected(kind, **_GIVEN.get(kind, {}) | {name: value}),
    )
    for model, (kind, fields) in _EFFECTS.items()
    for name, value in fields.items()
} | {"PlacedLayer.effects": (_effected("satin"), _effected("stroke"))}
