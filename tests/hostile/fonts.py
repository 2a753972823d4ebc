"""Fonts that are damaged, and fonts made to unfold."""

from __future__ import annotations

import importlib.resources
import random
import struct

__all__ = ["FONTS", "damaged_font", "font_of", "tables_of"]


def _file(package: str, name: str) -> bytes:
    return (importlib.resources.files(package) / "files" / name).read_bytes()


FONTS = {
    "CFF": _file("font_source_sans_pro", "SourceSansPro-Regular.otf"),
    "variable TrueType": _file("fontpkg_rubik", "Rubik[wght].ttf"),
}


def tables_of(font: bytes) -> dict[bytes, bytes]:
    """The tables of a font file by their tags."""
    records = struct.iter_unpack(">4s3L", font[12 : 12 + 16 * int.from_bytes(font[4:6], "big")])
    return {tag: font[start : start + size] for tag, _, start, size in records}


def font_of(tables: dict[bytes, bytes]) -> bytes:
    """A TrueType file of these tables."""
    start, records, body = 12 + 16 * len(tables), b"", b""
    for tag, data in sorted(tables.items()):
        records += struct.pack(">4s3L", tag, 0, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return struct.pack(">4s4H", b"\0\1\0\0", len(tables), 0, 0, 0) + records + body


def damaged_font(font: bytes, seed: int) -> bytes:
    """A font cut short, or with wrong bytes and numbers in its directory, in one table or anywhere."""
    chance, changed = random.Random(seed), bytearray(font)
    if seed % 10 == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    count = int.from_bytes(font[4:6], "big")
    spans = [(4, len(font)), (4, 12 + 16 * count)]
    for _, _, start, size in struct.iter_unpack(">4s3L", font[12 : 12 + 16 * count]):
        spans.append((start, start + min(size, chance.choice([16, 64, 400, size]))))
    low, high = chance.choice(spans)
    for _ in range(chance.choice([1, 2, 5, 20, 100])):
        place = chance.randrange(low, high)
        match chance.randrange(3):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                changed[place] = chance.choice([0, 1, 127, 128, 255])
            case _:
                number = chance.choice([0, 1, 0x7FFF, 0x8000, 0xFFFF, chance.randrange(65536)])
                changed[place : place + 2] = number.to_bytes(2, "big")
    return bytes(changed[: len(font)])
