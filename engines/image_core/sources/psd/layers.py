"""The layers of a PSD file: their records, their channels, and how deep their groups nest."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from engines.image_core.errors import SourceError
from engines.image_core.sources.psd.blocks import LAYERS_KEYS, SECTION_KEYS, check_block, tagged_blocks
from engines.image_core.sources.psd.bounds import I16, U16, U32, Bounds, Part
from engines.image_core.sources.psd.pixels import check_channel

__all__ = ["check_layers"]

_MAX_CHANNELS = 59  # of a layer: 56 of the document, its transparency and two masks
_USER_MASK, _REAL_USER_MASK = -2, -3
_KINDS = range(-3, 10)  # of channels, as psd-tools knows them: -1 is the transparency, colours from 0 on
_OPEN, _CLOSED, _END = 1, 2, 3  # a group's own record, twice, and what ends it below
_DIVIDERS = range(4)  # 0 is any other layer

_NAME = b"luni"
_RECTANGLE = Struct(">4i")  # top, left, bottom, right
_CHANNEL = (Struct(">hI"), Struct(">hQ"))
_NOTHING = (0, 0, 0, 0)
_MASK_FLAGS = 4  # bytes between a mask's rectangles: colour and flags of either
_MODE_AND_FLAGS = 12  # bytes: signature, blend mode, opacity, clipping, flags, filler


@dataclass(frozen=True)
class _Layer:
    """What is needed of a record once its channels come: for each its bytes, width and height."""

    what: str
    divider: int
    channels: list[tuple[int, int, int]]


def check_layers(part: Part, depth: int, version: int) -> None:
    """Check the records of all layers and, after them, the channels of all.

    Args:
        part: From the number of layers on.
        depth: Bits of a pixel.
        version: Of the file, 1 or 2.

    Raises:
        SourceError: what is damaged, too large, too much or too deep.
    """
    count = abs(part.number(I16))
    layers = [_record(part, index, version) for index in range(count)]
    _check_groups(layers, part.bounds)
    for layer in layers:
        for length, width, height in layer.channels:
            if length < 2:  # nothing, or a byte too little for anything
                part.skip(length)
                continue
            channel = part.part(length, f"a channel of {layer.what}")
            if width > 0 and height > 0 and length > 2:
                check_channel(channel, width, height, depth, version)


def _record(part: Part, index: int, version: int) -> _Layer:
    part.what = f"layer {index + 1} from below"
    box = part.numbers(_RECTANGLE)
    count = part.number(U16)
    part.bounds.count(count, _MAX_CHANNELS, "channels in a layer")
    channels = [part.numbers(_CHANNEL[version - 1]) for _ in range(count)]
    if part.take(_MODE_AND_FLAGS)[:4] != b"8BIM":
        raise part.bounds.damaged(f"{part.what} has no blend mode")
    extra = part.part(part.number(U32), part.what)
    both = any(kind == _REAL_USER_MASK for kind, _ in channels)
    boxes = _mask_boxes(extra.part(extra.number(U32), f"the mask of {part.what}"), both)
    extra.skip(extra.number(U32))  # the blending ranges
    name = extra.pascal(4).decode("mac_roman")
    divider = 0
    for block in tagged_blocks(extra, 1, version):
        if block.key in SECTION_KEYS:
            divider = block.body.number(U32)
        elif block.key == _NAME:
            name = block.body.unicode().strip("\0") or name
        elif block.key in LAYERS_KEYS:
            raise part.bounds.damaged(f"{part.what} holds layers")
        else:
            check_block(block)
    what = f"layer {name!r}" if name else part.what
    if divider not in _DIVIDERS:
        raise part.bounds.damaged(f"{what} is the unknown part {divider} of a group")
    if unknown := [kind for kind, _ in channels if kind not in _KINDS]:
        raise part.bounds.damaged(f"{what} has the unknown channel {unknown[0]}")
    sizes = {kind: _size(each, what, part.bounds) for kind, each in boxes.items()}
    size = _size(box, what, part.bounds)
    return _Layer(what, divider, [(length, *sizes.get(kind, size)) for kind, length in channels])


def _mask_boxes(part: Part, both: bool) -> dict[int, tuple[int, ...]]:
    """The rectangles of a layer's mask and, where a vector mask comes on top, of both together.

    both: there is a channel of both. Without one the mask's parameters may stand in that place.
    """
    boxes: dict[int, tuple[int, ...]] = {_USER_MASK: _NOTHING, _REAL_USER_MASK: _NOTHING}
    if part.left >= _RECTANGLE.size:
        boxes[_USER_MASK] = part.numbers(_RECTANGLE)
    if both and part.left >= _MASK_FLAGS + _RECTANGLE.size:
        part.skip(_MASK_FLAGS)
        boxes[_REAL_USER_MASK] = part.numbers(_RECTANGLE)
    return boxes


def _size(box: tuple[int, ...], what: str, bounds: Bounds) -> tuple[int, int]:
    top, left, bottom, right = box
    width, height = max(0, right - left), max(0, bottom - top)
    bounds.size(width, height, what)
    return width, height


def _check_groups(layers: list[_Layer], bounds: Bounds) -> None:
    """A group is, from below: the divider that ends it, its layers, and its own record."""
    bounds.count(sum(layer.divider != _END for layer in layers), bounds.limits.layers, "layers")
    depth, deepest = 0, bounds.limits.depth
    for layer in layers:
        if layer.divider == _END:
            depth += 1
        elif layer.divider in (_OPEN, _CLOSED):
            depth = max(0, depth - 1)
        if depth > deepest:
            raise SourceError(
                f"{bounds.label}: the groups of this PSD file nest too deep: allowed are {deepest}"
            )
