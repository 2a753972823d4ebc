"""Glyphs that a font has as pictures, each in strikes of several sizes.

The tables are those of OpenType 1.9.1: "sbix", and "CBLC" with "CBDT".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["StrikePicture", "bitmap_pictures", "sbix_pictures"]

_DUPLICATES = 8  # one glyph's picture may be another's, and so on

_SMALL, _BIG = 5, 8  # bytes of a glyph's metrics
_SIZE_RECORD = 48  # bytes
_METRICS = {17: _SMALL, 18: _BIG, 19: 0}  # before a picture, by image format; those of 19 lie in CBLC


class StrikePicture(NamedTuple):
    """A glyph's picture as a file has it.

    Attributes:
        across, up: pixels of an em, in x and in y.
        left: the picture's left edge, in its pixels from the glyph's origin.
        edge: its bottom edge, or its top edge where `hangs`, in its pixels above the baseline.
        hangs: which edge.
        data: the encoded picture.
    """

    across: int
    up: int
    left: int
    edge: int
    hangs: bool
    data: bytes


def sbix_pictures(sbix: bytes, glyph: int, glyph_count: int) -> list[StrikePicture]:
    """A glyph's pictures in an sbix table. struct.error: the table is cut short or its glyphs go round."""
    (count,) = struct.unpack_from(">I", sbix, 4)
    count = min(count, len(sbix) // 4)
    found = []
    for strike in struct.unpack_from(f">{count}I", sbix, 8):
        picture = _sbix_picture(sbix, strike, glyph, glyph_count)
        if picture:
            found.append(picture)
    return found


def _sbix_picture(sbix: bytes, strike: int, glyph: int, glyph_count: int) -> StrikePicture | None:
    (per_em,) = struct.unpack_from(">H", sbix, strike)
    for _ in range(_DUPLICATES):
        if glyph >= glyph_count:
            raise struct.error
        start, end = struct.unpack_from(">II", sbix, strike + 4 + 4 * glyph)
        if start == end or not per_em:
            return None
        left, bottom, kind = struct.unpack_from(">hh4s", sbix, strike + start)
        data = sbix[strike + start + 8 : strike + end]
        if kind != b"dupe":
            return StrikePicture(per_em, per_em, left, bottom, False, data)
        (glyph,) = struct.unpack(">H", data)
    raise struct.error


def bitmap_pictures(cblc: bytes, cbdt: bytes, glyph: int) -> list[StrikePicture]:
    """A glyph's pictures in a pair of CBLC and CBDT tables. struct.error: a table is cut short."""
    (count,) = struct.unpack_from(">I", cblc, 4)
    return [
        picture
        for record in range(8, 8 + _SIZE_RECORD * min(count, len(cblc)), _SIZE_RECORD)
        for picture in _strike_pictures(cblc, cbdt, record, glyph)
    ]


def _strike_pictures(cblc: bytes, cbdt: bytes, record: int, glyph: int) -> Iterator[StrikePicture]:
    start, _size, count = struct.unpack_from(">3I", cblc, record)
    across, up = struct.unpack_from(">BB", cblc, record + 44)
    for index in range(min(count, len(cblc) // 8)):
        first, last, offset = struct.unpack_from(">HHI", cblc, start + 8 * index)
        if first <= glyph <= last and across and up:
            place = _place(cblc, start + offset, glyph, first)
            if place is not None:
                yield _bitmap(cblc, cbdt, start + offset, place, across, up)


def _place(cblc: bytes, table: int, glyph: int, first: int) -> int | None:
    """Where in CBDT a glyph's record lies, by its index subtable; None if it has none there."""
    form, _image, data = struct.unpack_from(">HHI", cblc, table)
    match form:
        case 1 | 3:
            size, kind = (4, "I") if form == 1 else (2, "H")
            start, end = struct.unpack_from(f">2{kind}", cblc, table + 8 + size * (glyph - first))
            return int(data + start) if end > start else None
        case 2:
            (size,) = struct.unpack_from(">I", cblc, table + 8)
            return int(data + size * (glyph - first))
        case 4:
            (count,) = struct.unpack_from(">I", cblc, table + 8)
            pairs = struct.iter_unpack(">HH", cblc[table + 12 : table + 12 + 4 * count])
            return next((data + offset for own, offset in pairs if own == glyph), None)
        case 5:
            size, count = struct.unpack_from(">I8xI", cblc, table + 8)
            glyphs = struct.iter_unpack(">H", cblc[table + 24 : table + 24 + 2 * count])
            return next((data + size * index for index, (own,) in enumerate(glyphs) if own == glyph), None)
    raise struct.error


def _bitmap(cblc: bytes, cbdt: bytes, table: int, place: int, across: int, up: int) -> StrikePicture:
    form, image = struct.unpack_from(">HH", cblc, table)
    if image not in _METRICS or (image == 19 and form not in (2, 5)):
        raise struct.error
    # Both kinds of metrics begin alike: height, width, and the bearings of the left and top edges.
    left, top = (
        struct.unpack_from(">2xbb", cblc, table + 12)
        if image == 19
        else struct.unpack_from(">2xbb", cbdt, place)
    )
    start = place + _METRICS[image]
    (length,) = struct.unpack_from(">I", cbdt, start)
    return StrikePicture(across, up, left, top, True, cbdt[start + 4 : start + 4 + length])
