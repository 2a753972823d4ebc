"""Photoshop's layer effects, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

from typing import Any

import numpy as np
from psd_tools.api.layers import Layer
from psd_tools.constants import BlendMode, Tag
from psd_tools.psd.descriptor import Bool, Descriptor, List

from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.fills import descriptor_color, gradient_fill, pattern_fill, respanned
from engines.image_core.psd.masks import is_shape

__all__ = ["effects", "interior", "mode_name"]

_STYLES = {
    b"InrB": "inner",
    b"OtrB": "outer",
    b"Embs": "emboss",
    b"PlEb": "pillow",
    b"strokeEmboss": "emboss",
}
_POSITIONS = {b"OutF": "outside", b"InsF": "inside", b"CtrF": "center"}


def mode_name(mode: BlendMode) -> str:
    """A blend mode by our name for it."""
    return "add" if mode is BlendMode.LINEAR_DODGE else mode.name.lower().replace("_", "-")


def effects(layer: Layer, document: Document) -> list[Fields]:
    """The layer's effects that are shown, those that compositions have; bottom first."""
    if not layer.effects.enabled:
        return []
    _mark_present(layer)
    read = (_effect(effect, layer, document) for effect in layer.effects if effect.enabled)
    return [fields for fields in read if fields is not None][::-1]


def _mark_present(layer: Layer) -> None:
    """Older versions do not say of an effect that it is present: what is enabled is."""
    data = layer.effects._data
    for value in [] if data is None else data.values():
        for effect in value if isinstance(value, List) else [value]:
            if isinstance(effect, Descriptor) and effect.get(b"enab") and effect.get(b"present") is None:
                effect[b"present"] = Bool(True)


def interior(layer: Layer) -> Fields:
    """The layer's options that concern its effects."""
    tags = layer.tagged_blocks
    return {
        "blend_interior_effects": bool(tags.get_data(Tag.BLEND_INTERIOR_ELEMENTS, 0)),
        "transparency_shapes_layer": bool(tags.get_data(Tag.TRANSPARENCY_SHAPES_LAYER, 1)),
    }


def _effect(effect: Any, layer: Layer, document: Document) -> Fields | None:
    data = effect.descriptor
    kind = type(effect).__name__
    if kind == "BevelEmboss":
        return _bevel(effect, data, layer, document)
    paint = _paint(data, layer, document)
    if kind not in _READERS or paint is None:
        document.note(layer, f"its effect {kind} is not drawn")
        return None
    fields: Fields = {"opacity": float(effect.opacity) / 100, "blend_mode": mode_name(effect.blend_mode)}
    contour = _contour(data.get(b"TrnS", data.get(b"MpgS")))
    read = fields | ({"contour": contour} if contour else {}) | _READERS[kind](effect, data)
    return read | {_NAMES.get(kind, "color"): paint}


def _paint(data: Any, layer: Layer, document: Document) -> Fields | str | None:
    """What an effect paints with; None where the file lacks it."""
    if data.get(b"Clr ") is not None:
        return descriptor_color(data.get(b"Clr "))
    if data.get(b"Ptrn") is not None:
        return pattern_fill(data, document, layer, _begun_at(layer))
    gradient = data.get(b"Grad")
    if gradient is not None and gradient.get(b"Clrs") is None:
        document.note(layer, "a gradient of noise is not drawn")
        return None
    return None if gradient is None else _gradient(data, layer)


def _gradient(data: Any, layer: Layer) -> Fields:
    """A gradient over a layer's pixels. That of a shape spans its path, which is a little more or less."""
    fill = gradient_fill(data)
    if not is_shape(layer) or not layer.has_vector_mask() or not bool(data.get(b"Algn", True)):
        return fill
    sides = (layer._psd.width, layer._psd.height) * 2
    path = [edge * side for edge, side in zip(layer.vector_mask.bbox, sides, strict=True)]
    return respanned(fill, path, _pixel_box(layer))


def _begun_at(layer: Layer) -> tuple[float, float]:
    """Where a pattern begins that is linked with the layer, from the corner of its pixels."""
    x, y = layer.tagged_blocks.get_data(Tag.REFERENCE_POINT, (0, 0))
    left, top, _, _ = _pixel_box(layer)
    return float(x) - left, float(y) - top


