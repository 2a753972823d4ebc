"""Gradients as the descriptors that Photoshop keeps for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.fills import GradientFill, OpacityStop
from engines.image_core.psd.writing import descriptors as d
from engines.image_core.psd.writing.notes import LayerNotes

__all__ = ["falloff_values", "gradient_values"]

_STYLES = {
    "linear": b"Lnr ",
    "radial": b"Rdl ",
    "angle": b"Angl",
    "reflected": b"Rflc",
    "diamond": b"Dmnd",
}
_METHODS = {"classic": b"Gcls", "linear": b"Lnr ", "perceptual": b"Perc"}

_OPAQUE = (OpacityStop(offset=0.0, opacity=1.0), OpacityStop(offset=1.0, opacity=1.0))


def gradient_values(fill: GradientFill, notes: LayerNotes) -> dict[bytes, Any]:
    """What a gradient overlay or a stroke says of its gradient."""
    if not fill.snap:
        notes.approximated("a gradient's line begins and ends at whole pixels, as with snap")
    return {
        b"Grad": _gradient(fill, notes),
        b"Angl": d.degrees(fill.angle),
        b"Type": d.named(b"GrdT", _STYLES[fill.style]),
        b"Rvrs": d.flag(fill.reverse),
        b"Dthr": d.flag(fill.dither),
        b"gradientsInterpolationMethod": _method(fill),
        b"Algn": d.flag(True),
        b"Scl ": d.percent(fill.scale),
        b"Ofst": d.offset(*fill.offset),
    }


def falloff_values(fill: GradientFill, notes: LayerNotes) -> dict[bytes, Any]:
    """What a glow says of its gradient, which runs with its falloff and cannot be told to be reversed."""
    if fill.reverse:
        changed = {"stops": _reversed(fill.stops), "reverse": False}
        if fill.opacity_stops is not None:
            changed["opacity_stops"] = _reversed(fill.opacity_stops)
        fill = fill.model_copy(update=changed)
    return {b"Grad": _gradient(fill, notes), b"gradientsInterpolationMethod": _method(fill)}


def _reversed(stops: Sequence[Any]) -> tuple[Any, ...]:
    """Stops from the last to the first; a midpoint goes with the stop that then comes second."""
    midpoints = [0.5, *(1 - stop.midpoint for stop in reversed(stops[1:]))]
    return tuple(
        stop.model_copy(update={"offset": 1 - stop.offset, "midpoint": midpoint})
        for stop, midpoint in zip(reversed(stops), midpoints, strict=True)
    )


def _method(fill: GradientFill) -> Any:
    return d.named(b"gradientInterpolationMethodType", _METHODS[fill.interpolation])


def _gradient(fill: GradientFill, notes: LayerNotes) -> Any:
    colors = [
        d.descriptor(
            b"Clrt",
            {b"Clr ": d.color(stop.color), b"Type": d.named(b"Clry", b"UsrS"), **_place(stop, notes)},
        )
        for stop in fill.stops
    ]
    opacities = [
        d.descriptor(b"TrnS", {b"Opct": d.percent(stop.opacity), **_place(stop, notes)})
        for stop in _opacities(fill, notes)
    ]
    values = {
        b"Nm  ": d.text("Custom"),
        b"GrdF": d.named(b"GrdF", b"CstS"),
        b"Intr": d.number(4096 * fill.smoothness),
        b"Clrs": d.several(colors),
        b"Trns": d.several(opacities),
    }
    return d.descriptor(b"Grdn", values)


def _opacities(fill: GradientFill, notes: LayerNotes) -> Sequence[OpacityStop]:
    if fill.opacity_stops is not None:
        return fill.opacity_stops
    alphas = [parse_color(stop.color)[3] / 255 for stop in fill.stops]
    if min(alphas) == 1:
        return _OPAQUE
    notes.approximated("a gradient's colours and opacities run apart, as Photoshop has them")
    return [
        OpacityStop(offset=stop.offset, opacity=alpha, midpoint=stop.midpoint)
        for stop, alpha in zip(fill.stops, alphas, strict=True)
    ]


def _place(stop: Any, notes: LayerNotes) -> dict[bytes, Any]:
    return {
        b"Lctn": d.whole(notes.whole("offset", stop.offset, 4096)),
        b"Mdpn": d.whole(notes.whole("midpoint", stop.midpoint, 100)),
    }
