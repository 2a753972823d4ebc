"""Runs of text in styles of their own, and the fonts that stand in for one another."""

from __future__ import annotations

import importlib.resources
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import Rect
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.casing import cased
from engines.image_core.sources.text.drawing import rasterise_text, text_hash
from engines.image_core.sources.text.fallback import font_of_each
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.sources.text.layout import Layout, lay_out

SANS = family_font("Source Sans Pro", "test")
BLACK = family_font("Source Sans Pro", "test", weight=900)


def noto(name: str) -> LoadedFont:
    """A font of the Noto family."""
    data = (importlib.resources.files("manimgx_fonts") / f"{name}[wght].ttf").read_bytes()
    return load_font(data, "test")


RUBIK = load_font((importlib.resources.files("fontpkg_rubik") / "files/Rubik[wght].ttf").read_bytes(), "test")
ARABIC, HEBREW, THAI = noto("NotoSansArabic"), noto("NotoSansHebrew"), noto("NotoSansThai")


def text(*runs: dict[str, Any] | str, **fields: Any) -> TextLayer:
    """A text layer of runs."""
    written = [{"text": run} if isinstance(run, str) else run for run in runs]
    return parse(TextLayer, {"type": "text", "runs": written, **fields}, "layers[0]")


def laid(*runs: dict[str, Any] | str, fonts: tuple[LoadedFont, ...] = (SANS,), **fields: Any) -> Layout:
    """Runs laid out, all in the same fonts."""
    layer = text(*runs, **fields)
    return lay_out(layer, [fonts] * len(layer.styled), "layers[0]")


def pixels(layer: TextLayer, fonts: tuple[LoadedFont, ...] = (SANS,)) -> NDArray[np.uint8]:
    """A layer's pixels, in 400 x 200 of its parent."""
    canvas = np.zeros((200, 400, 4), np.uint8)
    image = rasterise_text(layer, [fonts] * len(layer.styled), Rect(0, 0, 400, 200), "layers[0]")
    if image is not None:
        height, width = image.pixels.shape[:2]
        canvas[image.y : image.y + height, image.x : image.x + width] = image.pixels
    return canvas


def test_text_in_one_run_is_text() -> None:
    """The same pixels, whether the style is the layer's or the run's."""
    plain = parse(TextLayer, {"type": "text", "text": "AVAtar fi", "size": 60.0, "color": "#204060"}, "x")
    assert (pixels(text("AVAtar fi", size=60.0, color="#204060")) == pixels(plain)).all()
    assert (pixels(text({"text": "AVAtar fi", "size": 60.0, "color": "#204060"})) == pixels(plain)).all()
    assert (pixels(text("AVA", "tar fi", size=60.0, color="#204060")) == pixels(plain)).all()


def test_runs_that_differ_in_colour_alone_kern_and_join_as_one() -> None:
    """Their glyphs lie where those of one text lie; a ligature is of the colour it begins in."""
    whole = laid("AVAV ffi")
    parts = laid("AV", {"text": "AV f", "color": "#ff0000"}, {"text": "fi", "decoration": "underline"})
    assert parts.width == whole.width
    assert [(g.id, g.place) for g in parts.lines[0].glyphs] == [
        (g.id, g.place) for g in whole.lines[0].glyphs
    ]
    joined = laid("ب", {"text": "ب", "color": "#ff0000"}, fonts=(ARABIC,)).lines[0].glyphs
    assert [g.id for g in joined] == [g.id for g in laid("بب", fonts=(ARABIC,)).lines[0].glyphs]


def test_each_run_has_its_colour() -> None:
    """Red and then blue, and nothing else but for their edges."""
    drawn = pixels(text({"text": "HH", "color": "#ff0000"}, {"text": "HH", "color": "#0000ff"}, size=60.0))
    solid = drawn[drawn[..., 3] == 255][:, :3]
    assert {tuple(color) for color in solid.tolist()} == {(255, 0, 0), (0, 0, 255)}
    columns = np.flatnonzero((drawn[..., 0] > 0).any(axis=0)), np.flatnonzero((drawn[..., 2] > 0).any(axis=0))
    assert columns[0].max() < columns[1].min()


