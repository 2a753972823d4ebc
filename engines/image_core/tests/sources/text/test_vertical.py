"""Vertical text: columns from right to left, in a font made for the tests."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse
from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import Rect
from engines.image_core.sources.text.drawing import rasterise_text, text_box
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.sources.text.layout import Layout, lay_out
from engines.image_core.tests.sources.text.test_runs import SANS

_UPEM, _ASCENT, _DESCENT = 1000, 880, 120
# Upright, turned but for a form of its own for vertical text, and a letter that is turned.
_CHARACTERS = {"一": "ideograph", "「": "bracket", "a": "letter", "1": "one", "2": "two"}


def _box(left: int, bottom: int, right: int, top: int) -> Any:
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for place in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(place)
    pen.closePath()
    glyph = pen.glyph()
    glyph.recalcBounds(None)
    return glyph


@cache
def ideographs() -> LoadedFont:
    """A font whose glyphs are boxes: ideographs low and wide, the letter high and narrow."""
    glyphs = {
        ".notdef": _box(0, 0, 10, 10),
        "ideograph": _box(100, 300, 900, 400),
        "bracket": _box(700, 0, 900, 880),
        "bracket.vert": _box(0, 0, 880, 200),
        "letter": _box(100, 0, 300, 800),
        "one": _box(100, 0, 400, 700),
        "two": _box(100, 0, 400, 700),
    }
    widths = {"letter": 400, "one": 500, "two": 500}
    builder = FontBuilder(_UPEM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(character): name for character, name in _CHARACTERS.items()})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(
        {name: (widths.get(name, _UPEM), glyph.xMin) for name, glyph in glyphs.items()}
    )
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=-_DESCENT)
    builder.setupVerticalHeader()
    builder.setupVerticalMetrics({name: (_UPEM, _ASCENT - glyph.yMax) for name, glyph in glyphs.items()})
    builder.setupNameTable({"familyName": "Columns", "styleName": "Regular", "fullName": "Columns"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=-_DESCENT)
    builder.setupPost()
    builder.addOpenTypeFeatures("feature vert { sub bracket by bracket.vert; } vert;")
    file = BytesIO()
    builder.save(file)
    return load_font(file.getvalue(), "test")


def layer(text: str, **fields: Any) -> TextLayer:
    """Vertical text at size 100, in columns of 200 pixels."""
    own = {"type": "text", "text": text, "size": 100.0, "line_height": 2.0, "writing_mode": "vertical-rl"}
    return parse(TextLayer, own | fields, "layers[0]")


def laid(text: str, **fields: Any) -> Layout:
    """The same, laid out."""
    return lay_out(layer(text, **fields), [(ideographs(),)], "layers[0]")


def pixels(text: TextLayer, font: LoadedFont | None = None) -> NDArray[np.uint8]:
    """Alpha in 500 x 500 pixels."""
    canvas = np.zeros((500, 500), np.uint8)
    chains = [(font or ideographs(),)] * len(text.styled)
    image = rasterise_text(text, chains, Rect(0, 0, 500, 500), "layers[0]")
    if image is not None:
        height, width = image.pixels.shape[:2]
        canvas[image.y : image.y + height, image.x : image.x + width] = image.pixels[..., 3]
    return canvas


def ink(alpha: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is seen."""
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def test_an_ideograph_stands_upright_in_the_middle_of_its_column() -> None:
    """Of 200 pixels: 80 wide from 60 on, and 10 high, as far below the top as below the ascent."""
    assert ink(pixels(layer("一"))) == (60, 48, 140, 58)
    assert ink(pixels(layer("一一"))) == (60, 48, 140, 158)


def test_a_letter_lies_on_its_side() -> None:
    """Turned clockwise: its top points to the right, and its middle is that of the column."""
    # From its baseline, 38 to the left of the middle, 80 wide; 20 high, from 10 on.
    assert ink(pixels(layer("a"))) == (62, 10, 142, 30)


def test_text_without_upright_letters_is_horizontal_text_turned_by_a_quarter() -> None:
    """To the pixel."""
    across = parse(TextLayer, {"type": "text", "text": "Turned", "size": 80.0}, "x")
    down = parse(
        TextLayer, {"type": "text", "text": "Turned", "size": 80.0, "writing_mode": "vertical-rl"}, "x"
    )
    flat, turned = pixels(across, SANS), pixels(down, SANS)
    left, top, right, bottom = ink(flat)
    x0, y0, x1, y1 = ink(turned)
    assert (turned[y0:y1, x0:x1] == np.rot90(flat[top:bottom, left:right], -1)).mean() > 0.9
    assert y0 == left


def test_punctuation_has_its_form_for_vertical_text() -> None:
    """A bracket is drawn by the glyph that the font has for that, upright."""
    [glyph] = laid("「").lines[0].glyphs
    assert ink(pixels(layer("「"))) == (50, 68, 138, 88)
    assert glyph.id == 3


def test_columns_go_from_right_to_left() -> None:
    """The box is as wide as they are together, and the first column is at its right."""
    assert text_box(layer("一\n一一"), [(ideographs(),)], "x").width == 400
    assert text_box(layer("一\n一一"), [(ideographs(),)], "x").height == 200
    alpha = pixels(layer("一\n一一"))
    assert ink(alpha[:, 200:]) == (60, 48, 140, 58)
    assert ink(alpha[:, :200]) == (60, 48, 140, 158)


