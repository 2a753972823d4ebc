"""Hostile fonts, in processes of their own: FreeType and HarfBuzz are C, and could crash or fill memory."""

from __future__ import annotations

import struct

import pytest

from engines.image_core.errors import SourceError
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import Rect
from engines.image_core.sources.text.drawing import rasterise_text
from engines.image_core.sources.text.fonts import load_font
from tests.hostile.child import in_child, now_at
from tests.hostile.fonts import FONTS, damaged_font, font_of, tables_of
from tests.hostile.telling import told

_LABEL = "layer 'title' (layers[0])"
_TEXT = "AVfi é Wàg\u0301 שָׁלוֹם مرحبا\u0651 ½ 1/2 ffi"
_SEEDS = 150  # of each font


def drawn_or_told(font: bytes, text: str = _TEXT, weight: int = 400) -> str | None:
    """The line that tells what is wrong with a font, if any."""
    layer = TextLayer(type="text", text=text, missing_glyphs="box", size=40, box_width=300.0)
    area = Rect(0, 0, 300, 200)
    return told(
        lambda: rasterise_text(layer, [(load_font(font, _LABEL, weight=weight),)], area, _LABEL), _LABEL
    )


def draw_damaged(name: str, first: int, last: int) -> int:
    """Draw a text in a font with each seed's damage; returns how many fonts are refused."""
    refused = 0
    for seed in range(first, last):
        now_at(f"{name}, seed {seed}")
        refused += (
            drawn_or_told(damaged_font(FONTS[name], seed), weight=650 if seed % 4 == 1 else 400) is not None
        )
    return refused


@pytest.mark.parametrize("name", FONTS)
def test_damaged_fonts_draw_or_are_told(name: str) -> None:
    """Hundreds of fonts cut short or with wrong bytes, drawn in several scripts: an error names the layer."""
    outcome = in_child(draw_damaged, name, 0, _SEEDS)
    assert _SEEDS // 10 <= outcome.result < _SEEDS
    assert outcome.peak_mib < 1000


def test_an_axis_whose_name_is_no_text_is_told() -> None:
    """It once came out of HarfBuzz's binding as a UnicodeDecodeError."""
    tables = tables_of(FONTS["variable TrueType"])
    tables[b"fvar"] = tables[b"fvar"].replace(b"wght", b"w\xffht")
    with pytest.raises(SourceError, match=r"^layer 'title' \(layers\[0\]\), font: the font file is damaged"):
        load_font(font_of(tables), _LABEL)


_DROPPED = {b"fvar", b"gvar", b"avar", b"HVAR", b"MVAR", b"STAT", b"GPOS", b"GDEF", b"GSUB"}


def _still() -> dict[bytes, bytes]:
    """Rubik's tables without its axes and its layout."""
    tables = tables_of(FONTS["variable TrueType"])
    return {tag: data for tag, data in tables.items() if tag not in _DROPPED}


def doubling_font(depth: int, parts: int) -> bytes:
    """A font in which each glyph is `parts` times the one before it, up to a depth; the first is empty."""
    tables = _still()
    glyphs = [b""]
    for number in range(1, int.from_bytes(tables[b"maxp"][4:6], "big")):
        below = min(number - 1, depth)
        body = [
            struct.pack(">HHbb", 2 | (0x20 if part < parts - 1 else 0), below, 1, 1) for part in range(parts)
        ]
        glyphs.append(struct.pack(">5h", -1, 0, 0, 500, 500) + b"".join(body))
    places = [sum(len(glyph) for glyph in glyphs[:number]) for number in range(len(glyphs) + 1)]
    tables[b"glyf"], tables[b"loca"] = b"".join(glyphs), struct.pack(f">{len(places)}L", *places)
    tables[b"head"] = tables[b"head"][:50] + b"\0\1" + tables[b"head"][52:]
    tables[b"maxp"] = tables[b"maxp"][:28] + b"\xff" * 4
    return font_of(tables)


def load_deepest(depth: int, parts: int) -> str:
    """Load a glyph of a doubling font; returns the line that refuses it."""
    font = load_font(doubling_font(depth, parts), _LABEL)
    with pytest.raises(SourceError) as caught:
        font.glyph(depth + 1)
    return str(caught.value)


@pytest.mark.parametrize(("depth", "parts"), [(24, 2), (300, 1), (2, 2000)])
def test_a_glyph_that_unfolds_to_very_many_is_told(depth: int, parts: int) -> None:
    """Two gigabytes of glyphs in glyphs once, then FreeType's error: now they are counted first."""
    outcome = in_child(load_deepest, depth, parts)
    assert "is made of too many others" in outcome.result
    assert outcome.peak_mib < 300


def copying_font(copies: int) -> bytes:
    """A font whose layout (GSUB, a multiple substitution by ccmp) makes each of its first glyphs many."""
    sequence = struct.pack(f">H{copies}H", copies, *[1] * copies)
    coverage = struct.pack(">5H", 2, 1, 0, 59, 0)
    head = struct.pack(">3H60H", 1, 126 + len(sequence), 60, *[126] * 60)
    lookup = struct.pack(">2H4H", 1, 4, 2, 0, 1, 8) + head + sequence + coverage
    feature = struct.pack(">H4sH3H", 1, b"ccmp", 8, 0, 1, 0)
    script = struct.pack(">H4sH2H4H", 1, b"DFLT", 8, 4, 0, 0, 0xFFFF, 1, 0)
    start = struct.pack(">5H", 1, 0, 10, 10 + len(script), 10 + len(script) + len(feature))
    return font_of({**_still(), b"GSUB": start + script + feature + lookup})


def draw_copies(copies: int, length: int) -> str | None:
    """Draw a text in a copying font; returns the line that refuses it."""
    return drawn_or_told(copying_font(copies), "A" * length)


def test_a_font_that_makes_very_many_glyphs_is_told() -> None:
    """Of 100,000 characters 60 times as many glyphs would be: they are refused as they come from HarfBuzz."""
    assert in_child(draw_copies, 20, 5).result is None
    outcome = in_child(draw_copies, 60, 100_000)
    assert outcome.result.startswith(f"{_LABEL}, text: font ")
    assert "makes more than 32 glyphs of a character" in outcome.result
    assert outcome.peak_mib < 1000
