"""Photoshop's artboards: groups with a background, none of which shows beyond them."""

from __future__ import annotations

from typing import Any

from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.fills import descriptor_color

__all__ = ["artboard", "artboard_box"]

_BACKGROUNDS, _CUSTOM = {1: "#ffffff", 2: "#000000"}, 4


def artboard(layer: Layer, layers: list[Fields], document: Document) -> Fields:
    """An artboard: its background, white where none is told, and its layers, none of them beyond it."""
    data = _settings(layer)
    left, top, right, bottom = artboard_box(layer)
    x, y = document.at(left, top)
    size = {"width": right - left, "height": bottom - top}
    kind, color = int(data.get(b"artboardBackgroundType", 1)), data.get(b"Clr ")
    fill = _BACKGROUNDS.get(kind) or (descriptor_color(color) if kind == _CUSTOM else None)
    ground = {"type": "raster", "source": {"color": fill}, **size, "transform": {"x": x, "y": y}}
    window = {"type": "rect", "x": x, "y": y, **size, "fill": "#ffffff"}
    inside = [ground, *layers] if fill else layers
    return {"type": "group", "layers": [{"type": "group", "layers": inside, "mask": {"vector": [window]}}]}


def artboard_box(layer: Layer) -> tuple[float, float, float, float]:
    """Where an artboard lies: its left, top, right and bottom edge."""
    box = _settings(layer).get(b"artboardRect")
    left, top, right, bottom = (float(box.get(key)) for key in (b"Left", b"Top ", b"Rght", b"Btom"))
    return left, top, right, bottom


def _settings(layer: Layer) -> Any:
    tags = Tag.ARTBOARD_DATA1, Tag.ARTBOARD_DATA2, Tag.ARTBOARD_DATA3
    return next(layer.tagged_blocks.get_data(tag) for tag in tags if tag in layer.tagged_blocks)
