"""Photoshop's masks, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from psd_tools.api.layers import Layer
from psd_tools.constants import ChannelID, Tag

Fields = dict[str, Any]

_FILLS = (
    Tag.SOLID_COLOR_SHEET_SETTING,
    Tag.PATTERN_FILL_SETTING,
    Tag.GRADIENT_FILL_SETTING,
    Tag.VECTOR_STROKE_CONTENT_DATA,
)


def is_shape(layer: Layer) -> bool:
    """Whether the layer's pixels are a fill of its path, which its alpha then has already."""
    return layer.has_pixels() and layer.has_vector_mask() and any(t in layer.tagged_blocks for t in _FILLS)


def masks(layer: Layer, folder: Path) -> list[Fields]:
    """The layer's masks: of pixels, and of its path where the file keeps that as pixels.

    Args:
        folder: where the masks' pictures are written to.
    """
    read = []
    data = layer.mask.data if layer.mask is not None else None
    of_path = None
    if data is not None:
        # With both kinds, the first channel holds the path's pixels and the "real" one those of the mask.
        both = data.real_flags is not None
        rendered = both or data.flags.user_mask_from_render
        parameters = data.parameters
        density, feather = (
            (parameters.user_mask_density, parameters.user_mask_feather) if parameters else (None, None)
        )
        if both and not data.real_flags.mask_disabled:
            box = (data.real_left, data.real_top, data.real_right, data.real_bottom)
            channel = ChannelID.REAL_USER_LAYER_MASK
            read.append(_picture(layer, folder, channel, box, data.real_background_color, density, feather))
        box = (data.left, data.top, data.right, data.bottom)
        channel = ChannelID.USER_LAYER_MASK
        if rendered:
            density, feather = (
                (parameters.vector_mask_density, parameters.vector_mask_feather)
                if parameters
                else (None, None)
            )
            of_path = _picture(layer, folder, channel, box, data.background_color, density, feather)
        elif not data.flags.mask_disabled:
            read.append(_picture(layer, folder, channel, box, data.background_color, density, feather))
    if layer.has_vector_mask() and not layer.vector_mask.disabled and not is_shape(layer):
        read.append(of_path or _path(layer))
    return [mask for mask in read if mask is not None]


def _picture(
    layer: Layer,
    folder: Path,
    channel: ChannelID,
    box: tuple[int, int, int, int],
    background: int,
    density: int | None,
    feather: float | None,
) -> Fields:
    left, top, right, bottom = box
    picture = layer.topil(channel) if right > left and bottom > top else None
    if picture is None:
        grey = np.full((1, 1), background, np.uint8)
        left = top = 0
    else:
        grey = np.asarray(picture.convert("L"))
    path = folder / f"mask-{layer.layer_id}-{int(channel)}.png"
    Image.fromarray(grey).save(path)
    fields: Fields = {
        "path": path.name,
        "position": [left, top],
        "outside": "visible" if background else "hidden",
    }
    if density is not None:
        fields["density"] = density / 255
    if feather:
        fields["feather_radius"] = feather
    return fields


def _path(layer: Layer) -> Fields | None:
    """The mask of a path that the file keeps no pixels of."""
    width, height = layer._psd.size
    parts = []
    for subpath in layer.vector_mask.paths:
        knots = [
            [(x * width, y * height) for y, x in (knot.preceding, knot.anchor, knot.leaving)]
            for knot in subpath
        ]
        if not knots:  # what covers all begins with an empty path
            continue
        text = "M {:.6f} {:.6f}".format(*knots[0][1])
        for before, after in zip(knots, knots[1:] + knots[:1], strict=True):
            text += " C" + "".join(f" {x:.6f} {y:.6f}" for x, y in (before[2], after[0], after[1]))
        parts.append(text + " Z")
    if not parts:
        return None
    mask = layer.mask.data.parameters if layer.mask is not None else None
    fields: Fields = {"vector": [{"type": "path", "d": " ".join(parts), "fill": "#ffffff"}]}
    if mask is not None and mask.vector_mask_density is not None:
        fields["density"] = mask.vector_mask_density / 255
    if mask is not None and mask.vector_mask_feather:
        fields["feather_radius"] = mask.vector_mask_feather
    return fields
