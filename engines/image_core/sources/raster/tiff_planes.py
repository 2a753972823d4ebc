"""TIFFs whose channels lie in planes of their own, where Pillow misreads them.

Each plane is read as a grey TIFF: the same file with a directory that names that plane's strips or tiles.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import TiffTags
from PIL.TiffImagePlugin import (
    BITSPERSAMPLE,
    COMPRESSION,
    EXTRASAMPLES,
    FILLORDER,
    IMAGELENGTH,
    IMAGEWIDTH,
    PHOTOMETRIC_INTERPRETATION,
    PLANAR_CONFIGURATION,
    PREDICTOR,
    ROWSPERSTRIP,
    SAMPLESPERPIXEL,
    STRIPBYTECOUNTS,
    STRIPOFFSETS,
    TILEBYTECOUNTS,
    TILELENGTH,
    TILEOFFSETS,
    TILEWIDTH,
    TiffImageFile,
)

from engines.image_core.errors import SourceError

__all__ = ["in_planes", "is_premultiplied", "planes"]

_ORIENTATION = 274
_KEPT = (
    IMAGEWIDTH, IMAGELENGTH, COMPRESSION, FILLORDER, _ORIENTATION, PREDICTOR, ROWSPERSTRIP, TILEWIDTH,
    TILELENGTH,
)  # fmt: skip
"""Tags of one number that hold for each plane as for the picture."""

_BLACK_IS_ZERO = 1
_CONTIGUOUS, _SEPARATE = 1, 2
_ASSOCIATED = 1


def is_premultiplied(picture: TiffImageFile) -> bool:
    """Whether a TIFF's colours are multiplied by its alpha."""
    return picture.mode == "RGBA" and picture.tag_v2.get(EXTRASAMPLES, (0,))[0] == _ASSOCIATED


def in_planes(picture: TiffImageFile) -> bool:
    """Whether a TIFF has each channel's samples by themselves, and in a way that Pillow does not read."""
    tags = picture.tag_v2
    wide = max(tags.get(BITSPERSAMPLE, (1,))) > 8
    bare = is_premultiplied(picture) and picture.tile[0].codec_name == "raw"
    return tags.get(PLANAR_CONFIGURATION) == _SEPARATE and (wide or bare)


def planes(picture: TiffImageFile, data: bytes, label: str) -> Iterator[TiffImageFile]:
    """The channels of an opened TIFF in planes, each a grey picture of 8 or 16 bits, in the file's order.

    Args:
        picture: the opened file, at the page that is meant.
        data: the whole file.
        label: how messages name the layer.

    Raises:
        SourceError: samples of other sizes than 8 or 16 bits, or of different sizes; or strips or tiles that
            are not as many for each plane.
    """
    tags = picture.tag_v2
    count = tags.get(SAMPLESPERPIXEL, 1)
    bits = tuple(tags[BITSPERSAMPLE])
    if bits not in {(8,) * count, (16,) * count}:
        raise SourceError(f"{label}: a TIFF in separate planes is read with 8 or 16 bits a sample")
    tiled = TILEOFFSETS in tags
    offsets, lengths = (
        tags.get(tag, ())
        for tag in ((TILEOFFSETS, TILEBYTECOUNTS) if tiled else (STRIPOFFSETS, STRIPBYTECOUNTS))
    )
    each = len(offsets) // count
    if each == 0 or len(offsets) != each * count or len(lengths) != len(offsets):
        raise SourceError(f"{label}: this TIFF's planes have not as many parts each")
    kept = {tag: [int(tags[tag])] for tag in _KEPT if tag in tags}
    for first in range(0, len(offsets), each):
        parts = slice(first, first + each)
        named = (TILEOFFSETS, TILEBYTECOUNTS) if tiled else (STRIPOFFSETS, STRIPBYTECOUNTS)
        plane = dict(zip(named, (list(offsets[parts]), list(lengths[parts])), strict=True))
        grey = _GREY | {BITSPERSAMPLE: [bits[0]]}
        yield TiffImageFile(BytesIO(_with_directory(data, tags.prefix, kept | grey | plane)))


_GREY = {
    PHOTOMETRIC_INTERPRETATION: [_BLACK_IS_ZERO],
    SAMPLESPERPIXEL: [1],
    PLANAR_CONFIGURATION: [_CONTIGUOUS],
}


def _with_directory(data: bytes, prefix: bytes, tags: dict[int, list[int]]) -> bytes:
    """A TIFF of the same bytes with a directory of whole numbers behind them (TIFF 6.0, section 2)."""
    order = ">" if prefix == b"MM" else "<"
    start = len(data) + len(data) % 2
    behind = start + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, numbers in sorted(tags.items()):
        content = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            place = struct.pack(f"{order}I", behind + len(values))
            values += content
        else:
            place = content
        entries += struct.pack(f"{order}HHI", tag, TiffTags.LONG, len(numbers)) + place
    header = prefix + struct.pack(f"{order}HI", 42, start)
    directory = struct.pack(f"{order}H", len(tags)) + entries + bytes(4)
    return header + data[8:].ljust(start - 8, b"\0") + directory + values
