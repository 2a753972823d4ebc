"""Web fonts, WOFF 1.0 and 2.0: unpacked to the font they hold, never beyond a bound."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

import brotli
import numpy as np

from engines.image_core.sources.text.font_error import MAX_UNPACKED_BYTES, FontError
from engines.image_core.sources.text.woff_glyphs import Stream, restored_glyphs

__all__ = ["SIGNATURES", "WOFF_SIGNATURES", "unpacked"]

SIGNATURES = (b"\x00\x01\x00\x00", b"OTTO", b"true")
"""How a file of one font begins: TrueType, OpenType with CFF, Apple's TrueType."""
WOFF_SIGNATURES = (b"wOFF", b"wOF2")

# WOFF 2.0, section 4.1: the tags that are one number in a file; 63 says that the tag itself follows.
_KNOWN_TAGS = (
    b"cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern "
    b"LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar "
    b"bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat "
    b"Gloc Feat Sill"
).replace(b"_", b" ")
_TAG_FOLLOWS = 63
_PLAIN_GLYPHS = 3  # the version of "glyf" and "loca" that are not transformed; it is 0 of all others


@dataclass(frozen=True)
class _Packed:
    """A table in a WOFF2 file: how it is transformed, and how many bytes of it there are."""

    tag: bytes
    version: int
    size: int

    @property
    def plain(self) -> bool:
        return self.version == (_PLAIN_GLYPHS if self.tag in (b"glyf", b"loca") else 0)


def unpacked(data: bytes, only: Container[bytes] | None = None) -> bytes:
    """The TrueType or OpenType file that a WOFF or WOFF2 file holds.

    Args:
        data: the file, beginning with one of `WOFF_SIGNATURES`.
        only: the tags of the tables that are wanted; without it all are.

    Raises:
        FontError: it is damaged, too large unpacked, or a collection.
    """
    second = data[:4] == b"wOF2"
    if len(data) < (48 if second else 44):
        raise FontError("the font file is truncated")
    flavor, length, count, _, size = struct.unpack_from(">4sLHHL", data, 4)
    if length != len(data):
        raise FontError("the font file is truncated" if length > len(data) else "the font file is damaged")
    if flavor == b"ttcf":
        raise FontError("a collection in a WOFF2 file is not supported: give it as a .ttc or .otc file")
    if flavor not in SIGNATURES:
        raise FontError("the web font holds no TrueType or OpenType font")
    _check_size(size)
    tables = dict(_second(data, count, only) if second else _first(data, count, only))
    return _sfnt(flavor, tables)


def _check_size(size: int) -> None:
    if size > MAX_UNPACKED_BYTES:
        raise FontError(f"the font takes {size:,} bytes unpacked: allowed are {MAX_UNPACKED_BYTES:,}")


def _check_tags(tags: list[bytes]) -> None:
    if not tags or len(set(tags)) < len(tags):
        raise FontError("the web font has no tables, or one of them twice")


def _sfnt(flavor: bytes, tables: dict[bytes, bytes]) -> bytes:
    """A font file of tables. Its checksums are zeros: nothing here looks at them."""
    start, records, bodies = 12 + 16 * len(tables), [], []
    for tag, table in sorted(tables.items()):
        records.append(struct.pack(">4s3L", tag, 0, start, len(table)))
        bodies.append(table + bytes(-len(table) % 4))
        start += len(bodies[-1])
    return b"".join((struct.pack(">4s4H", flavor, len(tables), 0, 0, 0), *records, *bodies))


def _first(data: bytes, count: int, only: Container[bytes] | None) -> Iterator[tuple[bytes, bytes]]:
    """The tables of a WOFF file, each compressed alone."""
    directory = data[44 : 44 + 20 * count]
    if len(directory) < 20 * count:
        raise FontError("the font file is truncated")
    records = list(struct.iter_unpack(">4s4L", directory))
    _check_tags([tag for tag, *_ in records])
    _check_size(sum(size for *_, size, _checksum in records))
    for tag, place, packed, size, _checksum in records:
        if place + packed > len(data) or packed > size:
            raise FontError("the font file is damaged")
        if only is None or tag in only:
            body = data[place : place + packed]
            yield tag, body if packed == size else _inflated(body, size)


