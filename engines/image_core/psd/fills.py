"""Photoshop's gradients, patterns and colours, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable, Sequence
from typing import Any

from psd_tools.api.layers import Layer

from engines.image_core.psd.document import Document, Fields

__all__ = [
    "descriptor_color",
    "gradient_fill",
    "gradient_map_stops",
    "lab_to_srgb",
    "pattern_fill",
    "respanned",
]

_STYLES = {b"Lnr ": "linear", b"Rdl ": "radial", b"Angl": "angle", b"Rflc": "reflected", b"Dmnd": "diamond"}
_METHODS = {b"Lnr ": "linear", b"Perc": "perceptual", b"Smoo": "smooth"}


def descriptor_color(color: Any) -> str:
    """A colour of a descriptor as #rrggbb: red, green and blue as they are, other spaces brought to sRGB."""
    for keys, convert in _SPACES:
        if all(color.get(key) is not None for key in keys):
            return _hex(convert(*(float(color.get(key)) for key in keys)))
    raise ValueError("a colour is in a space that is not known")


def _hex(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(max(value, 0), 255)):02x}" for value in rgb)


def _from_hsb(hue: float, saturation: float, brightness: float) -> list[float]:
    return [255 * value for value in colorsys.hsv_to_rgb(hue / 360 % 1, saturation / 100, brightness / 100)]


def _from_inks(cyan: float, magenta: float, yellow: float, black: float) -> list[float]:
    return [255 * (1 - ink / 100) * (1 - black / 100) for ink in (cyan, magenta, yellow)]


_SPACES: tuple[tuple[tuple[bytes, ...], Callable[..., Sequence[float]]], ...] = (
    ((b"Rd  ", b"Grn ", b"Bl  "), lambda *rgb: rgb),
    ((b"H   ", b"Strt", b"Brgh"), _from_hsb),
    ((b"Cyn ", b"Mgnt", b"Ylw ", b"Blck"), _from_inks),
    ((b"Lmnc", b"A   ", b"B   "), lambda *lab: [255 * value for value in lab_to_srgb(*lab)]),
    ((b"Gry ",), lambda grey: [255 * (1 - grey / 100)] * 3),
)


def lab_to_srgb(lightness: float, a: float, b: float) -> list[float]:
    """CIE Lab under D50 to sRGB, 0 ... 1 and beyond, by Bradford's adaptation to D65.

    Source: CSS Color Module Level 4, section 10.
    """
    y = (lightness + 16) / 116
    cube = [
        value**3 if value > 6 / 29 else 3 * (6 / 29) ** 2 * (value - 4 / 29)
        for value in (y + a / 500, y, y - b / 200)
    ]
    x, y, z = (value * white for value, white in zip(cube, (0.9642956764, 1.0, 0.8251046025), strict=True))
    linear = (
        3.1341358 * x - 1.6173863 * y - 0.4906620 * z,
        -0.9787956 * x + 1.9162544 * y + 0.0334427 * z,
        0.0719554 * x - 0.2289768 * y + 1.4053860 * z,
    )
    return [12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in linear]


def gradient_map_stops(data: Any) -> Fields:
    """The stops of a gradient map's own record: 16 bits a channel, offsets of 0 to 4096."""
    stops = [
        {
            "offset": stop.location / 4096,
            "color": "#" + "".join(f"{round(value / 257):02x}" for value in stop.color[:3]),
            "midpoint": _midpoint(stop.midpoint),
        }
        for stop in data.color_stops
    ]
    return {"stops": stops, "smoothness": data.interpolation / 4096, **_interpolation(data.method)}


def gradient_fill(data: Any) -> Fields:
    """A gradient fill layer's or a gradient overlay's descriptor as a paint."""
    gradient = data.get(b"Grad")
    offset = data.get(b"Ofst")
    method = data.get(b"gradientsInterpolationMethod", data.get(b"gs99"))
    fields: Fields = {
        "type": "gradient",
        "style": _STYLES[data.get(b"Type").enum] if data.get(b"Type") is not None else "linear",
        "angle": float(data.get(b"Angl", 0)),
        "scale": float(data.get(b"Scl ", 100)) / 100,
        "reverse": bool(data.get(b"Rvrs", False)),
        "snap": True,
        "smoothness": float(gradient.get(b"Intr", 4096)) / 4096,
        "stops": [
            {
                "offset": int(stop.get(b"Lctn")) / 4096,
                "color": descriptor_color(stop.get(b"Clr ")),
                "midpoint": _midpoint(int(stop.get(b"Mdpn"))),
            }
            for stop in gradient.get(b"Clrs")
        ],
        "opacity_stops": [
            {
                "offset": int(stop.get(b"Lctn")) / 4096,
                "opacity": float(stop.get(b"Opct")) / 100,
                "midpoint": _midpoint(int(stop.get(b"Mdpn"))),
            }
            for stop in gradient.get(b"Trns")
        ],
    }
    if offset is not None:
        fields["offset"] = [float(offset.get(b"Hrzn")) / 100, float(offset.get(b"Vrtc")) / 100]
    return fields | _interpolation(method.enum if method is not None else b"Gcls")


def respanned(fill: Fields, box: Sequence[float], other: Sequence[float]) -> Fields:
    """A gradient that spans a box, told for what spans another.

    Args:
        fill: the gradient.
        box, other: each a left, top, right and bottom edge.
    """
    middle = [
        ((box[axis] + box[axis + 2] - other[axis] - other[axis + 2]) / 2 + part * (box[axis + 2] - box[axis]))
        / (other[axis + 2] - other[axis])
        for axis, part in enumerate(fill.get("offset", (0.0, 0.0)))
    ]
    longer = _line(box, fill["angle"]) / _line(other, fill["angle"])
    return fill | {"offset": middle, "scale": fill["scale"] * longer}


def _line(box: Sequence[float], angle: float) -> float:
    """How long a gradient's line is in a box, from edge to edge."""
    sides = box[2] - box[0], box[3] - box[1]
    parts = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    return min(side / part for side, part in zip(sides, parts, strict=True) if part > 1e-9)


def pattern_fill(
    data: Any, document: Document, layer: Layer, begun_at: tuple[float, float] = (0, 0)
) -> Fields | None:
    """A pattern fill layer's or a pattern overlay's descriptor as a paint; None where the file lacks it.

    begun_at: where a pattern begins that is linked with its layer.
    """
    source = document.pattern(data.get(b"Ptrn").get(b"Idnt").value.rstrip("\x00"))
    if source is None:
        document.note(layer, "its pattern is not in the file and is not drawn")
        return None
    if float(data.get(b"Angl", 0)):
        document.note(layer, "its pattern is drawn unturned")
    phase = data.get(b"phase")
    moved = (0.0, 0.0) if phase is None else (float(phase.get(b"Hrzn")), float(phase.get(b"Vrtc")))
    begun_at = begun_at if bool(data.get(b"Algn", True)) else (0, 0)
    return {
        "type": "pattern",
        "source": source,
        "scale": float(data.get(b"Scl ", 100)) / 100,
        "sampling": "linear",
        "offset": [moved[0] + begun_at[0], moved[1] + begun_at[1]],
    }


def _midpoint(percent: int) -> float:
    return min(max(percent / 100, 0.01), 0.99)


def _interpolation(method: bytes) -> Fields:
    return {"interpolation": _METHODS[method]} if method in _METHODS else {}
