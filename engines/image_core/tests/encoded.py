"""Files for the decoding tests that no library writes: raw PNGs and colour profiles, put together by hand."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["DISPLAY_P3", "SRGB", "encoded", "gray_profile", "png", "rgb_profile", "srgb_curve"]

SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))

_D65 = (0.3127, 0.3290)
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples: NDArray[Any], color_type: int, depth: int, *, trns: bytes | None = None) -> bytes:
    """A PNG of uint8 or uint16 samples, shape (height, width, channels); depths below 8 are packed."""
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    rows = b"".join(b"\0" + _row(row, depth) for row in samples)
    extra = b"" if trns is None else chunk(b"tRNS", trns)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _row(row: NDArray[Any], depth: int) -> bytes:
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(np.uint8).tobytes()
    bits = (row.reshape(-1, 1).astype(np.uint8) >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits).tobytes()


def srgb_curve() -> list[int]:
    """The sRGB decoding curve (IEC 61966-2-1) as a table of 1024 entries, as common profiles have it."""
    x = np.linspace(0, 1, 1024)
    return [round(v * 65535) for v in np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)]


def rgb_profile(primaries: tuple[tuple[float, float], ...], curve: list[int]) -> bytes:
    """An ICC matrix profile from the primaries' chromaticities; a curve of one entry is gamma * 256."""
    columns = np.stack([_xyz(*primary) for primary in primaries], axis=1)
    columns = columns * np.linalg.solve(columns, _xyz(*_D65))
    scale = (_BRADFORD @ _D50) / (_BRADFORD @ _xyz(*_D65))
    columns = np.linalg.inv(_BRADFORD) @ np.diag(scale) @ _BRADFORD @ columns
    tags = {name: _xyz_tag(columns[:, i]) for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    return _profile(b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve_tag(curve)))


def gray_profile(curve: list[int]) -> bytes:
    """An ICC profile of one grey channel."""
    return _profile(b"GRAY", {b"kTRC": _curve_tag(curve)})


def _xyz(x: float, y: float) -> NDArray[np.float64]:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _fixed(values: NDArray[np.float64]) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz_tag(values: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _curve_tag(entries: list[int]) -> bytes:
    return struct.pack(f">4sII{len(entries)}H", b"curv", 0, len(entries), *entries)


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """ICC.1:2001-04: a header of 128 bytes, the tag table, the tags padded to 4 bytes."""
    description = struct.pack(">4sII", b"desc", 0, 2) + b"t\0" + bytes(78)
    tags = {b"desc": description, b"cprt": b"text\0\0\0\0t\0", b"wtpt": _xyz_tag(_D50), **tags}
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), b"test", 0x02400000, b"mntr", space, b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + _fixed(_D50)
    return header.ljust(128, b"\0") + table + body
