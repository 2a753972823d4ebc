"""Photoshop files, as psd-tools reads them, as compositions: pixels as the file keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from psd_tools import PSDImage
from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from tests.photoshop.adjustments import adjustment
from tests.photoshop.effects import effects, interior, mode_name
from tests.photoshop.fills import descriptor_color, gradient_fill, pattern_fill, png
from tests.photoshop.masks import is_shape, masks

Fields = dict[str, Any]

_KNOCKOUTS = ("none", "shallow", "deep")
_BACKGROUNDS, _CUSTOM = {1: "#ffffff", 2: "#000000"}, 4
_CHANNELS = ("red", "green", "blue")


def composition(path: Path, folder: Path, *, redrawn: bool = False) -> Fields:
    """A PSD file as a composition, in the file's own colour space.

    Args:
        path: the file; RGB, 8 bits.
        folder: where masks and tables are written to; the composition names them relative to it.
        redrawn: fill layers come from their settings, even where the file keeps their pixels.
    """
    psd = PSDImage.open(path)
    reading = _Reading(folder, redrawn)
    return {
        "tenant_id": "t",
        "env": "test",
        "width": psd.width,
        "height": psd.height,
        "bit_depth": psd.depth,
        "layers": reading.layers(psd),
    }


class _Reading:
    def __init__(self, folder: Path, redrawn: bool) -> None:
        self._folder = folder
        self._redrawn = redrawn

    def layers(self, group: Any) -> list[Fields]:
        read = []
        for layer in group:
            if layer.visible or layer.clipping or layer.has_clip_layers():
                read += self._layer(layer)
        return read

    def _layer(self, layer: Layer) -> list[Fields]:
        content = self._content(layer)
        if content is None:
            return []
        read = content | _options(layer) | {"masks": masks(layer, self._folder)}
        if content["type"] != "adjustment":
            read |= {"effects": effects(layer), **interior(layer)}
        if layer.kind == "type" and read["blend_mode"] == "normal" and not _as_platform(layer):
            read["blend_gamma"] = 1.45  # what Photoshop mixes live text by, unless it is told another
        return [read]

    def _content(self, layer: Layer) -> Fields | None:
        if layer.is_group():
            layers = self.layers(layer)
            return _artboard(layer, layers) if layer.kind == "artboard" else _group(layers)
        adjust = adjustment(layer, self._folder)
        if adjust is not None:
            return {"type": "adjustment", "adjust": adjust}
        tags = layer.tagged_blocks
        if not is_shape(layer) and (self._redrawn or not layer.has_pixels() or layer.has_vector_mask()):
            if Tag.SOLID_COLOR_SHEET_SETTING in tags:
                color = descriptor_color(tags.get_data(Tag.SOLID_COLOR_SHEET_SETTING).get(b"Clr "))
                return {"type": "raster", "source": {"color": color}}
            if Tag.PATTERN_FILL_SETTING in tags:
                pattern = pattern_fill(tags.get_data(Tag.PATTERN_FILL_SETTING), layer._psd)
                return None if pattern is None else {"type": "raster", "source": {"color": pattern}}
            if Tag.GRADIENT_FILL_SETTING in tags:
                paint = gradient_fill(tags.get_data(Tag.GRADIENT_FILL_SETTING))
                return {"type": "raster", "source": {"color": paint}}
        return _pixels(layer) if layer.has_pixels() else _group([])


def _artboard(layer: Layer, layers: list[Fields]) -> Fields:
    """An artboard: its background, white where none is told, and its layers, none of them beyond it."""
    data = next(
        layer.tagged_blocks.get_data(tag)
        for tag in (Tag.ARTBOARD_DATA1, Tag.ARTBOARD_DATA2, Tag.ARTBOARD_DATA3)
        if tag in layer.tagged_blocks
    )
    box = data.get(b"artboardRect")
    top, left, bottom, right = (float(box.get(key)) for key in (b"Top ", b"Left", b"Btom", b"Rght"))
    size = {"width": right - left, "height": bottom - top}
    kind, color = int(data.get(b"artboardBackgroundType", 1)), data.get(b"Clr ")
    fill = _BACKGROUNDS.get(kind) or (descriptor_color(color) if kind == _CUSTOM else None)
    ground = {"type": "raster", "source": {"color": fill}, **size, "transform": {"x": left, "y": top}}
    window = {"type": "rect", "x": left, "y": top, **size, "fill": "#ffffff"}
    inside = [ground, *layers] if fill else layers
    return {"type": "group", "layers": [{"type": "group", "layers": inside, "mask": {"vector": [window]}}]}


def _pixels(layer: Layer) -> Fields:
    color = layer.numpy("color")
    assert color is not None
    shape = layer.numpy("shape")
    alpha = np.ones((*color.shape[:2], 1), np.float32) if shape is None else shape
    rgba = np.rint(255 * np.concatenate([np.broadcast_to(color, (*color.shape[:2], 3)), alpha], 2))
    return {
        "type": "raster",
        "source": {"data": png(rgba.astype(np.uint8))},
        "transform": {"x": float(layer.left), "y": float(layer.top)},
    }


def _as_platform(layer: Layer) -> bool:
    """Whether a text is antialiased in greys as the operating system does, which mixes plainly."""
    setting = layer.tagged_blocks.get_data(Tag.TYPE_TOOL_OBJECT_SETTING)
    return bool(setting.text_data.get(b"AntA").enum == b"antiAliasPlatformGray")


def _group(layers: list[Fields]) -> Fields:
    return {"type": "group", "layers": layers}


def _options(layer: Layer) -> Fields:
    tags = layer.tagged_blocks
    fields: Fields = {
        "name": layer.name or None,
        "visible": layer.visible,
        "clip": layer.clipping,
        "blend_mode": mode_name(layer.blend_mode),
        "opacity": layer.opacity / 255,
        "fill_opacity": int(tags.get_data(Tag.BLEND_FILL_OPACITY, 255)) / 255,
    }
    knockout = int(tags.get_data(Tag.KNOCKOUT_SETTING, 0))
    if knockout:
        fields["knockout"] = _KNOCKOUTS[knockout]
    return fields | _restrictions(layer) | _blend_if(layer)


def _restrictions(layer: Layer) -> Fields:
    barred = layer.tagged_blocks.get_data(Tag.CHANNEL_BLENDING_RESTRICTIONS_SETTING)
    barred = getattr(barred, "restrictions", barred) or ()
    allowed = [name for index, name in enumerate(_CHANNELS) if index not in barred]
    return {"channels": allowed} if 0 < len(allowed) < 3 else {}


def _blend_if(layer: Layer) -> Fields:
    ranges = layer._record.blending_ranges
    read: Fields = {}
    pairs = (ranges.composite_ranges, *(ranges.channel_ranges or ()))
    for name, pair in zip(("gray", *_CHANNELS), pairs, strict=False):
        if pair is None:
            continue
        this, underlying = (_sliders(*ends) for ends in pair)
        if (this, underlying) != ([0, 0, 255, 255],) * 2:
            read[name] = {"this": this, "underlying": underlying}
    return {"blend_if": read} if read else {}


def _sliders(low: int, high: int) -> list[int]:
    """Black's two halves and white's, each pair of bytes in a number of 16 bits."""
    return [low >> 8, low & 255, high >> 8, high & 255]
