"""Fonts: families by name, font files, variation axes, damaged files."""

from __future__ import annotations

import importlib.resources
import itertools
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engines.image_core.errors import CompositionError, ImageCoreError, SourceError
from engines.image_core.sources.text import fonts
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.fonts import load_font
from engines.image_core.tests.sources.text.paragraphs import shaped_with

VARIABLE = (importlib.resources.files("fontpkg_rubik") / "files/Rubik[wght].ttf").read_bytes()
STATIC = (importlib.resources.files("font_source_sans_pro") / "files/SourceSansPro-Semibold.otf").read_bytes()


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (1, "ExtraLight"), (200, "ExtraLight"), (250, "ExtraLight"), (350, "Light"), (400, ""), (450, ""),
        (500, ""), (501, "Semibold"), (650, "Bold"), (800, "Black"), (1000, "Black"),
    ],
)  # fmt: skip
def test_the_nearest_weight_is_that_of_css(wanted: int, name: str) -> None:
    """Light weights look down first, heavy ones up first, 400 to 500 stay regular."""
    assert (
        family_font("Source Sans Pro", "layers[0]", weight=wanted).name == f"Source Sans Pro {name}".strip()
    )


def test_a_family_is_found_in_any_case_and_in_italic() -> None:
    """Family names match as in CSS; the italic is a font of its own."""
    assert family_font("source sans pro", "layers[0]", weight=700, italic=True).name == (
        "Source Sans Pro Bold Italic"
    )


def test_an_unknown_family_is_an_error_that_lists_the_known_ones() -> None:
    """The message names the layer, the name and what is allowed."""
    with pytest.raises(
        CompositionError, match=r"^layers\[0\], font: 'Arial' is not known: .*Source Sans Pro"
    ):
        family_font("Arial", "layers[0]")


def test_a_variable_font_takes_its_weight_in_shaping_and_in_outlines() -> None:
    """HarfBuzz's advances and FreeType's outlines both follow the wght axis."""
    light, bold = (load_font(VARIABLE, "x", weight=weight) for weight in (300, 900))
    advances = [shaped_with(font, "H").advances[0] for font in (light, bold)]
    glyph = shaped_with(light, "H").glyphs[0].id
    widths = [font.glyph(glyph).box[2] - font.glyph(glyph).box[0] for font in (light, bold)]
    assert advances[0] < advances[1]
    assert widths[0] < widths[1]
    assert light.digest != bold.digest


def test_a_weight_outside_of_the_axis_is_an_error() -> None:
    """Nothing is clamped: the message tells the range of the axis."""
    with pytest.raises(SourceError, match="weight 200 is not in the font: allowed is 300 to 900"):
        load_font(VARIABLE, "x", weight=200)


def test_a_file_of_one_style_is_not_made_bolder_or_slanted() -> None:
    """400 (not asked for) and the file's own weight are allowed, other weights and italic are errors."""
    assert load_font(STATIC, "x", weight=400).digest == load_font(STATIC, "x", weight=600).digest
    with pytest.raises(SourceError, match="weight 700 is not in the font: its one weight is 600"):
        load_font(STATIC, "x", weight=700)
    with pytest.raises(SourceError, match="italic is not in the font"):
        load_font(STATIC, "x", italic=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a TrueType, OpenType, WOFF or WOFF2 font file"),
        (b"hello, I am a text file", "not a TrueType, OpenType, WOFF or WOFF2 font file"),
        (b"wOF2" + STATIC[4:], "the font file is damaged"),
        (b"wOFF" + STATIC[4:], "the font file is damaged"),
        (b"ttcf" + STATIC[4:], "the font file is truncated"),
        (STATIC[:4], "damaged"),
    ],
)
def test_what_is_no_font_is_told_in_one_line(data: bytes, reason: str) -> None:
    """Other files are refused by their first bytes, those that only begin like a font by what follows."""
    with pytest.raises(SourceError, match=reason):
        load_font(data, "layers[0]")


@pytest.mark.parametrize("font", [STATIC, VARIABLE], ids=["cff", "truetype"])
def test_every_truncation_is_an_error(font: bytes) -> None:
    """Wherever a file ends too early it is refused, even where only the kerning would be missing."""
    for length in (*range(5, 300, 7), *range(300, len(font), 9973), len(font) - 4):
        with pytest.raises(SourceError):
            load_font(font[:length], "x")


def test_flipped_bits_never_do_more_than_raise_our_error() -> None:
    """Of 600 damaged fonts each either shapes and gives outlines, or raises one of our errors."""
    chance = random.Random(7)
    for original, _ in itertools.product((STATIC, VARIABLE), range(300)):
        data = bytearray(original)
        reach = chance.choice([300, 5000, len(data)])
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(4, reach)] ^= 1 << chance.randrange(8)
        try:
            font = fonts.LoadedFont(bytes(data), 400, italic=False)
            for glyph in shaped_with(font, "AVfi é", boxes=True).glyphs:
                font.glyph(glyph.id)
        except (ImageCoreError, FontError):
            pass


def test_contours_of_both_formats_become_outlines() -> None:
    """A CFF glyph has cubic controls, a TrueType glyph conic ones; each is closed contours on the em."""
    for font, tag in ((load_font(STATIC, "x"), 2), (load_font(VARIABLE, "x"), 0)):
        glyph = font.glyph(shaped_with(font, "O").glyphs[0].id)
        assert len(glyph.ends) == 2
        assert set(glyph.tags.tolist()) == {1, tag}
        assert glyph.box[0] >= 0
        assert glyph.box[3] <= font.units_per_em


def test_a_font_serves_many_threads() -> None:
    """Outlines and shaping from eight threads on one fresh font equal those of one thread."""
    glyphs = range(200)
    expected = [load_font(VARIABLE, "x", weight=437).glyph(glyph).points for glyph in glyphs]
    shared = fonts.LoadedFont(VARIABLE, 437, italic=False)
    with ThreadPoolExecutor(8) as pool:
        for points in pool.map(lambda _: [shared.glyph(glyph).points for glyph in glyphs], range(8)):
            assert all(np.array_equal(a, b) for a, b in zip(points, expected, strict=True))
