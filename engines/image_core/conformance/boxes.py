"""Cases of rounded corners and borders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, raster

__all__ = ["boxes"]

_CANVAS = (97, 71)
_WHITE = {"width": 3, "color": "#ffffff"}
_MIDDLE: dict[str, Any] = {"anchor": "center", "x": 48.5, "y": 35}
_FOUR = [4, 21.5, 0, 40]

_FIELDS: dict[str, dict[str, Any]] = {
    "round": {"corner_radius": 12},
    "four": {"corner_radius": _FOUR},
    "too-large": {"corner_radius": 500},
    "bordered": {"border": _WHITE},
    "round-and-bordered": {"corner_radius": 15.25, "border": {"width": 4.5, "color": "#10204090"}},
}
_PLACED: dict[str, dict[str, Any]] = {
    "moved": {"x": 17, "y": 9},
    "moved-by-parts": {"x": 16.75, "y": 9.4},
    "mirrored": {"x": 80, "y": 60, "scale": -1},
    "turned": _MIDDLE | {"rotation": 28},
    "turned-and-reduced": _MIDDLE | {"rotation": -100, "scale": 0.6, "scale_y": 0.9},
}


def boxes() -> Iterator[Case]:
    """Radii and borders of pictures, paints and gradients, wherever they lie; with effects, masks, modes."""
    found = {
        f"{name}-{place}": [_picture(**fields, transform=transform)]
        for name, fields in _FIELDS.items()
        for place, transform in _PLACED.items()
    }
    for name, layers in {**found, **_others()}.items():
        yield replace(case(f"boxes/{name}", _CANVAS, layers, background="#c0d0e0c0"), suite=2)


def _picture(**fields: Any) -> dict[str, Any]:
    return raster(noise("picture", 61, 43), **fields)


def _others() -> dict[str, list[dict[str, Any]]]:
    stops = [{"offset": 0, "color": "#ff4020"}, {"offset": 1, "color": "#2040ff80"}]
    gradient = {"type": "gradient", "style": "radial", "stops": stops}
    size = {"width": 60.5, "height": 40, "transform": {"x": 12, "y": 11.5, "rotation": 7}}
    both = {"corner_radius": _FOUR, "border": _WHITE}
    shadow = {"type": "drop-shadow", "size": 6}
    blurred = {"filters": [{"type": "blur", "radius": 4}]}
    ellipse = {"selection": {"type": "ellipse", "points": [[12, 9], [80, 60]], "feather_radius": 3}}
    placed: dict[str, Any] = {"transform": {"x": 15, "y": 12}}
    return {
        "color": [raster({"color": "#20a060"}, **both, **size)],
        "gradient": [raster({"color": gradient}, **both, **size)],
        "cover": [_picture(fit="cover", width=40, height=60, **both, transform={"x": 30, "y": 4})],
        "contain": [_picture(fit="contain", width=80, height=40, **both, transform={"x": 4, "y": 14})],
        "masked": [_picture(**both, mask=ellipse)],
        "blurred": [_picture(**both, **blurred, **placed)],
        "blurred-and-square": [_picture(border=_WHITE, **blurred, **placed)],
        "shadowed": [_picture(**both, effects=[shadow], **placed)],
        "clipped-to": [_picture(**both, **placed), raster({"color": "#8020c080"}, clip=True)],
        "faded": [_picture(**both, opacity=0.6, fill_opacity=0.7, blend_mode="linear-light", **placed)],
    }