def test_columns_are_as_long_as_the_box_is_high() -> None:
    """Lines break there; what does not fit its width is for the overflow."""
    assert [line.text for line in laid("一一一一一", box_height=250.0).lines] == ["一一", "一一", "一"]
    cut = laid("一一一一一", box_height=250.0, box_width=400.0, overflow="ellipsis", ellipsis="1")
    assert [line.text for line in cut.lines] == ["一一", "一一1"]
    with pytest.raises(CompositionError, match=r"3 lines, 600 pixels wide: allowed are 400 pixels$"):
        laid("一一一一一", box_height=250.0, box_width=400.0, overflow="error")
    with pytest.raises(CompositionError, match="a word of the text is longer than box_height, 50 pixels"):
        laid("一", box_height=50.0, overflow="error")


def test_alignment_is_along_the_column() -> None:
    """Its end is at the bottom; with vertical_align the columns are moved to the left."""
    box: dict[str, Any] = {"box_height": 400.0, "box_width": 400.0}
    assert ink(pixels(layer("一", align="right", **box))) == (260, 348, 340, 358)
    assert ink(pixels(layer("一", align="center", vertical_align="bottom", **box))) == (60, 198, 140, 208)


def test_digits_may_stand_side_by_side() -> None:
    """As one letter of the column, around its middle, as high as an em has them."""
    runs = [{"text": "一"}, {"text": "12", "combine_upright": True}, {"text": "一"}]
    written = {"type": "text", "runs": runs, "size": 100.0, "line_height": 2.0, "writing_mode": "vertical-rl"}
    combined = parse(TextLayer, written, "x")
    layout = lay_out(combined, [(ideographs(),)] * 3, "x")
    assert layout.lines[0].width == 300
    left, top, right, bottom = ink(pixels(combined)[100:200])
    assert (left, right) == (60, 140)
    assert bottom - top == 70
    flat = parse(TextLayer, written | {"writing_mode": "horizontal"}, "x")
    plain = parse(TextLayer, written | {"writing_mode": "horizontal", "runs": [{"text": "一12一"}]}, "x")
    assert (pixels(flat) == pixels(plain)).all()


def test_sizes_share_the_middle_of_the_column() -> None:
    """Whatever they are."""
    runs = [{"text": "一"}, {"text": "一", "size": 50.0}]
    written = {"type": "text", "runs": runs, "size": 100.0, "writing_mode": "vertical-rl"}
    alpha = pixels(parse(TextLayer, written, "x"))
    large, small = ink(alpha[:100]), ink(alpha[100:])
    assert large[0] + large[2] == small[0] + small[2]
    assert small[2] - small[0] == (large[2] - large[0]) / 2


def test_a_gradient_runs_as_it_is_written_whatever_the_writing_mode() -> None:
    """From the top of the ink to its bottom, and not along the columns."""
    paint = {"type": "linear", "start": [0, 0], "end": [0, 1],
             "stops": [{"offset": 0, "color": "#ff000000"}, {"offset": 1, "color": "#ff0000ff"}]}  # fmt: skip
    alpha = pixels(layer("一一一", color=paint))
    middles = [int(alpha[53 + 100 * number, 100]) for number in range(3)]
    assert middles[0] < 20
    assert 110 < middles[1] < 145
    assert middles[2] > 235


def test_what_lies_behind_a_column_is_as_wide_as_its_letters() -> None:
    """An em, around its middle."""
    alpha = pixels(layer("一", background={"fill": "#ff0000"}))
    assert ink(alpha) == (50, 0, 150, 100)
    layout = laid("一")
    assert layout.reach(layout.lines[0]) == (Fraction(50), Fraction(50))


@cache
def gothic() -> LoadedFont:
    """IPAex Gothic. Its package imports matplotlib, and is only asked where it lies."""
    spec = find_spec("matplotlib_fontja")
    assert spec is not None
    assert spec.origin is not None
    return load_font((Path(spec.origin).parent / "fonts" / "ipaexg.ttf").read_bytes(), "test")


def test_japanese_stands_in_columns() -> None:
    """Kanji and kana upright, each an em; full stops, brackets and long vowels by their vertical forms; Latin
    letters and what is made of them on their side."""
    text = "「東京」は、ビール。OK"
    layout = lay_out(layer(text), [(gothic(),)], "x")
    flat = lay_out(layer(text, writing_mode="horizontal"), [(gothic(),)], "x")
    upright = [layout.faces[glyph.face].upright for glyph in layout.lines[0].glyphs]
    assert upright == [True] * 10 + [False] * 2
    pairs = zip(text, layout.lines[0].glyphs, flat.lines[0].glyphs, strict=True)
    assert "".join(one for one, down, across in pairs if down.id != across.id) == "「」、ー。"
    places = [glyph.place.units - layout.lines[0].glyphs[1].place.units for glyph in layout.lines[0].glyphs]
    assert places[1:3] == [0, gothic().units_per_em]


def test_kinsoku_holds_in_columns() -> None:
    """No column begins with a full stop, a closing bracket or a small kana, none ends with an opening one."""
    text = "これは「ちょっと」長い、文章です。" * 4
    lines = lay_out(layer(text, size=20.0, box_height=101.0), [(gothic(),)], "x").lines
    assert len(lines) > 12
    assert not any(line.text[0] in "」、。ょっ" for line in lines)
    assert not any(line.text.endswith("「") for line in lines)
