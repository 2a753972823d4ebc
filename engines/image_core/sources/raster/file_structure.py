"""What is looked at in a picture file before Pillow reads it: damage it does not see, and its slow cases.

Pillow bounds most of what a file can ask of it. What it leaves open is bounded here, so far above what honest
files hold that only a file made to cost time or memory is refused.
"""

from __future__ import annotations

import re
import struct

import deflate

from engines.image_core.errors import SourceError

__all__ = ["check_jpeg", "check_png", "webp_size"]

_MAX_CHUNKS = 250_000  # of a PNG: each costs microseconds; 1 GiB in libpng's chunks of 8 KiB are 131,072
_MAX_SEGMENTS = 20_000  # of a JPEG: 1 GiB in segments of 64 KiB are 16,384
_MAX_EXIF = 100  # segments of it, which Pillow joins one by one: a quadratic time
_MAX_SCANS = 100  # of a JPEG, each a pass over all of its pixels; libtiff allows as many

_MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")  # no stuffed zero, restart, fill byte or TEM
_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1


def check_png(data: bytes, label: str) -> None:
    """Check every chunk's CRC-32 up to IEND: Pillow skips those of the pixels (PNG, third edition, 5.3).

    Raises:
        SourceError: the file is cut short, damaged, or of very many chunks.
    """
    view, position, kind, chunks = memoryview(data), 8, b"", 0
    while kind != b"IEND":
        if position + 12 > len(data):
            raise SourceError(f"{label}: this PNG file is cut short")
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise SourceError(f"{label}: this PNG file is cut short")
        if deflate.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise SourceError(f"{label}: this PNG file is damaged (checksum of {kind.decode('latin-1')!r})")
        position, chunks = end, chunks + 1
        _check_count(chunks, _MAX_CHUNKS, "chunks", "PNG", label)


def check_jpeg(data: bytes, label: str, *, header_only: bool = False) -> None:
    """Count what costs time for each, up to the end of the image (ITU-T T.81, B.1).

    Args:
        data: The whole file.
        label: How messages name the picture.
        header_only: Only up to the first scan, where Pillow too stops until the pixels are asked for.

    Raises:
        SourceError: the file has very many segments or scans.
    """
    position, segments, exif, scans = 2, 0, 0, 0
    while (found := _MARKER.search(data, position)) and (marker := data[found.start() + 1]) != _EOI:
        position = found.end()
        if marker == _SOI:
            continue
        if header_only and marker == _SOS:
            return
        segments += 1
        scans += marker == _SOS
        exif += marker == _APP1 and data.startswith(b"Exif\0\0", position + 2)
        position += max(2, int.from_bytes(data[position : position + 2], "big"))
        _check_count(segments, _MAX_SEGMENTS, "segments", "JPEG", label)
        _check_count(exif, _MAX_EXIF, "EXIF segments", "JPEG", label)
        _check_count(scans, _MAX_SCANS, "scans", "JPEG", label)


def _check_count(count: int, allowed: int, what: str, name: str, label: str) -> None:
    if count > allowed:
        raise SourceError(f"{label}: this {name} file has too many {what}: allowed are {allowed:,}")


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height as the first chunk has them; 0, 0 if that is none Pillow reads.

    libwebp's reader of animations, which Pillow uses for all files, has memory for two canvases before it
    tells their size (RFC 9649, 2.5 to 2.7 and 3.4).
    """
    kind, body = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
