"""Hostile web fonts, in processes of their own: files that would unpack to far more than they are."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import brotli
import pytest

from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.font_files import sfnt_of
from engines.image_core.tests.sources.text.font_making import web_font
from tests.hostile.child import in_child, now_at
from tests.hostile.fonts import FONTS
from tests.hostile.test_fonts import drawn_or_told

_SEEDS = 150


def _head(tables: int, length: int, compressed: int) -> bytes:
    return struct.pack(
        ">4s4sL2H2L2H5L", b"wOF2", b"\0\1\0\0", length, tables, 0, 0, compressed, 1, 0, *bytes(5)
    )


def _base128(number: int) -> bytes:
    digits = [number & 127]
    while number := number >> 7:
        digits.append(number & 127 | 128)
    return bytes(reversed(digits))


def font_of_glyphs(*streams: bytes, count: int) -> bytes:
    """A WOFF2 file of transformed glyphs in seven streams, and of nothing else but a "head" of zeros."""
    glyf = struct.pack(">4H7L", 0, 0, count, 1, *map(len, streams)) + b"".join(streams)
    directory = b"".join(
        b"\x3f" + tag + _base128(size) + _base128(size) for tag, size in ((b"glyf", len(glyf)), (b"loca", 0))
    )
    directory += b"\x3fhead" + _base128(54)
    body: bytes = brotli.compress(glyf + bytes(54), quality=5)
    return _head(3, 48 + len(directory) + len(body), len(body)) + directory + body


def _boxes(count: int) -> bytes:
    return bytes((count + 31) // 32 * 4)


def many_points() -> bytes:
    """13 million points in 65,000 glyphs."""
    count, points = 65_000, 200
    numbers = (bytes(points) + b"\0") * count
    each = struct.pack(">h", 1) * count, bytes([points]) * count, b"\x14" * points * count
    return font_of_glyphs(*each, numbers, b"", _boxes(count), b"", count=count)


def too_many_points() -> bytes:
    """Twenty million of them."""
    count, points = 65_000, 250
    each = struct.pack(">h", 1) * count, bytes([points]) * count, b"\x14" * (20 << 20)
    return font_of_glyphs(*each, b"", b"", _boxes(count), b"", count=count)


def many_contours() -> bytes:
    """30 million contours without points."""
    count, contours = 1000, 30_000
    lengths = (b"\1" + bytes(contours - 1)) * count
    each = struct.pack(">h", contours) * count, lengths, b"\x14" * count, b"\0\0" * count
    return font_of_glyphs(*each, b"", _boxes(count), b"", count=count)


def many_parts() -> bytes:
    """Ten million glyphs that others are made of."""
    count = 65_000
    parts = struct.pack(">2H2b", 0x20, 0, 1, 1) * 150 + struct.pack(">2H2b", 0, 0, 1, 1)
    boxes = b"\xff" * len(_boxes(count)) + bytes(8 * count)
    return font_of_glyphs(
        struct.pack(">h", -1) * count, b"", b"", b"", parts * count, boxes, b"", count=count
    )


def bomb() -> bytes:
    """A gigabyte of zeros that is said to be a small table."""
    compressor = brotli.Compressor(quality=5)
    body: bytes = b"".join(compressor.process(bytes(1 << 20)) for _ in range(1024)) + compressor.finish()
    directory = b"\x3fname" + _base128(100)
    return _head(1, 48 + len(directory) + len(body), len(body)) + directory + body


_BOMBS: dict[str, Callable[[], bytes]] = {
    one.__name__: one for one in (many_points, too_many_points, many_contours, many_parts, bomb)
}


def unpack(name: str) -> str | int:
    """Unpack a bomb; the line that refuses it, or the size it comes to."""
    file = _BOMBS[name]()
    assert len(file) < 10_000
    try:
        return len(sfnt_of(file))
    except FontError as error:
        return str(error)


@pytest.mark.parametrize("name", ["many_points", "many_contours", "many_parts"])
def test_what_is_within_the_bounds_is_unpacked_in_one_pass(name: str) -> None:
    """Some bytes that come to 64 MiB of glyphs take seconds, however they are shared out."""
    outcome = in_child(unpack, name)
    assert 50_000_000 < outcome.result < 70_000_000
    assert outcome.seconds < 40
    assert outcome.peak_mib < 1500


def test_what_is_beyond_them_is_told() -> None:
    """Before more than the bounds is unpacked."""
    outcome = in_child(unpack, "too_many_points")
    assert outcome.result == "the font's outlines take more than 67,108,864 bytes unpacked"
    assert outcome.peak_mib < 500
    outcome = in_child(unpack, "bomb")
    assert outcome.result == "the font file is damaged"
    assert outcome.peak_mib < 300


def _damaged(data: bytes, chance: random.Random, first: int = 0) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 3, 30])):
        changed[chance.randrange(first, len(changed))] = chance.choice([0, 1, 127, 128, 253, 255])
    return bytes(changed)


def _damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """A WOFF2 file whose tables are damaged before they are packed."""
    (compressed,) = struct.unpack_from(">L", data, 20)
    start = next(start for start in range(48, len(data)) if _is_brotli(data[start : start + compressed]))
    body: bytes = brotli.decompress(data[start : start + compressed])
    reach = chance.choice([200, 20_000, len(body)])
    packed: bytes = brotli.compress(_damaged(body[:reach], chance) + body[reach:], quality=1)
    head = struct.pack(">L", start + len(packed)), struct.pack(">L", len(packed))
    return data[:8] + head[0] + data[12:20] + head[1] + data[24:start] + packed


def _is_brotli(data: bytes) -> bool:
    try:
        return bool(brotli.decompress(data))
    except brotli.error:
        return False


def draw_damaged(name: str, *kind: str) -> int:
    """Draw a text in web fonts of one kind with each seed's damage; how many are refused."""
    font, refused = web_font(FONTS[name], *kind), 0
    for seed in range(_SEEDS):
        now_at(f"{name}, {kind}, seed {seed}")
        chance = random.Random(seed)
        inside = kind[0] == "woff2" and seed % 4
        changed = _damaged_inside(font, chance) if inside else _damaged(font, chance, 4)
        refused += drawn_or_told(changed) is not None
    return refused


@pytest.mark.parametrize("kind", [("woff",), ("woff2",), ("woff2", "glyf", "loca", "hmtx")])
@pytest.mark.parametrize("name", FONTS)
def test_damaged_web_fonts_draw_or_are_told(name: str, kind: tuple[str, ...]) -> None:
    """Damage to the packed file, and to what is packed in it."""
    if name == "CFF" and "glyf" in kind:
        pytest.skip("it has no glyphs that WOFF2 transforms")
    outcome = in_child(draw_damaged, name, *kind)
    assert _SEEDS // 10 <= outcome.result <= _SEEDS
    assert outcome.peak_mib < 1000
