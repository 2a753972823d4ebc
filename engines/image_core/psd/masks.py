"""Photoshop's masks, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

from functools import partial

from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from engines.image_core.errors import SourceError
from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.paths import canvas_placing, plain_path, shape_path

__all__ = ["FILLS", "is_shape", "masks"]

FILLS = (
    Tag.SOLID_COLOR_SHEET_SETTING,
    Tag.PATTERN_FILL_SETTING,
    Tag.GRADIENT_FILL_SETTING,
    Tag.VECTOR_STROKE_CONTENT_DATA,
)
"""The blocks that say what a layer is filled with."""


def is_shape(layer: Layer) -> bool:
    """Whether the layer's pixels are a fill of its path, which its alpha then has already."""
    if not layer.has_pixels() or not layer.has_vector_mask():
        return False
    return any(tag in layer.tagged_blocks for tag in FILLS) and not _path_parameters(layer)


def _path_parameters(layer: Layer) -> Fields:
    """The density and the feather of the mask that a path is, where they change something. (A path's density
    lets its fill show outside as well.)"""
    parameters = layer.mask.data.parameters if layer.mask is not None else None
    if parameters is None:
        return {}
    return _parameters(parameters.vector_mask_density, parameters.vector_mask_feather)


def _parameters(density: int | None, feather: float | None) -> Fields:
    fields: Fields = {} if density in (None, 255) else {"density": density / 255}
    return fields | ({"feather_radius": feather} if feather else {})


def masks(layer: Layer, document: Document) -> list[Fields]:
    """The layer's masks: that of pixels, and that of its path.

    Where both are there, the first channel of pixels is their product, before density and feather.
    """
    data = layer.mask.data if layer.mask is not None else None
    path = layer.vector_mask is not None and not layer.vector_mask.disabled and not is_shape(layer)
    read: list[Fields | None] = []
    if data is None:
        return [mask for mask in [_path(layer, document) if path else None] if mask is not None]
    parameters = data.parameters
    own = _parameters(parameters.user_mask_density, parameters.user_mask_feather) if parameters else {}
    box = data.left, data.top, data.right, data.bottom
    first = partial(_picture, layer, document, ".mask", box, data.background_color)
    if data.real_flags is not None:
        if path and not own and not _path_parameters(layer) and not data.real_flags.mask_disabled:
            return [mask for mask in [first({})] if mask is not None]
        if not data.real_flags.mask_disabled:
            sides = data.real_left, data.real_top, data.real_right, data.real_bottom
            real = tuple(int(side or 0) for side in sides)
            read.append(_picture(layer, document, ".real_mask", real, data.real_background_color or 0, own))
        if path:
            read.append(_path(layer, document))
    elif data.flags.user_mask_from_render:
        if path:
            read.append(first(_path_parameters(layer)))
    else:
        if not data.flags.mask_disabled:
            read.append(first(own))
        if path:
            read.append(_path(layer, document))
    return [mask for mask in read if mask is not None]


def _picture(
    layer: Layer, document: Document, part: str, box: tuple[int, ...], background: int, parameters: Fields
) -> Fields | None:
    """A mask of pixels; None where it is empty and shows all."""
    left, top, right, bottom = box
    if right > left and bottom > top:
        position = [int(edge) for edge in document.at(left, top)]
        outside = "visible" if background else "hidden"
        return {**document.of_layer(layer, part), "position": position, "outside": outside, **parameters}
    return None if background else _nothing() | parameters


def _path(layer: Layer, document: Document) -> Fields | None:
    """The path as a mask; None where it is empty: it shows all then."""
    try:
        path = shape_path(layer, canvas_placing(layer, document))
    except SourceError as error:
        document.note(layer, f"the subpaths of its vector mask are all added up: {error}")
        path = plain_path(layer, canvas_placing(layer, document))
    if path is None:
        return None
    if not path.d:
        return None if path.inverted else _nothing()
    shape = {"type": "path", "d": path.d, "fill": "#ffffff"}
    return {"vector": [shape], "inverted": path.inverted} | _path_parameters(layer)


def _nothing() -> Fields:
    """A mask that shows nothing: a box beside the canvas."""
    return {"selection": {"type": "rect", "points": [[-2, -2], [-1, -1]]}}
