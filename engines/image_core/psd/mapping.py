"""Photoshop's layers, as psd-tools reads them, in the words of compositions.

What is not changed draws the pixels that the file keeps of it, as Photoshop drew them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from engines.image_core.psd.adjustments import adjustment, is_adjustment
from engines.image_core.psd.artboards import artboard
from engines.image_core.psd.changes import Changes
from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.effects import effects, interior
from engines.image_core.psd.fills import descriptor_color, gradient_fill, pattern_fill
from engines.image_core.psd.masks import FILLS, is_shape, masks
from engines.image_core.psd.options import options
from engines.image_core.psd.shapes import shape_fields
from engines.image_core.psd.smart_objects import placed, smart_object
from engines.image_core.psd.text_gamma import text_gamma
from engines.image_core.psd.text_layers import layer_has_text, recolored, text_fields
from engines.image_core.sources.psd.opening import reading

__all__ = ["LayerMapping"]


class LayerMapping:
    """Maps layers of one file.

    Args:
        document: the file; what is approximated is noted there.
        changes: what is changed of it.
    """

    def __init__(self, document: Document, changes: Changes) -> None:
        self._document = document
        self._changes = changes

    def layers(self, group: Iterable[Layer]) -> list[Fields]:
        """The layers of a group, or of the file, the lowest first."""
        return [self.layer(layer) for layer in group]

    def layer(self, layer: Layer) -> Fields:
        """A layer with all that is in it. One that cannot be drawn draws nothing, which is noted.

        Raises:
            SourceError: what the file says of it is damaged; the message names the layer.
        """
        with reading(f"layer {layer.name!r}"):
            return self._mapped(layer)

    def _mapped(self, layer: Layer) -> Fields:
        content = self._content(layer)
        read = content | options(layer, self._document) | {"masks": masks(layer, self._document)}
        shown = self._changes.visible.get(self._document.number(layer))
        if shown is not None:
            read["visible"] = shown
        if content["type"] != "adjustment":
            read |= {"effects": effects(layer, self._document), **interior(layer)}
        if layer_has_text(layer) and content["type"] == "raster" and read["blend_mode"] == "normal":
            read["blend_gamma"] = text_gamma(layer)
        return read

    def _content(self, layer: Layer) -> Fields:
        if layer.is_group():
            layers = self.layers(layer)
            return artboard(layer, layers, self._document) if layer.kind == "artboard" else _group(layers)
        picture = self._changes.images.get(self._document.number(layer))
        smart = None if picture is None else smart_object(layer, self._document)
        if picture is not None and smart is not None:
            return placed(smart, picture, layer, self._document)
        number = self._document.number(layer)
        if layer_has_text(layer) and self._changes.redraws(number, "text"):
            return self._text(layer)
        if is_adjustment(layer):
            adjust = adjustment(layer, self._document)
            return _group([]) if adjust is None else {"type": "adjustment", "adjust": adjust}
        if is_shape(layer):
            anew = self._changes.redraws(number, "shape")
            color = self._changes.colors.get(number)
            shape = shape_fields(layer, self._document, color) if anew else None
            return self._pixels(layer) if shape is None else shape
        anew = self._changes.redraws(number, "fill")
        filled = not layer.has_pixels() or layer.has_vector_mask() or anew
        paint = self._paint(layer) if filled else None
        if paint is not None:
            return {"type": "raster", "source": {"color": paint}}
        return self._pixels(layer) if layer.has_pixels() else _group([])

    def _text(self, layer: Layer) -> Fields:
        """A text that is new, has a new colour or is to be drawn live. An empty one draws nothing."""
        number = self._document.number(layer)
        new = self._changes.text.get(number)
        if new == "":
            return _group([])
        found = text_fields(layer, new)
        for note in found.approximated:
            self._document.note(layer, note)
        fields = found.fields
        transform = fields.get("transform", {})
        x, y = self._document.at(transform.get("x", 0.0), transform.get("y", 0.0))
        fields["transform"] = {**transform, "x": x, "y": y}
        color = self._changes.colors.get(number)
        return fields if color is None else recolored(fields, color)

    def _paint(self, layer: Layer) -> Any:
        """What a fill layer is filled with; None of other layers, and where it cannot be drawn."""
        tags = layer.tagged_blocks
        color = self._changes.colors.get(self._document.number(layer))
        if color is not None and any(tag in tags for tag in FILLS):
            return color
        if Tag.SOLID_COLOR_SHEET_SETTING in tags:
            return descriptor_color(tags.get_data(Tag.SOLID_COLOR_SHEET_SETTING).get(b"Clr "))
        if Tag.PATTERN_FILL_SETTING in tags:
            return pattern_fill(tags.get_data(Tag.PATTERN_FILL_SETTING), self._document, layer)
        if Tag.GRADIENT_FILL_SETTING in tags:
            return gradient_fill(tags.get_data(Tag.GRADIENT_FILL_SETTING))
        return None

    def _pixels(self, layer: Layer) -> Fields:
        x, y = self._document.at(float(layer.left), float(layer.top))
        source = self._document.of_layer(layer)
        return {"type": "raster", "source": source, "transform": {"x": x, "y": y}}


def _group(layers: list[Fields]) -> Fields:
    return {"type": "group", "layers": layers}
