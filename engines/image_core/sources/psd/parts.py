"""Parts of Photoshop files, by the names that compositions give them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psd_tools import PSDImage
from psd_tools.api import numpy_io
from psd_tools.constants import ChannelID, Tag

from engines.image_core.errors import SourceError
from engines.image_core.sources.psd.opening import reading
from engines.image_core.sources.psd.packbits import unpacked
from engines.image_core.sources.psd.planes import color_channels, colored, document_profile, eight_bits

__all__ = ["document_files", "document_patterns", "part_bytes", "part_mask", "part_picture"]

U8 = NDArray[np.uint8]

_PATTERNS = Tag.PATTERNS1, Tag.PATTERNS2, Tag.PATTERNS3
_FILES = Tag.LINKED_LAYER1, Tag.LINKED_LAYER2, Tag.LINKED_LAYER3, Tag.LINKED_LAYER_EXTERNAL


def part_picture(document: PSDImage, part: str, label: str) -> U8:
    """The pixels of `merged`, `layers[N]` or `patterns[N]`.

    Returns:
        uint8, shape (height, width, 4), straight RGBA in the document's colours, as `colored` has them.

    Raises:
        SourceError: there is no such part in the file, it is no picture, or it is damaged.
    """
    kind, index = _split(part)
    with reading(label):
        match kind:
            case "merged":
                return _merged(document, label)
            case "layers":
                return _layer(document, *_record(document, index, label), label)
            case "patterns":
                return _pattern(_listed(document_patterns(document), index, part, label))
    raise SourceError(
        f"{label}: {part} of a PSD file is no picture: allowed is merged, layers[N], patterns[N]"
    )


def part_mask(document: PSDImage, part: str, label: str) -> U8:
    """The values of `layers[N].mask` or `layers[N].real_mask`.

    Returns:
        uint8, shape (height, width), 255 = visible.

    Raises:
        SourceError: there is no such part in the file, it is no mask, or it is damaged.
    """
    kind, index = _split(part)
    if kind not in _MASKS:
        raise SourceError(
            f"{label}: {part} of a PSD file is no mask: allowed is layers[N].mask or .real_mask"
        )
    with reading(label):
        record, channels = _record(document, index, label)
        data, channel = record.mask_data, _MASKS[kind]
        if data is not None and channel in channels:
            box = [data.top, data.left, data.bottom, data.right]
            if channel is ChannelID.REAL_USER_LAYER_MASK:
                box = [data.real_top, data.real_left, data.real_bottom, data.real_right]
            top, left, bottom, right = (int(side or 0) for side in box)
            if bottom > top and right > left:
                return _plane(document, channels[channel], bottom - top, right - left)
    raise SourceError(f"{label}: the PSD file has no {part}")


def part_bytes(document: PSDImage, part: str, label: str) -> bytes:
    """The file in `layers[N].lookup` (.cube), `files[N]` or `profile`.

    Raises:
        SourceError: there is no such part in the file, it is no file, or it is damaged.
    """
    kind, index = _split(part)
    found: Any = None
    with reading(label):
        match kind:
            case "profile":
                found = document_profile(document)
            case "lookup":
                record, _ = _record(document, index, label)
                data = record.tagged_blocks.get_data(Tag.COLOR_LOOKUP)
                found = None if data is None else getattr(data.get(b"LUT3DFileData"), "value", None)
            case "files":
                found = _listed(document_files(document), index, part, label).data
            case _:
                raise SourceError(f"{label}: {part} of a PSD file is no file: allowed is {_FILE_PARTS}")
    if not found:
        raise SourceError(f"{label}: the PSD file has no {part}")
    return bytes(found)


def document_patterns(document: PSDImage) -> list[Any]:
    """The patterns in a file, in its order."""
    return _in_blocks(document, _PATTERNS)


def document_files(document: PSDImage) -> list[Any]:
    """The files in its smart objects, and the names of those beside it, in its order."""
    return _in_blocks(document, _FILES)


def _in_blocks(document: PSDImage, tags: tuple[Tag, ...]) -> list[Any]:
    blocks = document.tagged_blocks
    return [] if blocks is None else [item for tag in tags for item in blocks.get_data(tag) or ()]


_FILE_PARTS = "profile, layers[N].lookup, files[N]"
_MASKS = {"mask": ChannelID.USER_LAYER_MASK, "real_mask": ChannelID.REAL_USER_LAYER_MASK}


def _split(part: str) -> tuple[str, int]:
    """The kind of a part and its number: ("layers", 3), ("mask", 3), ("merged", 0)."""
    found = re.fullmatch(r"(\w+)(?:\[(\d+)\](?:\.(\w+))?)?", part)
    assert found is not None  # checked with the composition
    name, index, inner = found.groups()
    return inner or name, int(index or 0)


def _record(document: PSDImage, index: int, label: str) -> tuple[Any, dict[int, Any]]:
    """A layer's record and its channels that hold something, by their numbers."""
    records = list(document._record._iter_layers())
    record, data = _listed(records, index, f"layers[{index}]", label)
    pairs = zip(record.channel_info, data, strict=False)
    return record, {int(info.id): channel for info, channel in pairs if channel.data}


