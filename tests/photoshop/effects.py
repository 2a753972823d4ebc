"""Photoshop's layer effects, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

from typing import Any

from psd_tools.api.layers import Layer
from psd_tools.constants import BlendMode

from tests.photoshop.fills import descriptor_color

Fields = dict[str, Any]

_POSITIONS = {b"OutF": "outside", b"InsF": "inside", b"CtrF": "center"}


def mode_name(mode: BlendMode) -> str:
    """A blend mode by our name for it."""
    return "add" if mode is BlendMode.LINEAR_DODGE else mode.name.lower().replace("_", "-")


def effects(layer: Layer) -> list[Fields]:
    """The layer's effects that are shown, those that compositions have; bottom first."""
    if not layer.effects.enabled:
        return []
    read = (_effect(effect) for effect in layer.effects if effect.enabled)
    return [fields for fields in read if fields is not None][::-1]


def _effect(effect: Any) -> Fields | None:
    data = effect.descriptor
    kind = type(effect).__name__
    if kind not in _READERS or data.get(b"Clr ") is None:
        return None
    fields: Fields = {
        "opacity": float(effect.opacity) / 100,
        "blend_mode": mode_name(effect.blend_mode),
        "color": descriptor_color(data.get(b"Clr ")),
    }
    contour = data.get(b"TrnS", data.get(b"MpgS"))
    if contour is not None:
        points = [[round(float(p.get(b"Hrzn"))), round(float(p.get(b"Vrtc")))] for p in contour.get(b"Crv ")]
        if points != [[0, 0], [255, 255]]:
            fields["contour"] = points
    return fields | _READERS[kind](effect, data)


def _shadow(effect: Any, data: Any) -> Fields:
    return {
        "angle": float(effect.angle),
        "distance": float(effect.distance),
        "size": round(float(effect.size)),
    }


def _drop_shadow(effect: Any, data: Any) -> Fields:
    knockout = bool(data.get(b"layerConceals", True))
    spread = float(data.get(b"Ckmt", 0)) / 100
    return {"type": "drop-shadow", **_shadow(effect, data), "spread": spread, "knockout": knockout}


def _inner_shadow(effect: Any, data: Any) -> Fields:
    return {"type": "inner-shadow", **_shadow(effect, data), "choke": float(data.get(b"Ckmt", 0)) / 100}


def _glow(effect: Any, data: Any) -> Fields:
    return {"size": round(float(effect.size)), "range": max(float(data.get(b"Inpr", 50)) / 100, 0.01)}


def _outer_glow(effect: Any, data: Any) -> Fields:
    return {"type": "outer-glow", **_glow(effect, data), "spread": float(data.get(b"Ckmt", 0)) / 100}


def _inner_glow(effect: Any, data: Any) -> Fields:
    source = "center" if data.get(b"glwS").enum == b"SrcC" else "edge"
    choke = float(data.get(b"Ckmt", 0)) / 100
    return {"type": "inner-glow", **_glow(effect, data), "choke": choke, "source": source}


def _satin(effect: Any, data: Any) -> Fields:
    return {"type": "satin", **_shadow(effect, data), "inverted": bool(effect.inverted)}


def _overlay(effect: Any, data: Any) -> Fields:
    return {"type": "color-overlay"}


def _stroke(effect: Any, data: Any) -> Fields:
    position = _POSITIONS[data.get(b"Styl").enum]
    return {"type": "stroke", "size": float(effect.size), "position": position}


_READERS = {
    "DropShadow": _drop_shadow,
    "InnerShadow": _inner_shadow,
    "OuterGlow": _outer_glow,
    "InnerGlow": _inner_glow,
    "Satin": _satin,
    "ColorOverlay": _overlay,
    "Stroke": _stroke,
}
