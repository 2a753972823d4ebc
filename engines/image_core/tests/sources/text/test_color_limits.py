"""Glyphs of colour fonts that are damaged, hostile or too much, and how that is told."""

from __future__ import annotations

import contextlib
import gzip
import io
import struct

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.numbers.geometry import Rect
from engines.image_core.runtime.limits import Budget, RenderLimits
from engines.image_core.sources.text.color_glyphs import draw_color_glyphs
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.tests.color_fonts import (
    FIRST,
    PaintFormat,
    bitmap_font,
    colr_font,
    inside,
    picture,
    sbix_font,
    solid,
    svg_font,
    with_table,
)
from engines.image_core.tests.sources.text.color_drawn import (
    RED,
    first_drawn,
    first_glyph,
    glyph_at,
)


def _flat(side: int, color: list[int]) -> bytes:
    return picture(np.full((side, side, 4), color, np.uint8))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ('<image id="glyph3" href="/etc/passwd"/>', "the reference '/etc/passwd' .* not allowed"),
        ('<g id="glyph3"><use href="http://example.org/x#y"/></g>', "the reference 'http://example.org"),
        ('<g id="glyph3"><text>a</text></g>', "<text> is not allowed here"),
        ('<g id="glyph4"/>', "has no element 'glyph3'"),
    ],
)
def test_svg_glyphs_are_checked_as_svg_layers_are(document: str, message: str) -> None:
    """Nothing names a file or runs; the error names the glyph and the font."""
    font = load_font(svg_font(f'<svg xmlns="http://www.w3.org/2000/svg">{document}</svg>'), "x")
    with pytest.raises(SourceError, match=rf"^glyph 3 of font 'Test': .*{message}"):
        font.color_glyph(FIRST, "#000000")


def test_svg_that_unpacks_without_end_or_is_no_text_is_refused() -> None:
    """A gzip bomb stops at the longest document allowed."""
    bomb = load_font(svg_font(gzip.compress(b"<svg>" + bytes(50_000_000))), "x")
    with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test': "):
        bomb.color_glyph(FIRST, "#000000")
    for data in (b"\x1f\x8bnot gzip", b"\xff\xfe<svg/>"):
        with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test': its SVG document is"):
            load_font(svg_font(data), "x").color_glyph(FIRST, "#000000")


def test_pictures_that_are_too_large_or_no_pictures_are_refused() -> None:
    """A PNG of 3000 x 3000, one that claims more than it has, and one that is none."""
    big = picture(np.zeros((3000, 3000, 4), np.uint8))
    with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test': 3000 x 3000 is too large"):
        first_drawn(sbix_font({100: (0, 0, big)}))
    many = {per_em: (0, 0, picture(np.zeros((2000, 2000, 4), np.uint8))) for per_em in range(10, 15)}
    with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test' has pictures of more than 16,777,216"):
        first_drawn(sbix_font(many))
    for data in (b"none", _flat(5, RED)[:50]):
        with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test': "):
            first_drawn(sbix_font({100: (0, 0, data)}))


def _colr(paints: bytes, layers: bytes = b"") -> bytes:
    """A COLR table whose glyph "first" has the paint that these bytes begin with."""
    bases = struct.pack(">IHI", 1, FIRST, 10) + paints
    start = 34
    header = struct.pack(">HHIIH", 1, 0, 0, 0, 0)
    header += struct.pack(">5I", start, start + len(bases) if layers else 0, 0, 0, 0)
    return header + bases + layers


def _hostile(table: bytes) -> LoadedFont:
    return load_font(with_table(colr_font(inside("square", solid(0))), "COLR", table), "x")


SELF = bytes([11]) + struct.pack(">H", FIRST)  # PaintColrGlyph of the glyph itself
FAN = bytes([1, 255]) + struct.pack(">I", 0)  # PaintColrLayers of 255 layers
DOUBLE = bytes([32, 0, 0, 8, 3, 0, 0, 8])  # PaintComposite of what follows it with itself


@pytest.mark.parametrize(
    "table",
    [
        _colr(SELF),
        _colr(FAN, struct.pack(">I255I", 255, *[4 + 4 * 255] * 255) + FAN),
        _colr(DOUBLE * 40 + bytes([2, 0, 0, 64, 0])),
    ],
    ids=["loop", "fan of itself", "doubled forty times"],
)
def test_paints_that_go_round_or_multiply_are_refused(table: bytes) -> None:
    """The error names the glyph and the font, and comes at once."""
    with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test' is made of too many paints$"):
        _hostile(table).color_glyph(FIRST, "#000000")


@pytest.mark.parametrize(
    "paint",
    [
        b"",
        bytes([99]),
        bytes([2, 0, 77, 64, 0]),
        bytes([10, 0, 0, 6]),
        SELF[:1] + b"\0\1",
        bytes([32, 0, 0, 8, 99]),
    ],
    ids=["nothing", "unknown", "no such colour", "cut short", "not a colour glyph", "unknown mode"],
)
def test_damaged_paints_are_told(paint: bytes) -> None:
    """Whatever is amiss, one line says whose it is."""
    with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test' is damaged$"):
        _hostile(_colr(paint)).color_glyph(FIRST, "#000000")


def test_a_glyph_that_fills_the_plane_is_refused() -> None:
    """A colour in no outline has no bounds."""
    with pytest.raises(SourceError, match=r"^glyph 3 of font 'Test' is painted without bounds$"):
        load_font(colr_font(solid(0)), "x").color_glyph(FIRST, "#000000")


def test_a_table_cut_short_is_a_damaged_font() -> None:
    """It is told when the font is loaded."""
    with pytest.raises(SourceError, match=r"^x, font: the font file is damaged"):
        _hostile(b"\0\1\0")


def test_fonts_with_damaged_colour_tables_end_in_errors_only() -> None:
    """Any byte of a colour table may be wrong: a picture or one of the library's errors comes of it."""
    random = np.random.default_rng(7)
    layers = [inside("triangle", solid(0)), inside("square", solid(1))]
    sources = {
        "COLR": colr_font({"Format": PaintFormat.PaintColrLayers, "Layers": layers}),
        "sbix": sbix_font({40: (0, 0, _flat(9, RED))}),
        "CBLC": bitmap_font(4, 40, 0, 9, _flat(9, RED), outlines=True),
    }  # fmt: skip
    for tag, data in sources.items():
        table = _table(data, tag)
        for _ in range(40):
            changed = bytearray(table)
            changed[random.integers(len(table))] = random.integers(256)
            # The assertion: the glyph has no colour now.
            with contextlib.suppress(SourceError, CompositionError, AssertionError):
                first_drawn(with_table(data, tag, bytes(changed)))


def _table(data: bytes, tag: str) -> bytes:
    return bytes(TTFont(io.BytesIO(data)).reader[tag])


def test_what_is_enormous_or_takes_too_long_is_told() -> None:
    """Both errors name the layer."""
    font = load_font(colr_font(inside("triangle", solid(0))), "x")
    with pytest.raises(CompositionError, match=r"^layers\[0\]: glyphs are too large"):
        draw_color_glyphs(
            [(first_glyph(font), glyph_at(font, 1 << 30, 0, 0))], Rect(0, -50, 50, 0), "layers[0]"
        )
    late = Budget(RenderLimits(seconds=0.0))
    with pytest.raises(CompositionError, match=r"^layers\[0\]: rendering takes more than"):
        draw_color_glyphs(
            [(first_glyph(font), glyph_at(font, 50, 0, 40))], Rect(0, 0, 50, 50), "layers[0]", late
        )
