"""Photoshop's gradients and colours, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psd_tools.api import numpy_io

Fields = dict[str, Any]

_STYLES = {b"Lnr ": "linear", b"Rdl ": "radial", b"Angl": "angle", b"Rflc": "reflected", b"Dmnd": "diamond"}
_METHODS = {b"Lnr ": "linear", b"Perc": "perceptual", b"Smoo": "smooth"}


def descriptor_color(color: Any) -> str:
    """A colour of a descriptor as #rrggbb."""
    values = (color.get(key) for key in (b"Rd  ", b"Grn ", b"Bl  "))
    return "#" + "".join(f"{round(float(value)):02x}" for value in values)


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
        "style": _STYLES[data.get(b"Type").enum],
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


def pattern_fill(data: Any, psd: Any, begun_at: tuple[float, float] = (0, 0)) -> Fields | None:
    """A pattern fill layer's or a pattern overlay's descriptor as a paint; None where the file lacks it.

    begun_at: where a pattern begins that is linked with its layer.
    """
    found = psd._get_pattern(data.get(b"Ptrn").get(b"Idnt").value.rstrip("\x00"))
    if not found:
        return None
    values = np.rint(255 * numpy_io.get_pattern(found)).astype(np.uint8)
    colors = numpy_io.get_pattern_color_channels(found)
    color = np.broadcast_to(values[..., :colors], (*values.shape[:2], 3))
    alpha = values[..., -1:] if values.shape[2] > colors else np.full((*values.shape[:2], 1), 255, np.uint8)
    phase = data.get(b"phase")
    moved = (0.0, 0.0) if phase is None else (float(phase.get(b"Hrzn")), float(phase.get(b"Vrtc")))
    begun_at = begun_at if bool(data.get(b"Algn", True)) else (0, 0)
    return {
        "type": "pattern",
        "source": {"data": png(np.concatenate([color, alpha], 2))},
        "scale": float(data.get(b"Scl ", 100)) / 100,
        "sampling": "linear",
        "offset": [moved[0] + begun_at[0], moved[1] + begun_at[1]],
    }


def png(pixels: NDArray[np.uint8]) -> str:
    """RGBA as a PNG in base64."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return base64.b64encode(file.getvalue()).decode()


def _midpoint(percent: int) -> float:
    return min(max(percent / 100, 0.01), 0.99)


def _interpolation(method: bytes) -> Fields:
    return {"interpolation": _METHODS[method]} if method in _METHODS else {}
