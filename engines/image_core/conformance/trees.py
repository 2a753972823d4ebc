"""Cases that nobody thought of: trees of layers drawn by draws, always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from engines.image_core.conformance.case import MODES, Case, case
from engines.image_core.conformance.pictures import noise, raster

if TYPE_CHECKING:
    from engines.image_core.gl import Choice

__all__ = ["trees"]

_T = TypeVar("_T")
_COUNT = 750
_CANVAS_SIDES = (1, 7, 31, 61, 64, 67, 97, 127, 128, 131)
_PROGRAMS: tuple[tuple[Choice, ...], ...] = (("general",), ("specialised",))
"""In turn: hardly two trees have the same shape, and to compile each would take most of the time."""
_PICTURE_SIDES = (3, 16, 61, 64, 97, 127, 131)


def trees() -> Iterator[Case]:
    """Layers of every kind with one to three of everything there is, up to three groups deep."""
    for number in range(_COUNT):
        draws = _Draws(f"tree {number}")
        draws.size = draws.one_of(_CANVAS_SIDES), draws.one_of(_CANVAS_SIDES)
        layers = [_layer(draws, 0) for _ in range(draws.one_of((1, 2, 3, 4)))]
        background = draws.one_of(("#00000000", "#204060", "#20406080"))
        drawn = case(f"trees/{number:04d}", draws.size, layers, background=background)
        yield replace(drawn, level="full", programs=_PROGRAMS[number % 2])


class _Draws:
    """Choices by draws: 4 bytes of SHAKE-128 of a name for each, as a big-endian number.

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


def _layer(draws: _Draws, depth: int) -> dict[str, Any]:
    layer = _content(draws, depth)
    layer |= {"transform": _transform(draws), "filters": _filters(draws), "adjustments": _adjustments(draws)}
    layer |= {"opacity": draws.one_of((1, 1, 1, 1, 0.37, 0.8, 1 / 32768)), "blend_mode": draws.one_of(MODES)}
    if draws.number() % 5 == 0:
        layer["mask"] = {"selection": _selection(draws), "inverted": draws.one_of((False, True))}
    return layer


def _content(draws: _Draws, depth: int) -> dict[str, Any]:
    kind = draws.one_of(("picture", "picture", "picture", "paint", "shape", "text", "group", "group"))
    if kind == "group" and depth < 3:
        return {"type": "group", "layers": [_layer(draws, depth + 1) for _ in range(draws.one_of((1, 1, 2)))]}
    if kind == "text":
        return {"type": "text", "text": "Rag", "size": draws.one_of((7, 24.5, 70)), "color": "#e04080c0"}
    if kind == "shape":
        box = {"x": draws.between(-20, 40), "y": 5.25, "width": draws.between(20, 90), "height": 30}
        return {
            "type": "vector",
            "shapes": [{"type": "rect", **box, "radius": draws.one_of((0, 9)), "fill": "#e08030c0"}],
        }
    size = {"width": draws.one_of((17, 40.5, 90)), "height": draws.one_of((23.25, 64))}
    if kind == "paint":
        stops = [{"offset": 0, "color": "#ff000080"}, {"offset": 1, "color": "#0040ff"}]
        gradient = {"type": "radial", "stops": stops}
        return raster({"color": draws.one_of(("#c02040", "#20c04080", gradient))}, **size)
    name, opaque = f"picture {draws.number() % 8}", draws.one_of((False, True))
    picture = raster(noise(name, draws.one_of(_PICTURE_SIDES), draws.one_of(_PICTURE_SIDES), opaque=opaque))
    fit = draws.one_of(("none", "none", "cover", "contain", "fill"))
    return picture if fit == "none" else picture | {"fit": fit, **size}


def _transform(draws: _Draws) -> dict[str, Any]:
    place: dict[str, Any] = dict(zip("xy", draws.place(), strict=True))
    match draws.number() % 7:
        case 0 | 6:
            return {}
        case 1:
            return place
        case 2:
            place = {axis: value + 0.25 for axis, value in place.items()}
        case 3:
            place |= {
                "scale": draws.between(-3, 3) or 1,
                "scale_y": draws.one_of((0.5, 1, -2)),
                "anchor": "center",
            }
        case 4:
            place |= {"rotation": draws.one_of((90, 180, 270, -45, 1e-6))}
        case _:
            place |= {"rotation": draws.between(-360, 360), "scale": draws.between(0.05, 3)}
    return {"anchor": draws.one_of(("top-left", "center")), **place}


def _filters(draws: _Draws) -> list[dict[str, Any]]:
    radius = draws.one_of((0, 0.3, 1, 2.7, 6, 17, 33))
    sharpen = {
        "type": "sharpen",
        "radius": radius,
        "amount": draws.one_of((0.5, 1, 5)),
        "threshold": draws.one_of((0, 9)),
    }
    blur = {"type": "blur", "radius": radius}
    return draws.one_of(([], [], [], [blur], [sharpen], [blur, sharpen], [sharpen, blur]))


def _adjustments(draws: _Draws) -> dict[str, float]:
    settings = {
        "exposure": draws.one_of((-3, -1, 0.3, 2)),
        "brightness": draws.between(0.1, 3),
        "contrast": draws.between(0, 4),
        "saturation": draws.between(0, 4),
        "gamma": draws.one_of((0.1, 0.45, 2.2, 10)),
        "sharpness": draws.one_of((0, 2, 4)),
    }
    chosen = {draws.one_of(list(settings)) for _ in range(draws.one_of((0, 0, 0, 1, 2)))}
    return {name: value for name, value in settings.items() if name in chosen}


def _selection(draws: _Draws) -> dict[str, Any]:
    points = [draws.place(), draws.place()]
    return {
        "type": draws.one_of(("rect", "ellipse")),
        "points": points,
        "feather_radius": draws.one_of((0, 3)),
    }
