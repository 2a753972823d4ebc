"""Cases of what reads around a pixel: filters and transforms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, ramp, raster

__all__ = ["filters", "transforms"]

_CANVAS = (97, 71)


def _picture(**fields: Any) -> dict[str, Any]:
    return raster(noise("picture", 61, 47), **{"transform": {"x": 18, "y": 12}, **fields})


def filters() -> Iterator[Case]:
    """Blurs from hardly any to the widest, unsharp masks, both in turn, and where the picture ends."""
    for radius in (0.1, 0.3, 0.5, 1, 2.7, 6, 17, 33, 100, 250):
        blur = [{"type": "blur", "radius": radius}]
        yield case(
            f"filters/blur-{radius:g}",
            _CANVAS,
            [_picture(filters=blur)],
            self_test=radius == 2.7,
        )
        opaque = raster(noise("opaque", *_CANVAS, opaque=True), filters=blur)
        yield case(f"filters/blur-{radius:g}-to-the-edges", _CANVAS, [opaque])
    for radius in (0.3, 2, 9, 40):
        for amount in (0.5, 5):
            for threshold in (0, 9, 255):
                sharpen = {"type": "sharpen", "radius": radius, "amount": amount, "threshold": threshold}
                name = f"filters/sharpen-{radius:g}-{amount:g}-{threshold}"
                yield case(name, _CANVAS, [_picture(filters=[sharpen])])
    soft: dict[str, Any] = {"type": "blur", "radius": 3}
    crisp: dict[str, Any] = {"type": "sharpen", "radius": 2, "amount": 2}
    chains = {"blur-sharpen": [soft, crisp], "sharpen-blur": [crisp, soft], "three-blurs": [soft] * 3}
    for name, chain in chains.items():
        yield case(f"filters/{name}", _CANVAS, [_picture(filters=chain)])
        turned = {"x": 30, "y": 3, "rotation": 20, "scale": 0.8}
        yield case(f"filters/{name}-turned", _CANVAS, [_picture(filters=chain, transform=turned)])
        group = {"type": "group", "layers": [_picture(), _picture(opacity=0.5)], "filters": chain}
        yield case(f"filters/{name}-of-a-group", _CANVAS, [group], background="#405060")
    box = raster({"color": "#e0a020c0"}, width=30, height=20, transform={"x": 40.5, "y": 30.25})
    yield case("filters/shadow-of-a-box", _CANVAS, [box | {"filters": [{"type": "blur", "radius": 8}]}, box])
    outside = _picture(transform={"x": -58, "y": -44}, filters=[{"type": "blur", "radius": 20}])
    yield case("filters/blur-from-outside", _CANVAS, [outside])
    for name, layers in _edged().items():
        yield replace(case(f"filters/{name}", _CANVAS, layers), suite=2)


def _edged() -> dict[str, list[dict[str, Any]]]:
    """Filters that see a layer go on beyond its box."""
    found: dict[str, list[dict[str, Any]]] = {}
    for edges in ("extend", "mirror"):
        for radius in (2.7, 33, 250):
            blur = [{"type": "blur", "radius": radius, "edges": edges}]
            found[f"blur-{radius:g}-{edges}"] = [_picture(filters=blur)]
        soft = {"type": "blur", "radius": 6, "edges": edges}
        crisp = {"type": "sharpen", "radius": 9, "amount": 2, "edges": edges}
        between = {"x": -20.25, "y": 40.5, "scale": 1.2}
        found[f"chain-{edges}"] = [_picture(filters=[soft, crisp], transform=between)]
        group = {"type": "group", "layers": [_picture(), _picture(transform={"x": -9})]}
        found[f"group-{edges}"] = [group | {"filters": [crisp, soft], "transform": {"x": 7, "y": -5}}]
    return found


_PLACES: dict[str, dict[str, Any]] = {
    "moved": {"x": -7, "y": 13},
    "moved-a-quarter": {"x": 4.25, "y": 9.75},
    "moved-a-third": {"x": 1 / 3, "y": -2 / 3},
    "doubled": {"scale": 2},
    "enlarged": {"x": 3, "scale": 3.7},
    "enlarged-sixteen": {"x": -200.5, "y": -100, "scale": 16},
    "reduced-by-half": {"scale": 0.5},
    "reduced": {"x": 9.5, "y": 1.25, "scale": 0.33},
    "reduced-to-a-dot": {"x": 30, "y": 30, "scale": 0.01},
    "stretched": {"scale": 0.4, "scale_y": 2.5},
    "mirrored": {"x": 70, "scale": -1},
    "mirrored-and-reduced": {"x": 80, "y": 60, "scale": -0.7, "scale_y": -0.3},
    "turned-90": {"x": 70, "rotation": 90},
    "turned-180": {"x": 80, "y": 60, "rotation": 180},
    "turned-270": {"x": 3, "y": 66, "rotation": 270},
    "turned-1": {"x": 10, "y": 10, "rotation": 1},
    "turned-30": {"x": 40, "y": 5, "rotation": 30},
    "turned-45-reduced": {"x": 45, "y": 5, "rotation": 45, "scale": 0.6},
    "turned-and-enlarged": {"x": 20, "y": 40, "rotation": -33.3, "scale": 2.2},
    "turned-and-stretched": {"x": 60, "y": 20, "rotation": 200, "scale": 0.5, "scale_y": 1.7},
    "turned-and-mirrored": {"x": 60, "y": 20, "rotation": 75, "scale": -0.9, "scale_y": 0.9},
}


def transforms() -> Iterator[Case]:
    """Places, sizes and turns of a picture by its corner and by its centre; fits; groups."""
    for name, place in _PLACES.items():
        least = name in {"reduced", "turned-30"}
        yield case(f"transforms/{name}", _CANVAS, [_picture(transform=place)], self_test=least)
        centred = {"x": 48.5, "y": 35.5, **place, "anchor": "center"}
        yield case(f"transforms/{name}-about-the-centre", _CANVAS, [_picture(transform=centred)])
    for fit in ("cover", "contain", "fill"):
        for width, height in ((None, None), (40, 40), (90, 12.5), (33, None)):
            box = {name: side for name, side in (("width", width), ("height", height)) if side is not None}
            label = "x".join(f"{side:g}" for side in box.values()) or "canvas"
            fitted = _picture(fit=fit, transform={"x": 2, "y": 3}, **box)
            yield case(f"transforms/{fit}-{label}", _CANVAS, [fitted])
    wide = raster(ramp(down=False), fit="cover", width=50, height=60, transform={"rotation": 12, "x": 25})
    yield case("transforms/cover-turned", _CANVAS, [wide])
    for name in ("moved-a-quarter", "reduced", "turned-30", "mirrored"):
        group = {"type": "group", "layers": [_picture(transform=_PLACES["turned-1"]), _picture()]}
        yield case(f"transforms/group-{name}", _CANVAS, [group | {"transform": _PLACES[name]}])
