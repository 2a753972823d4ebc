"""Files that are small and ask for much: each function gives the bytes of one."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from PIL import Image

from engines.image_core.tests.encoded import chunk, encoded

__all__ = ["BOMBS", "HIDDEN", "solid_png"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return _SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def _png_with(*chunks: bytes, behind: bytes = b"") -> bytes:
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + bytes(12)) * 4))
    return _header(4, 4) + b"".join(chunks) + pixels + behind + chunk(b"IEND", b"")


def _zeros(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(mebibytes)) + packer.flush()


def solid_png(width: int, height: int, depth: int = 8, colour: int = 2, samples: int = 3) -> bytes:
    """A black PNG, whose pixels shrink a thousandfold."""
    packer, row = zlib.compressobj(9), b"\0" + bytes(width * samples * depth // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return _header(width, height, depth, colour) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _webp(kind: bytes, body: bytes) -> bytes:
    data = b"WEBP" + kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(data)) + data


def _webp_canvas(side: int) -> bytes:
    """An animation of a huge canvas and one small frame."""
    frame = encoded(Image.new("RGB", (8, 8)), "WEBP")[12:]
    size = (side - 1).to_bytes(3, "little") * 2
    head = struct.pack("<I", 2) + size
    shown = bytes(6) + (7).to_bytes(3, "little") * 2 + bytes(3) + b"\0" + frame
    chunks = b"VP8X" + struct.pack("<I", len(head)) + head + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    data = b"WEBP" + chunks + b"ANMF" + struct.pack("<I", len(shown)) + shown
    return b"RIFF" + struct.pack("<I", len(data)) + data


def _gif(screen: tuple[int, int], frame: tuple[int, int, int, int]) -> bytes:
    head = b"GIF89a" + struct.pack("<HH3B", *screen, 0x80, 0, 0) + bytes(6)
    return head + b"," + struct.pack("<4HB", *frame, 0) + b"\2\2\x4c\1\0;"


def _tiff(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    """A little-endian TIFF of one directory; entries are tag, type, count and value or offset."""
    records = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + records + struct.pack("<I", following) + bytes(64)


def _tiff_of(width: int, height: int, *more: tuple[int, int, int, int], following: int = 0) -> bytes:
    """Grey, 8 bits, one strip, deflated."""
    tags = {256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, 8), 262: (3, 1, 1)}
    tags |= {273: (4, 1, 8), 277: (3, 1, 1), 278: (4, 1, height), 279: (4, 1, 64)}
    tags |= {entry[0]: entry[1:] for entry in more}
    return _tiff(*((tag, *rest) for tag, rest in sorted(tags.items())), following=following)


def _tags_of_one_megabyte() -> bytes:
    """60,000 tags, each of which says that its value is the whole megabyte of the file."""
    return _tiff(*((tag, 7, 1 << 20, 8) for tag in range(1000, 61_000))) + bytes(1 << 20)


def _jpeg_with(segments: bytes) -> bytes:
    data = encoded(Image.new("RGB", (8, 8)), "JPEG")
    return data[:2] + segments + data[2:]


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _jpeg_of_scans(width: int, height: int, scans: int) -> bytes:
    """A grey progressive JPEG whose last scan comes again and again, each a pass over all pixels."""
    data = encoded(Image.new("L", (width, height)), "JPEG", progressive=True, quality=50)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * scans + data[-2:]


_HUGE = 65_000

# What must be told, by the file's header alone or before it takes much.
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "png of 65000 a side": (
        lambda: _header(_HUGE, _HUGE) + chunk(b"IEND", b""),
        "65000 x 65000 is too large",
    ),
    "png zTXt": (lambda: _png_with(chunk(b"zTXt", b"a\0\0" + _zeros(20))), "Decompressed data too large"),
    "png iTXt": (
        lambda: _png_with(chunk(b"iTXt", b"a\0\1\0\0\0" + _zeros(20))),
        "Decompressed data too large",
    ),
    "png iTXt behind its pixels": (
        lambda: _png_with(behind=chunk(b"iTXt", b"a\0\1\0\0\0" + _zeros(20))),
        "Decompressed data too large",
    ),
    "png iCCP": (lambda: _png_with(chunk(b"iCCP", b"a\0\0" + _zeros(20))), "Decompressed data too large"),
    "png of many texts": (
        lambda: _png_with(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000))) * 100),
        "Too much memory used in text chunks",
    ),
    "png of many chunks": (
        lambda: _png_with(chunk(b"prIv", b"") * 250_001),
        "too many chunks: allowed are 250,000",
    ),
    "webp lossy": (
        lambda: _webp(b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383) + bytes(99)),
        "16383 x 16383 is too large",
    ),
    "webp lossless": (
        lambda: _webp(b"VP8L", b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + bytes(99)),
        "16383 x 16383 is too large",
    ),
    "webp canvas": (lambda: _webp_canvas(16_384), "16384 x 16384 is too large"),
    "gif screen": (lambda: _gif((_HUGE, _HUGE), (0, 0, 1, 1)), "65000 x 65000 is too large"),
    "gif frame": (lambda: _gif((1, 1), (0, 0, _HUGE, _HUGE)), "limit of 178956970 pixels"),
    "gif frame far out": (lambda: _gif((1, 1), (_HUGE, _HUGE, 1, 1)), "limit of 178956970 pixels"),
    "tiff of 65000 a side": (lambda: _tiff_of(_HUGE, _HUGE), "65000 x 65000 is too large"),
    "tiff tile": (
        lambda: _tiff_of(8, 8, (322, 4, 1, 65_536), (323, 4, 1, 65_536), (324, 4, 1, 8), (325, 4, 1, 64)),
        "tiles: 65536 x 65536 is too large",
    ),
    "tiff strip": (lambda: _tiff_of(8, 8, (279, 4, 1, 0xFFFFFFFF)), "TIFF file is damaged"),
    "tiff strips": (lambda: _tiff_of(8, 8, (273, 4, 0x3FFFFFFF, 8)), "TIFF file is damaged"),
    "tiff samples": (lambda: _tiff_of(8, 8, (277, 3, 1, 65_535)), "TIFF file is damaged"),
    "tiff tags": (_tags_of_one_megabyte, "TIFF file is damaged"),
    "jpeg of many EXIF segments": (
        lambda: _jpeg_with(_segment(0xE1, b"Exif\0\0II") * 101),
        "too many EXIF segments: allowed are 100",
    ),
    "jpeg of many comments": (
        lambda: _jpeg_with(_segment(0xFE, b"") * 20_001),
        "too many segments: allowed are 20,000",
    ),
    "jpeg of many scans": (lambda: _jpeg_of_scans(200, 200, 200), "too many scans: allowed are 100"),
    "bmp of 65000 a side": (
        lambda: b"BM" + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, _HUGE, _HUGE, 1, 24, 0, 0, 0, 0, 0, 0),
        "65000 x 65000 is too large",
    ),
}  # fmt: skip

# What must not cost much, whether it is drawn or not.
HIDDEN: dict[str, Callable[[], bytes]] = {
    "tiff directory that follows itself": lambda: _tiff_of(8, 8, following=8),
    "png with tags of one megabyte": lambda: _png_with(chunk(b"eXIf", _tags_of_one_megabyte())),
    "jpeg with 99 EXIF segments": lambda: _jpeg_with(_segment(0xE1, b"Exif\0\0" + bytes(65_000)) * 99),
    "bmp that skips rows": lambda: b"BM"
    + struct.pack("<IHHI", 1078 + 404, 0, 0, 1078)
    + struct.pack("<IiiHHIIiiII", 40, 10_000_000, 1, 1, 8, 1, 404, 0, 0, 256, 0)
    + bytes(range(256)) * 4
    + b"\0\2\0\xff" * 100
    + b"\0\1",
    "gif of many comments": lambda: encoded(Image.new("P", (8, 8)), "GIF")[:-1]
    .replace(b",\0\0\0\0", b"!\xfe" + (b"\xff" + bytes(255)) * 40_000 + b"\0,\0\0\0\0", 1),
}  # fmt: skip