def _inflated(data: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        table = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise FontError("the font file is damaged") from error
    if len(table) != size or not inflater.eof:
        raise FontError("the font file is damaged")
    return table


def _second(data: bytes, count: int, only: Container[bytes] | None) -> Iterator[tuple[bytes, bytes]]:
    """The tables of a WOFF2 file, compressed all together and some of them transformed."""
    stream = Stream(data)
    stream.take(48)
    found = [_packed(stream) for _ in range(count)]
    _check_tags([one.tag for one in found])
    total = sum(one.size for one in found)
    _check_size(total)
    (compressed,) = struct.unpack_from(">L", data, 20)
    body = Stream(_unbrotlied(stream.take(compressed), total))
    tables = {one.tag: body.take(one.size) for one in found}
    transformed = {one.tag for one in found if not one.plain}
    for tag in tables:
        if only is not None and tag not in only:
            transformed.discard(tag)
    if transformed:
        _restore(tables, transformed)
    yield from ((tag, table) for tag, table in tables.items() if only is None or tag in only)


def _packed(stream: Stream) -> _Packed:
    (flags,) = stream.take(1)
    number, version = flags & 63, flags >> 6
    tag = stream.take(4) if number == _TAG_FOLLOWS else _KNOWN_TAGS[5 * number : 5 * number + 4]
    packed = _Packed(tag, version, stream.long())
    return packed if packed.plain else _Packed(tag, version, stream.long())


def _unbrotlied(data: bytes, size: int) -> bytes:
    decompressor = brotli.Decompressor()
    try:
        body: bytes = decompressor.process(data, output_buffer_limit=size + 1)
    except brotli.error as error:
        raise FontError("the font file is damaged") from error
    if len(body) != size or not decompressor.is_finished():
        raise FontError("the font file is damaged")
    return body


def _restore(tables: dict[bytes, bytes], transformed: set[bytes]) -> None:
    """Put back what WOFF2 transforms: "glyf" with "loca", and "hmtx"."""
    if transformed - {b"glyf", b"loca", b"hmtx"} or (b"glyf" in transformed) != (b"loca" in transformed):
        raise FontError("the WOFF2 file is damaged")
    try:
        if b"glyf" in transformed:
            tables[b"glyf"], tables[b"loca"] = restored_glyphs(tables[b"glyf"])
            head = tables[b"head"]
            tables[b"head"] = head[:50] + b"\0\1" + head[52:]  # "loca" is long
        if b"hmtx" in transformed:
            tables[b"hmtx"] = _metrics(tables)
    except (KeyError, struct.error, ValueError, IndexError) as error:
        raise FontError("the WOFF2 file is damaged") from error


def _metrics(tables: dict[bytes, bytes]) -> bytes:
    """The "hmtx" table: of left bearings that are left out each is its glyph's least x (section 5.4)."""
    stream = Stream(tables[b"hmtx"])
    (flags,) = stream.take(1)
    (full,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    lefts = _least_x(tables)
    if not 1 <= full <= len(lefts) or not 1 <= flags <= 3:
        raise FontError("the WOFF2 file is damaged")
    advances = np.frombuffer(stream.take(2 * full), ">i2")
    for bit, part in ((1, slice(0, full)), (2, slice(full, None))):
        if not flags & bit:
            lefts[part] = np.frombuffer(stream.take(2 * len(lefts[part])), ">i2")
    pairs = np.stack([advances, lefts[:full]], axis=1)  # in the byte order of this machine
    return pairs.astype(">i2").tobytes() + lefts[full:].tobytes()


def _least_x(tables: dict[bytes, bytes]) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Each glyph's least x, 0 of empty ones; big-endian."""
    long = tables[b"head"][50:52] == b"\0\1"
    places = np.frombuffer(tables[b"loca"], ">u4" if long else ">u2").astype(np.int64) * (1 if long else 2)
    glyf = np.frombuffer(tables[b"glyf"], np.uint8)
    starts, drawn = places[:-1] + 2, np.diff(places) > 0
    lefts = np.zeros(len(starts), ">i2")
    pairs = np.stack([glyf[starts[drawn]], glyf[starts[drawn] + 1]], axis=1)
    lefts[drawn] = pairs.view(">i2").ravel()
    return lefts
