"""Font files of every kind, down to what FreeType and HarfBuzz read: a font, or a collection of fonts.

Fonts (.ttf, .otf) and collections (.ttc, .otc) stay as they are and are found to be whole; web fonts (.woff,
.woff2) are unpacked.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Container

import uharfbuzz as hb

from engines.image_core.errors import SourceError
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.sources.text.font_error import MAX_UNPACKED_BYTES, FontError
from engines.image_core.sources.text.woff import SIGNATURES, WOFF_SIGNATURES, unpacked

__all__ = ["check_font", "font_count", "font_file", "one_font", "sfnt_of"]

_NAMED = 20  # fonts of a collection that a message lists

_unpacked = Cache(MAX_UNPACKED_BYTES, len)
"""Web fonts unpacked, by the SHA-256 of their files: each weight of a variable one is opened anew."""


def font_file(data: bytes, index: int = 0) -> bytes:
    """A file's bytes as FreeType and HarfBuzz read them, found to hold a font.

    Args:
        data: a file of any kind.
        index: which font of a collection, counted from 0; 0 of a file of one font.

    Raises:
        FontError: it is no font file, damaged, too large unpacked, or has no such font.
    """
    sfnt = sfnt_of(data)
    check_font(sfnt, index)
    return sfnt


def check_font(sfnt: bytes, index: int) -> None:
    """Find a font whole in what `sfnt_of` returned.

    Raises:
        FontError: it is truncated, or there is no font of this index.
    """
    starts = _starts(sfnt)
    if index >= len(starts):
        raise FontError(_no_such_font(sfnt, index, len(starts)))
    if _truncated(sfnt, starts[index]):
        raise FontError("the font file is truncated")


def font_count(sfnt: bytes) -> int:
    """How many fonts there are in what `sfnt_of` returned: 1 unless it is a collection.

    Raises:
        FontError: it is a damaged collection.
    """
    return len(_starts(sfnt))


def sfnt_of(data: bytes, only: Container[bytes] | None = None) -> bytes:
    """A file's bytes, those of a web font unpacked.

    Args:
        data: a file of any kind.
        only: the tags of the tables that are wanted of a web font; without it all are.

    Raises:
        FontError: it is no font file, or a damaged web font or one that is too large unpacked.
    """
    if data[:4] in WOFF_SIGNATURES:
        if only is not None:
            return unpacked(data, only)
        key = hashlib.sha256(data).digest()
        return _unpacked.once(key, lambda: unpacked(data), CacheCounts())
    if data[:4] not in (*SIGNATURES, b"ttcf"):
        raise FontError("not a TrueType, OpenType, WOFF or WOFF2 font file")
    return data


def one_font(data: bytes, index: int, label: str) -> bytes:
    """One font of a file of any kind as a TrueType or OpenType file of its own.

    Raises:
        SourceError: as `font_file` has it, and it begins with the label.
    """
    try:
        sfnt = font_file(data, index)
    except FontError as error:
        raise SourceError(f"{label}, font: {error}") from None
    if sfnt[:4] != b"ttcf":
        return sfnt
    start = _starts(sfnt)[index]
    count = int.from_bytes(sfnt[start + 4 : start + 6], "big")
    directory, tables, begin = sfnt[start : start + 12], b"", 12 + 16 * count
    for tag, checksum, offset, length in struct.iter_unpack(">4s3L", sfnt[start + 12 : start + begin]):
        directory += struct.pack(">4s3L", tag, checksum, begin + len(tables), length)
        tables += sfnt[offset : offset + length] + bytes(-length % 4)
    return directory + tables


def _starts(data: bytes) -> tuple[int, ...]:
    """Where each font's directory of tables begins."""
    if data[:4] != b"ttcf":
        return (0,)
    count = int.from_bytes(data[8:12], "big")
    if count == 0:
        raise FontError("the font collection is empty or truncated")
    if 12 + 4 * count > len(data):
        raise FontError("the font file is truncated")
    return struct.unpack_from(f">{count}L", data, 12)


def _no_such_font(data: bytes, index: int, count: int) -> str:
    if data[:4] != b"ttcf":
        return f"index {index} is not in the file: it is no collection, its one font is of index 0"
    names = [f"{number} ({_full_name(data, number)})" for number in range(min(count, _NAMED))]
    more = f" and {count - _NAMED} more" if count > _NAMED else ""
    fonts = "1 font" if count == 1 else f"{count} fonts"
    return f"index {index} is not in the collection: it has {fonts}, {', '.join(names)}{more}"


def _full_name(data: bytes, index: int) -> str:
    name = hb.Face(hb.Blob(data), index).get_name(hb.OTNameIdPredefined.FULL_NAME, "en")
    return name or "unnamed font"


def _truncated(data: bytes, start: int) -> bool:
    """Whether a table lies beyond the end; the libraries would silently leave it out, kerning for one."""
    size = 16 * int.from_bytes(data[start + 4 : start + 6], "big")
    directory = data[start + 12 : start + 12 + size]
    return len(directory) < size or any(
        offset + length > len(data)
        for _tag, _checksum, offset, length in struct.iter_unpack(">4s3L", directory)
    )
