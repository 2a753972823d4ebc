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
    for name, layers in {**found, **_others(), **_parts(), **_cut(), **_tiled()}.items():
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


def _parts() -> dict[str, list[dict[str, Any]]]:
    """Places and sizes as parts of the canvas, and anchors between the named ones."""
    at = {"x": "50%", "y": "37.5%", "anchor": [0.3, 0.8]}
    fitted = _picture(fit="cover", width="33.3%", height="62.5%", transform=at)
    size = {"width": "25%", "height": "50%"}
    inside = [raster({"color": "#20a060"}, **size, transform={"x": "10%", "y": "5%"}), fitted]
    return {
        "percentages": [fitted],
        "percentages-in-a-group": [
            {"type": "group", "layers": inside, "transform": {"x": "20%", "scale": 0.75}}
        ],
        "anchored-anywhere": [_picture(transform={**at, "rotation": 33, "scale": 0.8})],
    }


def _cut() -> dict[str, list[dict[str, Any]]]:
    """Crops, and what fits keep in view."""
    narrow: dict[str, Any] = {"width": 30.5, "height": 50, "transform": {"x": 20, "y": 9}}
    focuses: dict[str, Any] = {
        "point": [0.2, 0.5],
        "right": "right",
        "boxes": {"boxes": [[40, 3, 48, 20], [2, 2, 9, 9], ["50%", 0, "60%", "10%"]]},
    }
    return {
        **{f"cover-{name}": [_picture(fit="cover", focus=at, **narrow)] for name, at in focuses.items()},
        "contain-right": [_picture(fit="contain", focus=[0.9, 0], width=80, height=40)],
        "cropped": [_picture(crop=[7, 3, "90%", 40], transform={"x": 9.5, "y": 4, "rotation": 12})],
        "cropped-and-covering": [_picture(crop=["20%", 0, "80%", "50%"], fit="cover", focus="top", **narrow)],
    }


def _tiled() -> dict[str, list[dict[str, Any]]]:
    """Pictures repeated, over a box and without an end."""
    turned: dict[str, Any] = {**_MIDDLE, "rotation": -25, "scale": 0.8}
    bricks = {"width": 20, "gap": [5, 3], "stagger": 0.5, "offset": [3, -7]}
    return {
        "tiled": [_picture(tile={})],
        "tiled-bricks": [_picture(tile=bricks, width=80, height=50.5, transform={"x": 7, "y": 9.25})],
        "tiled-and-turned": [_picture(tile=bricks, transform=turned, opacity=0.5)],
        "tiled-of-a-crop": [
            _picture(crop=[9, 9, 30, 20], tile={"height": 15, "gap": 1, "stagger": 0.8}, **_both_filters())
        ],
    }


def _both_filters() -> dict[str, Any]:
    return {"filters": [{"type": "blur", "radius": 3, "edges": "mirror"}], "width": 60, "height": 40}
