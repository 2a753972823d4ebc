"""Little colour fonts built for the tests: every glyph from 4 on has the outline of a square."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from numpy.typing import NDArray
from PIL import Image

__all__ = [
    "FIRST", "PaintFormat", "bitmap_font", "colr_font", "inside", "picture", "saved", "sbix_font", "solid",
    "svg_font", "with_table", "without_tables",
]  # fmt: skip

FIRST = 3
"""The number of the glyph "first", after .notdef, "square" and "triangle"."""

PaintFormat = otTables.PaintFormat
_PALETTE = [(1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0), (1.0, 1.0, 1.0, 0.5)]


def _polygon(*points: tuple[int, int]) -> Any:
    pen = TTGlyphPen(None)
    if points:
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def _plain(names: list[str]) -> TTFont:
    """A font of 1000 units an em: a square of 0..800 and a triangle over it, and squares of these names."""
    builder = FontBuilder(1000, isTTF=True)
    order = [".notdef", "square", "triangle", *names]
    square = _polygon((0, 0), (800, 0), (800, 800), (0, 800))
    glyphs = dict.fromkeys(order, square)
    glyphs |= {".notdef": _polygon(), "triangle": _polygon((0, 0), (800, 0), (400, 800))}
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({0x41 + index: name for index, name in enumerate(names)})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Test", "styleName": "Regular", "fullName": "Test"})
    builder.setupOS2()
    builder.setupPost()
    return builder.font


def saved(font: TTFont) -> bytes:
    """A font's file."""
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def solid(entry: int, alpha: float = 1.0) -> dict[str, Any]:
    """A paint of one colour: red, green, blue, half white, or 0xFFFF for the text's."""
    return {"Format": PaintFormat.PaintSolid, "PaletteIndex": entry, "Alpha": alpha}


def inside(glyph: str, paint: dict[str, Any]) -> dict[str, Any]:
    """A paint within a glyph's outline."""
    return {"Format": PaintFormat.PaintGlyph, "Glyph": glyph, "Paint": paint}


def colr_font(paint: Any, *, version: int = 1, clips: Any = None) -> bytes:
    """A font whose glyph "first" has this paint, or in version 0 these layers of glyph and colour."""
    font = _plain(["first", "second"])
    font["COLR"] = buildCOLR(
        {"first": paint}, version=version, clipBoxes=clips, glyphMap=font.getReverseGlyphMap()
    )
    font["CPAL"] = buildCPAL([_PALETTE])
    return saved(font)


def with_table(data: bytes, tag: str, table: bytes) -> bytes:
    """A font file with one table replaced by these bytes."""
    font = TTFont(io.BytesIO(data))
    font.tables[tag] = _Raw(tag, table)
    return saved(font)


class _Raw:
    """A table written as its bytes are."""

    dependencies: tuple[str, ...] = ()

    def __init__(self, tag: str, data: bytes) -> None:
        self.tableTag = tag
        self.data = data

    def compile(self, _font: TTFont) -> bytes:
        """The bytes."""
        return self.data


def picture(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of RGBA pixels."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def svg_font(document: str | bytes) -> bytes:
    """A font whose glyph "first" is drawn by an SVG document, plain or gzipped."""
    data = document.encode() if isinstance(document, str) else document
    record = struct.pack(">HHII", FIRST, FIRST, 14, len(data))
    table = struct.pack(">HII", 0, 10, 0) + struct.pack(">H", 1) + record + data
    return with_table(saved(_plain(["first", "second"])), "SVG ", table)


def sbix_font(pictures: dict[int, tuple[int, int, bytes]]) -> bytes:
    """A font whose glyph "first" has pictures: pixels per em, then left, bottom and the file."""
    count = 5
    strikes = []
    for per_em, (left, bottom, data) in pictures.items():
        record = struct.pack(">hh4s", left, bottom, b"png ") + data
        start = 4 + 4 * (count + 1)
        offsets = [start if glyph <= FIRST else start + len(record) for glyph in range(count + 1)]
        strikes.append(struct.pack(f">HH{count + 1}I", per_em, 72, *offsets) + record)
    place = 8 + 4 * len(strikes)
    places = []
    for strike in strikes:
        places.append(place)
        place += len(strike)
    table = struct.pack(f">HHI{len(strikes)}I", 1, 1, len(strikes), *places) + b"".join(strikes)
    return with_table(saved(_plain(["first", "second"])), "sbix", table)


def bitmap_font(index_format: int, per_em: int, left: int, top: int, data: bytes, *, outlines: bool) -> bytes:
    """A font whose glyph "first" has one picture in CBDT, by one of the formats 1 to 5 of its index."""
    stored_metrics = index_format in (2, 5)
    metrics = struct.pack(">BBbbBbbB", 0, 0, left, top, 0, 0, 0, 0)
    image_format = 19 if stored_metrics else 17
    record = (b"" if stored_metrics else metrics[:5]) + struct.pack(">I", len(data)) + data
    if index_format == 3 and len(record) % 2:
        record += b"\0"
    bodies = {
        1: struct.pack(">II", 0, len(record)),
        2: struct.pack(">I", len(record)) + metrics,
        3: struct.pack(">HH", 0, len(record)),
        4: struct.pack(">I4H", 1, FIRST, 0, 0xFFFF, len(record)),
        5: struct.pack(">I", len(record)) + metrics + struct.pack(">IH", 1, FIRST) + b"\0\0",
    }
    subtable = struct.pack(">HHI", index_format, image_format, 4) + bodies[index_format]
    array = struct.pack(">HHI", FIRST, FIRST, 8)
    lines = bytes(24)
    size = struct.pack(">4I", 56, 8 + len(subtable), 1, 0) + lines
    size += struct.pack(">HHBBBb", FIRST, FIRST, per_em, per_em, 32, 1)
    cblc = struct.pack(">HHI", 3, 0, 1) + size + array + subtable
    font = saved(_plain(["first", "second"]))
    font = with_table(with_table(font, "CBLC", cblc), "CBDT", struct.pack(">HH", 3, 0) + record)
    return font if outlines else without_tables(font, "glyf", "loca")


def without_tables(data: bytes, *tags: str) -> bytes:
    """A font file without some tables."""
    font = TTFont(io.BytesIO(data))
    for tag in tags:
        del font[tag]
    return saved(font)
