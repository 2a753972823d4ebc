"""Cases that nobody thought of: trees of layers drawn by lot, always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from engines.image_core.conformance.case import MODES, Case, case
from engines.image_core.conformance.pictures import noise, raster

__all__ = ["trees"]

_T = TypeVar("_T")
_COUNT = 750
_CANVAS_SIDES = (1, 7, 31, 61, 64, 67, 97, 127, 128, 131)
_PICTURE_SIDES = (3, 16, 61, 64, 97, 127, 131)


def trees() -> Iterator[Case]:
    """Layers of every kind with one to three of everything there is, up to three groups deep."""
    for number in range(_COUNT):
        lot = _Lot(f"tree {number}")
        lot.size = lot.one_of(_CANVAS_SIDES), lot.one_of(_CANVAS_SIDES)
        layers = [_layer(lot, 0) for _ in range(lot.one_of((1, 2, 3, 4)))]
        background = lot.one_of(("#00000000", "#204060", "#20406080"))
        yield replace(case(f"trees/{number:04d}", lot.size, layers, background=background), level="full")


class _Lot:
    """Choices by lot: 4 bytes of SHAKE-128 of a name for each, as a big-endian number.

    Attributes:
        size: of the canvas.
    """

    size = (1, 1)

    def __init__(self, name: str) -> None:
        self._name = name.encode()
        self._bytes = iter(hashlib.shake_128(self._name).digest(4096))

    def number(self) -> int:
        """From 0 to 2^32 - 1."""
        return int.from_bytes([next(self._bytes) for _ in range(4)])

    def one_of(self, values: Sequence[_T]) -> _T:
        """One of these."""
        return values[self.number() % len(values)]

    def place(self) -> list[float]:
        """A point about the middle of the canvas, in whole pixels: most of what lies there is seen."""
        return [self.number() % (side + 9) - side // 3 for side in self.size]

    def between(self, low: float, high: float) -> float:
        """In steps of 1/1024 of the range."""
        return low + (high - low) * (self.number() % 1025) / 1024


def _layer(lot: _Lot, depth: int) -> dict[str, Any]:
    layer = _content(lot, depth)
    layer |= {"transform": _transform(lot), "filters": _filters(lot), "adjustments": _adjustments(lot)}
    layer |= {"opacity": lot.one_of((1, 1, 1, 1, 0.37, 0.8, 1 / 32768)), "blend_mode": lot.one_of(MODES)}
    if lot.number() % 5 == 0:
        layer["mask"] = {"selection": _selection(lot), "inverted": lot.one_of((False, True))}
    return layer


def _content(lot: _Lot, depth: int) -> dict[str, Any]:
    kind = lot.one_of(("picture", "picture", "picture", "paint", "shape", "text", "group", "group"))
    if kind == "group" and depth < 3:
        return {"type": "group", "layers": [_layer(lot, depth + 1) for _ in range(lot.one_of((1, 1, 2)))]}
    if kind == "text":
        return {"type": "text", "text": "Rag", "size": lot.one_of((7, 24.5, 70)), "color": "#e04080c0"}
    if kind == "shape":
        box = {"x": lot.between(-20, 40), "y": 5.25, "width": lot.between(20, 90), "height": 30}
        return {
            "type": "vector",
            "shapes": [{"type": "rect", **box, "radius": lot.one_of((0, 9)), "fill": "#e08030c0"}],
        }
    size = {"width": lot.one_of((17, 40.5, 90)), "height": lot.one_of((23.25, 64))}
    if kind == "paint":
        stops = [{"offset": 0, "color": "#ff000080"}, {"offset": 1, "color": "#0040ff"}]
        gradient = {"type": "radial", "stops": stops}
        return raster({"color": lot.one_of(("#c02040", "#20c04080", gradient))}, **size)
    name, opaque = f"picture {lot.number() % 8}", lot.one_of((False, True))
    picture = raster(noise(name, lot.one_of(_PICTURE_SIDES), lot.one_of(_PICTURE_SIDES), opaque=opaque))
    fit = lot.one_of(("none", "none", "cover", "contain", "fill"))
    return picture if fit == "none" else picture | {"fit": fit, **size}


def _transform(lot: _Lot) -> dict[str, Any]:
    place: dict[str, Any] = dict(zip("xy", lot.place(), strict=True))
    match lot.number() % 7:
        case 0 | 6:
            return {}
        case 1:
            return place
        case 2:
            place = {axis: value + 0.25 for axis, value in place.items()}
        case 3:
            place |= {
                "scale": lot.between(-3, 3) or 1,
                "scale_y": lot.one_of((0.5, 1, -2)),
                "anchor": "center",
            }
        case 4:
            place |= {"rotation": lot.one_of((90, 180, 270, -45, 1e-6))}
        case _:
            place |= {"rotation": lot.between(-360, 360), "scale": lot.between(0.05, 3)}
    return {"anchor": lot.one_of(("top-left", "center")), **place}


def _filters(lot: _Lot) -> list[dict[str, Any]]:
    radius = lot.one_of((0, 0.3, 1, 2.7, 6, 17, 33))
    sharpen = {
        "type": "sharpen",
        "radius": radius,
        "amount": lot.one_of((0.5, 1, 5)),
        "threshold": lot.one_of((0, 9)),
    }
    blur = {"type": "blur", "radius": radius}
    return lot.one_of(([], [], [], [blur], [sharpen], [blur, sharpen], [sharpen, blur]))


def _adjustments(lot: _Lot) -> dict[str, float]:
    settings = {
        "exposure": lot.one_of((-3, -1, 0.3, 2)),
        "brightness": lot.between(0.1, 3),
        "contrast": lot.between(0, 4),
        "saturation": lot.between(0, 4),
        "gamma": lot.one_of((0.1, 0.45, 2.2, 10)),
        "sharpness": lot.one_of((0, 2, 4)),
    }
    chosen = {lot.one_of(list(settings)) for _ in range(lot.one_of((0, 0, 0, 1, 2)))}
    return {name: value for name, value in settings.items() if name in chosen}


def _selection(lot: _Lot) -> dict[str, Any]:
    points = [lot.place(), lot.place()]
    return {"type": lot.one_of(("rect", "ellipse")), "points": points, "feather_radius": lot.one_of((0, 3))}