def test_a_gradient_of_a_run_spans_the_run_and_the_layers_all_that_has_it() -> None:
    """Black to white across: a run's own has both ends of it in the run."""
    paint = {"type": "linear", "start": [0, 0], "end": [1, 0],
             "stops": [{"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}]}  # fmt: skip

    def values(layer: TextLayer) -> tuple[int, int]:
        drawn = pixels(layer)
        seen = drawn[(drawn[..., 3] == 255) & (drawn[..., 0] == drawn[..., 1])][:, 0]
        return int(seen.min()), int(seen.max())

    low, high = values(text({"text": "H", "color": paint}, {"text": "HHHH", "color": "#ff0000"}, size=60.0))
    assert low < 30
    assert high > 225
    low, high = values(text("H", {"text": "HHHH", "color": "#ff0000"}, size=60.0, color=paint))
    assert low < 30
    assert high > 225
    low, high = values(text("HI", {"text": "HHHH", "color": paint}, "H", size=60.0, color="#ff0000"))
    assert low < 30
    assert high > 225


def test_a_line_is_as_high_as_its_tallest_run() -> None:
    """Lines below make room for it, and its baseline is that of all."""
    layout = laid("a", {"text": "b", "size": 100.0}, "\nc", size=20.0, line_height=1.0)
    assert [line.height for line in layout.lines] == [100, 20]
    assert layout.lines[1].baseline - layout.lines[0].baseline == (
        Fraction(100) - Fraction(100 * (1000 - 1257), 2000) - Fraction(984, 10)
        + Fraction(20 * (1000 - 1257), 2000) + Fraction(984, 50)
    )  # fmt: skip


def test_an_empty_line_is_as_high_as_the_run_it_is_in() -> None:
    """That whose line break begins it."""
    layout = laid("a", {"text": "\n\n", "size": 50.0}, "b", size=20.0, line_height=1.0)
    assert [line.height for line in layout.lines] == [20, 50, 20]


def test_sizes_shrink_alike() -> None:
    """With auto_fit a run stays twice as large as the others."""
    runs = ("small ", {"text": "LARGE", "size": 200.0})
    layout = laid(*runs, size=100.0, auto_fit=True, box_width=300.0, box_height=400.0)
    assert layout.size < 100
    half = laid(*runs, size=100.0)
    assert layout.width == 300
    assert layout.scales[1] == 2 * layout.scales[0]
    assert layout.scales[0] / half.scales[0] == layout.size / 100


def test_baseline_shift_raises_a_run_by_multiples_of_its_size() -> None:
    """Half its em, and no line is higher for it."""
    layout = laid("a", {"text": "2", "size": 50.0, "baseline_shift": 0.5}, size=100.0)
    raised = layout.lines[0].glyphs[1]
    assert raised.y * layout.unit == 25
    assert layout.height == laid("a", {"text": "2", "size": 50.0}, size=100.0).height


def test_word_spacing_is_part_of_each_space() -> None:
    """Of no-break spaces too; also where it is less than nothing, and in one run alone."""
    plain, spaced = laid("a b\u00a0c"), laid("a b\u00a0c", word_spacing=7.5)
    assert spaced.width - plain.width == 15
    assert laid("a b", {"text": " c", "word_spacing": -3.0}).width == laid("a b c").width - 3


def test_letter_spacing_may_differ_between_runs() -> None:
    """What is measured is where the pen ends, in mixed directions too."""
    for runs in (
        ("abc", {"text": "def", "letter_spacing": 9.0}),
        ("אבג", {"text": "דה 12 ", "letter_spacing": 9.0}, {"text": "abc", "letter_spacing": -2.0}),
    ):
        layout = laid(*runs, fonts=(SANS, HEBREW))
        end = layout.lines[0].placed.segments[-1].end
        assert end.units * layout.unit + end.gaps * layout.spacing == layout.lines[0].width
    assert laid("ab", {"text": "cd", "letter_spacing": 5.0}).width == laid("abcd").width + 10


@pytest.mark.parametrize(
    ("case", "texts", "told"),
    [
        ("upper", ["straße ", "ﬁ"], ["STRASSE ", "FI"]),
        ("lower", ["ÀB", "C"], ["àb", "c"]),
        ("title", ["the quick, ", "o", "ne's ﬁg 2nd"], ["The Quick, ", "O", "ne's Fig 2nd"]),
        ("title", ["ǆ a"], ["ǅ A"]),
        ("none", ["aB"], ["aB"]),
    ],
)
def test_letter_case(case: Any, texts: list[str], told: list[str]) -> None:
    """Unicode's mappings; in title case the first letter of each word, which may begin in another run."""
    assert cased(texts, [case] * len(texts), [None] * len(texts)) == told


def test_letter_case_of_turkish_keeps_the_dot() -> None:
    """Of i and without it of the other, in Azeri too; a language says so for its own run."""
    assert cased(["ıi"] * 3, ["upper"] * 3, ["tr", "az-Latn", "en"]) == ["Iİ", "Iİ", "II"]
    assert cased(["Iİ", "ilk ıssız"], ["lower", "title"], ["tr", "tr"]) == ["ıi", "ilk Issız"]
    assert cased(["ilk ıssız"], ["title"], ["tr"]) == ["İlk Issız"]


def test_small_capitals_are_the_fonts_or_smaller_capitals() -> None:
    """Source Sans has them; in Rubik they are capitals at seven tenths of the size."""
    own = laid({"text": "ab", "case": "small-caps"})
    assert [g.id for g in own.lines[0].glyphs] == [
        g.id for g in laid("ab", features={"smcp": 1}).lines[0].glyphs
    ]
    assert not RUBIK.has_feature("smcp")
    made = laid({"text": "Ab", "case": "small-caps"}, fonts=(RUBIK,))
    capitals = laid("AB", fonts=(RUBIK,))
    assert [g.id for g in made.lines[0].glyphs] == [g.id for g in capitals.lines[0].glyphs]
    assert made.scales[1] == made.scales[0] * Fraction(7, 10)


def test_a_line_along_text_lies_where_the_font_has_it() -> None:
    """Source Sans: its underline is 50 units thick from 50 below the baseline, at size 100 rows 5 to 10."""
    top, thickness = SANS.decoration("underline")
    layout = laid({"text": "HHH", "decoration": "underline"}, size=100.0)
    drawn = pixels(text({"text": "HHH", "decoration": "underline"}, size=100.0))
    plain = pixels(text("HHH", size=100.0))
    rows = np.flatnonzero((drawn[..., 3].astype(int) - plain[..., 3]).max(axis=1) > 0)
    first = layout.lines[0].baseline - Fraction(top, 10)
    assert rows[0] == int(first)
    assert rows[-1] == int(-(-(first + Fraction(thickness, 10)) // 1)) - 1
    columns = np.flatnonzero(drawn[rows[1], :, 3])
    assert columns[0] == 0
    assert columns[-1] == int(-(-layout.width // 1)) - 1


def test_a_line_crosses_text_of_a_thin_colour_once() -> None:
    """Where both are, alpha is not more than the colour's."""
    drawn = pixels(text("gjy", size=90.0, color="#00000080", decoration=["underline", "strikethrough"]))
    assert drawn[..., 3].max() == 0x80


def test_each_cluster_is_drawn_in_the_first_font_that_has_it() -> None:
    """Digits and spaces in the first, whatever is around them; a mark with its letter."""
    fonts = (SANS, ARABIC, HEBREW, THAI)
    assert font_of_each("a 1", fonts) == [0, 0, 0]
    assert font_of_each("aب אก1", fonts) == [0, 1, 0, 2, 3, 0]
    assert font_of_each("ก\u0e34\u0e49", fonts) == [3, 3, 3]
    assert font_of_each("e\u0301", fonts) == [0, 0]
    assert font_of_each("ב\u05bcא", (ARABIC, HEBREW)) == [1, 1, 1]


def test_arabic_joins_through_fallback_and_a_card_in_two_scripts_is_drawn() -> None:
    """The letters take the forms they take alone, from right to left."""
    mixed = laid("Hi مرحبا", fonts=(SANS, ARABIC))
    alone = laid("مرحبا", fonts=(ARABIC,))
    fonts = [mixed.faces[g.face].font for g in mixed.lines[0].glyphs]
    assert [g.id for g, font in zip(mixed.lines[0].glyphs, fonts, strict=True) if font is ARABIC] == [
        g.id for g in alone.lines[0].glyphs
    ]


def test_lines_are_as_high_as_the_first_font_says() -> None:
    """A font that stands in does not move them."""
    assert laid("a\nb").height == laid("aก\nb", fonts=(SANS, THAI)).height


def test_a_missing_glyph_names_the_fonts_that_were_tried() -> None:
    """In their order."""
    told = (
        r"^layers\[0\], text: none of the fonts 'Source Sans Pro', 'Noto Sans Thai.*' has a glyph for U\+4E2D"
    )
    with pytest.raises(SourceError, match=told):
        laid("中", fonts=(SANS, THAI))


def test_a_run_of_another_weight_is_another_font() -> None:
    """Each run is shaped with its own."""
    layer = text("HH", {"text": "HH", "weight": 900})
    layout = lay_out(layer, [(SANS,), (BLACK,)], "layers[0]")
    assert layout.width > lay_out(text("HHHH"), [(SANS,)], "layers[0]").width
    assert {layout.faces[g.face].font for g in layout.lines[0].glyphs} == {SANS, BLACK}


@pytest.mark.parametrize(
    "change",
    [
        {"weight": 900}, {"size": 41.0}, {"color": "#ff0000"}, {"features": {"tnum": 1}}, {"language": "tr"},
        {"letter_spacing": 1.0}, {"word_spacing": 1.0}, {"case": "upper"}, {"decoration": "underline"},
        {"baseline_shift": 0.1}, {"background": {"fill": "#ff0000"}}, {"text": "B"},
    ],
)  # fmt: skip
def test_the_hash_follows_every_field_of_a_run(change: dict[str, Any]) -> None:
    """The weight by the font that it makes."""
    fonts = [(SANS,), (BLACK if "weight" in change else SANS,)]
    region = Rect(0, 0, 9, 9)
    same = text_hash(text("a ", "b"), [(SANS,), (SANS,)], region)
    assert text_hash(text("a ", {"text": "b", **change}), fonts, region) != same


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "give exactly one of text, runs"),
        ({"text": "a", "runs": [{"text": "b"}]}, "give exactly one of text, runs"),
        ({"runs": []}, r"^runs: .*allowed is a length of 1 or more"),
        ({"runs": [{"text": ""}]}, r"^runs\[0\].text: '' is not allowed"),
        ({"runs": [{"text": "a", "align": "left"}]}, r"^runs\[0\].align: .*there is no such field"),
        (
            {"runs": [{"text": "a", "baseline_shift": 11}]},
            r"^runs\[0\].baseline_shift: 11 is not allowed: .*10",
        ),
        ({"text": "a", "font": "Rubik", "fonts": ["Rubik"]}, "give font or fonts, not both"),
        ({"text": "a", "fonts": []}, r"^fonts: .*allowed is a length of 1 or more"),
        (
            {"text": "a", "language": "english"},
            r"^language: 'english' is not allowed: allowed is a tag such as",
        ),
        (
            {"text": "a", "decoration": "wavy"},
            r"^decoration\[0\]: 'wavy' is not allowed: allowed is 'underline'",
        ),
        ({"text": "a", "case": "camel"}, r"^case: 'camel' is not allowed: allowed is 'none'"),
        (
            {"runs": [{"text": "a" * 60_000}, {"text": "b" * 60_000}]},
            "120,000 characters: allowed are 100,000",
        ),
        ({"text": "a", "hyphenate": True}, "hyphenate needs a language"),
    ],
)
def test_what_cannot_be_is_one_line(fields: dict[str, Any], told: str) -> None:
    """It names the field and what is allowed."""
    with pytest.raises(CompositionError, match=told) as error:
        parse(TextLayer, {"type": "text", **fields}, "layers[0]")
    assert "\n" not in str(error.value)