def _listed(items: list[Any], index: int, part: str, label: str) -> Any:
    if index >= len(items):
        raise SourceError(f"{label}: the PSD file has no {part}")
    return items[index]


def _plane(document: PSDImage, channel: Any, height: int, width: int, *, light: bool = False) -> U8:
    data = unpacked(channel, height, width, document.depth, document.version)
    return eight_bits(data, height, width, document.depth, light=light)


def _layer(document: PSDImage, record: Any, channels: dict[int, Any], label: str) -> U8:
    height, width = record.bottom - record.top, record.right - record.left
    if height < 1 or width < 1 or not any(number >= 0 for number in channels):
        raise SourceError(f"{label}: the layer of the PSD file has no pixels")
    planes = {
        number: _plane(document, channel, height, width, light=True)
        for number, channel in channels.items()
        if number >= 0
    }
    alpha = channels.get(ChannelID.TRANSPARENCY_MASK)
    return colored(document, planes, alpha and _plane(document, alpha, height, width), label)


def _merged(document: PSDImage, label: str) -> U8:
    """The picture of all layers that the program stored which saved the file.

    Colour that is translucent is stored over white: it is taken out of it again, as well as 8 bits allow.
    """
    if not document.has_preview():
        raise SourceError(f"{label}: the PSD file has no merged picture: save it with maximum compatibility")
    height, width, depth = document.height, document.width, document.depth
    stored = document._record.image_data.get_data(document._record.header, split=True)
    colors = color_channels(document)
    planes = {
        number: eight_bits(bytes(plane), height, width, depth, light=True)
        for number, plane in enumerate(stored[:colors])
    }
    if len(stored) <= colors or not _transparent(document):
        return colored(document, planes, None, label)
    alpha = eight_bits(bytes(stored[colors]), height, width, depth, light=False)
    return _without_white(colored(document, planes, alpha, label))


def _transparent(document: PSDImage) -> bool:
    """Whether the merged picture has an alpha channel: the count of layers is negative then."""
    info = document._record._get_layer_info()
    return info is not None and info.layer_count < 0


def _without_white(rgba: U8) -> U8:
    """Colour c of what was stored as c alpha + 255 (1 - alpha), rounded to nearest."""
    alpha = rgba[..., 3:].astype(np.int32)
    over_white = rgba[..., :3].astype(np.int32)
    divisor = np.maximum(alpha, 1)
    color = (255 * (over_white + alpha - 255) + divisor // 2) // divisor
    return np.concatenate([np.clip(color, 0, 255).astype(np.uint8), rgba[..., 3:]], -1)


def _pattern(pattern: Any) -> U8:
    values = np.rint(255 * numpy_io.get_pattern(pattern)).astype(np.uint8)
    colors = numpy_io.get_pattern_color_channels(pattern)
    rgba = np.full((*values.shape[:2], 4), 255, np.uint8)
    rgba[..., :3] = values[..., : 3 if colors >= 3 else 1]
    if values.shape[2] > colors:
        rgba[..., 3] = values[..., -1]
    return rgba
