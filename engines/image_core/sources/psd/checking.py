"""A PSD or PSB file is looked through before psd-tools reads it.

psd-tools reads what a file says of itself. What would cost memory or time out of proportion to the file, or
be drawn black where pixels are missing, is refused here, from lengths and sizes alone: nothing is unpacked.
What is merely untidy passes: bytes that fill, blocks that are unknown, sections that are empty.

Source: Adobe Photoshop File Formats Specification (2019).
"""

from __future__ import annotations

from struct import Struct

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.sources.psd.blocks import LAYERS_KEYS, SIGNATURES, check_block, tagged_blocks
from engines.image_core.sources.psd.bounds import U32, U64, Bounds, Part
from engines.image_core.sources.psd.layers import check_layers
from engines.image_core.sources.psd.pixels import check_channel

__all__ = ["check_document"]

_SIGNATURE = b"8BPS"
_HEADER = Struct(">6xHIIHH")  # channels, height, width, depth, colour mode
_VERSIONS = {1: 30_000, 2: 300_000}  # PSD and PSB, and the pixels of their sides
_DEPTHS = (1, 8, 16, 32)
_MODES = (0, 1, 2, 3, 4, 7, 8, 9)  # bitmap, greyscale, indexed, RGB, CMYK, multichannel, duotone, Lab
_MAX_CHANNELS = 56
_MAX_RESOURCES = 10_000


def check_document(data: bytes, label: str, limits: RenderLimits) -> None:
    """Check a whole file.

    Args:
        data: The file.
        label: How messages name it.
        limits: `layers`, `depth` of groups, `source_pixels` of the document and each layer, and
            `decoded_bytes` of all channels together, were they unpacked.

    Raises:
        SourceError: it is no PSD or PSB file, damaged, or more than the limits allow.
    """
    file = Part(data, 0, len(data), "the file", Bounds(label, limits))
    if not data.startswith(_SIGNATURE):
        raise SourceError(f"{label}: not a PSD or PSB file")
    file.skip(len(_SIGNATURE))
    version = int.from_bytes(file.take(2), "big")
    if version not in _VERSIONS:
        raise SourceError(f"{label}: a PSD file of version {version} cannot be read: known are 1 and 2")
    channels, height, width, depth = _header(file, version)
    file.skip(file.number(U32))  # the palette
    _check_resources(file.part(file.number(U32), "the section of resources"))
    length = file.number(U64 if version == 2 else U32)
    _check_layer_section(file.part(length, "the section of layers"), depth, version)
    file.what = "the merged picture"
    check_channel(file, width, height * channels, depth, version)


def _header(file: Part, version: int) -> tuple[int, int, int, int]:
    channels, height, width, depth, mode = file.numbers(_HEADER)
    side = _VERSIONS[version]
    if not (0 < width <= side and 0 < height <= side):
        raise SourceError(
            f"{file.bounds.label}: {width} x {height} is not allowed in a PSD file of version {version}:"
            f" its sides are 1 to {side:,} pixels"
        )
    if not 0 < channels <= _MAX_CHANNELS:
        raise file.bounds.damaged(f"it has {channels} channels")
    if depth not in _DEPTHS:
        raise file.bounds.damaged(f"it has {depth} bits in a channel")
    if mode not in _MODES:
        raise file.bounds.damaged(f"it has the unknown colour mode {mode}")
    file.bounds.size(width, height, "the document")
    return channels, height, width, depth


def _check_resources(part: Part) -> None:
    count = 0
    while part.left >= 4:
        count += 1
        part.bounds.count(count, _MAX_RESOURCES, "resources")
        part.skip(6)  # signature and id
        part.pascal(2)  # its name
        length = part.number(U32)
        part.skip(length)
        part.pad(length, 2)


def _check_layer_section(part: Part, depth: int, version: int) -> None:
    """The layers; the mask of the document; and tagged blocks, which hold the layers of deeper documents."""
    if not part.left:
        return
    length = part.number(U64 if version == 2 else U32)
    if length:
        check_layers(part.part(length, "the section of layers"), depth, version)
    if part.left >= U32.size and part.data[part.position : part.position + 4] not in SIGNATURES:
        part.skip(part.number(U32))
    part.what = "the document"
    for block in tagged_blocks(part, 4, version):
        if block.key in LAYERS_KEYS:
            check_layers(block.body, depth, version)
        else:
            check_block(block)