def _pixel_box(layer: Layer) -> tuple[int, int, int, int]:
    """The box of a layer's pixels that are at least half opaque."""
    shape = layer.numpy("shape")
    if shape is None:
        return layer.left, layer.top, layer.right, layer.bottom
    half = np.rint(255 * shape[..., 0]) >= 128
    columns, rows = np.flatnonzero(half.any(axis=0)), np.flatnonzero(half.any(axis=1))
    if not rows.size:
        return layer.left, layer.top, layer.right, layer.bottom
    return (
        layer.left + int(columns[0]), layer.top + int(rows[0]),
        layer.left + int(columns[-1]) + 1, layer.top + int(rows[-1]) + 1,
    )  # fmt: skip


def _contour(contour: Any) -> list[list[int]] | None:
    """The points of a contour, where it is not straight."""
    if contour is None:
        return None
    points = [[round(float(p.get(b"Hrzn"))), round(float(p.get(b"Vrtc")))] for p in contour.get(b"Crv ")]
    return None if points == [[0, 0], [255, 255]] else points


def _bevel(effect: Any, data: Any, layer: Layer, document: Document) -> Fields:
    if data.get(b"bvlT").enum != b"SfBL":
        document.note(layer, "its bevel is drawn smooth, where Photoshop's is chiselled")
    if bool(data.get(b"useShape", False)) or bool(data.get(b"useTexture", False)):
        document.note(layer, "its bevel is drawn without its contour and texture")
    gloss = _contour(data.get(b"TrnS"))
    shades = {
        name: {
            "color": descriptor_color(data.get(key + b"C")),
            "opacity": float(data.get(key + b"O")) / 100,
            "blend_mode": mode_name(mode),
        }
        for name, key, mode in (
            ("highlight", b"hgl", effect.highlight_mode),
            ("shadow", b"sdw", effect.shadow_mode),
        )
    }
    return {
        "type": "bevel",
        "style": _STYLES[data.get(b"bvlS").enum],
        "direction": "up" if data.get(b"bvlD").enum == b"In  " else "down",
        "depth": float(data.get(b"srgR")) / 100,
        "size": round(float(effect.size)),
        "soften": round(float(data.get(b"Sftn", 0))),
        "angle": float(effect.angle),
        "altitude": float(effect.altitude),
        **shades,
        **({"gloss_contour": gloss} if gloss else {}),
    }


def _shadow(effect: Any, data: Any) -> Fields:
    return {
        **_noise(data),
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


def _noise(data: Any) -> Fields:
    noise = float(data.get(b"Nose", 0)) / 100
    return {"noise": noise} if noise else {}


def _glow(effect: Any, data: Any) -> Fields:
    precise = data.get(b"GlwT").enum == b"PrBL"
    technique = {"technique": "precise"} if precise else {}
    return {
        **_noise(data),
        **technique,
        "size": round(float(effect.size)),
        "range": max(float(data.get(b"Inpr", 50)) / 100, 0.01),
    }


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


def _gradient_overlay(effect: Any, data: Any) -> Fields:
    return {"type": "gradient-overlay", "align": _align(data)}


def _pattern_overlay(effect: Any, data: Any) -> Fields:
    return {"type": "pattern-overlay", "align": _align(data)}


def _align(data: Any) -> str:
    return "layer" if bool(data.get(b"Algn", True)) else "canvas"


def _stroke(effect: Any, data: Any) -> Fields:
    position = _POSITIONS[data.get(b"Styl").enum]
    return {"type": "stroke", "size": float(effect.size), "position": position, "metric": "chamfer"}


_NAMES = {"GradientOverlay": "gradient", "PatternOverlay": "pattern"}
"""What the paint's field is called, where it is not color."""

_READERS = {
    "DropShadow": _drop_shadow,
    "InnerShadow": _inner_shadow,
    "OuterGlow": _outer_glow,
    "InnerGlow": _inner_glow,
    "Satin": _satin,
    "ColorOverlay": _overlay,
    "GradientOverlay": _gradient_overlay,
    "PatternOverlay": _pattern_overlay,
    "Stroke": _stroke,
}
