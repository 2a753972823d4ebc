"""Masks of layers as the one mask of pixels that a Photoshop layer has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psd_tools.psd.layer_and_mask import MaskData, MaskFlags, MaskParameters

from engines.image_core.models import Layer, Mask
from engines.image_core.psd.writing.drawing import Drawing, Grey
from engines.image_core.psd.writing.notes import LayerNotes

__all__ = ["WrittenMask", "written_mask"]


@dataclass(frozen=True, eq=False)
class WrittenMask:
    """A mask's picture and what a layer's record says of it."""

    grey: Grey
    data: Any


def written_mask(
    drawing: Drawing, layer: Layer, move: tuple[int, int], notes: LayerNotes
) -> WrittenMask | None:
    """A layer's masks as one; None where it has none.

    A single mask keeps its density and its feather as settings; several are multiplied, with theirs.

    Args:
        drawing: draws.
        layer: the layer.
        move: from the layer's parent's pixels to the canvas's.
        notes: the layer's.
    """
    masks = layer.all_masks
    if not masks:
        return None
    if len(masks) > 1:
        notes.drawn(f"{len(masks)} masks are one picture")
        return _written(drawing.mask(layer, masks), move, None)
    mask = masks[0]
    if not mask.pictured:
        notes.drawn("its mask is a picture")
    grey = drawing.mask(layer, (_plain(mask),))
    density = None if mask.density == 1 else notes.whole("a mask's density", mask.density, 255)
    feather = mask.feather or None
    parameters = None
    if density is not None or feather is not None:
        parameters = MaskParameters(user_mask_density=density, user_mask_feather=feather)
    return _written(grey, move, parameters)


def _plain(mask: Mask) -> Mask:
    """A mask without its density and its feather."""
    changed: dict[str, object] = {"density": 1.0, "feather_radius": 0.0}
    if mask.selection is not None:
        changed["selection"] = mask.selection.model_copy(update={"feather_radius": 0.0})
    return mask.model_copy(update=changed)


def _written(grey: Grey, move: tuple[int, int], parameters: Any) -> WrittenMask:
    height, width = grey.pixels.shape
    left, top = (grey.left + move[0], grey.top + move[1]) if grey.pixels.size else (0, 0)
    data = MaskData(
        top=top,
        left=left,
        bottom=top + height,
        right=left + width,
        background_color=grey.around,
        flags=MaskFlags(parameters_applied=parameters is not None),
        parameters=parameters,
    )
    return WrittenMask(grey, data)
