"""Photoshop's blending options, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.effects import mode_name

__all__ = ["options"]

_KNOCKOUTS = ("none", "shallow", "deep")
_CHANNELS = ("red", "green", "blue")


def options(layer: Layer, document: Document) -> Fields:
    """A layer's name, visibility and blending options."""
    tags = layer.tagged_blocks
    fields: Fields = {
        "name": layer.name or None,
        "visible": layer.visible,
        "clip": layer.clipping and layer.parent[0] is not layer,  # the lowest has nothing to be clipped to
        "blend_mode": mode_name(layer.blend_mode),
        "opacity": layer.opacity / 255,
        "fill_opacity": int(tags.get_data(Tag.BLEND_FILL_OPACITY, 255)) / 255,
    }
    knockout = int(tags.get_data(Tag.KNOCKOUT_SETTING, 0))
    if knockout:
        fields["knockout"] = _KNOCKOUTS[knockout]
    if layer.has_clip_layers() and not int(tags.get_data(Tag.BLEND_CLIPPING_ELEMENTS, 1)):
        document.note(layer, "its clipped layers are blended as a group with it")
    return fields | _restrictions(layer, document) | _blend_if(layer)


def _restrictions(layer: Layer, document: Document) -> Fields:
    barred = layer.tagged_blocks.get_data(Tag.CHANNEL_BLENDING_RESTRICTIONS_SETTING)
    barred = getattr(barred, "restrictions", barred) or ()
    allowed = [name for index, name in enumerate(_CHANNELS) if index not in barred]
    if not allowed:
        document.note(layer, "that it changes no channel is ignored")
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
