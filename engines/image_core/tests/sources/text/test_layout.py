"""Text before it is drawn: direction, shaping, line breaks, boxes."""

from __future__ import annotations

import importlib.resources
import random
from fractions import Fraction
from typing import Any

import pytest
from bidi import get_display

from engines.image_core.composition.fields import parse
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text import shaping
from engines.image_core.sources.text.breaking import Measured, Span
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.sources.text.layout import Layout, lay_out
from engines.image_core.sources.text.placing import placed
from engines.image_core.sources.text.shaping import Paragraph
from engines.image_core.sources.text.styling import styled_text
from engines.image_core.tests.sources.text.paragraphs import setting, shaped_with

SANS = family_font("Source Sans Pro", "test")
# Latin, Hebrew and Arabic in one font.
RUBIK = load_font((importlib.resources.files("fontpkg_rubik") / "files/Rubik[wght].ttf").read_bytes(), "test")

UNLIGATED = (("calt", 0), ("clig", 0), ("liga", 0))
SPACED: dict[str, Any] = {"features": UNLIGATED, "letter_spacing": Fraction(1)}


def shaped(text: str, font: LoadedFont = RUBIK, **style: Any) -> Paragraph:
    """A paragraph, in Rubik where no other font is told."""
    return shaped_with(font, text, **style)


def texts(text: str, label: str) -> list[str]:
    """The paragraphs of a text."""
    layer = TextLayer(type="text", text="a").model_copy(update={"text": text})
    return [part.text for part in styled_text(layer, [(SANS,)], label).paragraphs]


def measured(text: str, **style: Any) -> Measured:
    """A paragraph in Rubik with its sums."""
    return Measured(shaped(text, **style), setting(RUBIK, **style))


def laid(text: str, **fields: Any) -> Layout:
    """A text layer in Source Sans, laid out."""
    return lay_out(TextLayer(type="text", text=text, **fields), [(SANS,)], "layers[0]")


def widths(text: str, **fields: Any) -> Fraction:
    """The width of a text on one line."""
    return laid(text, **fields).width


def test_runs_come_in_the_order_python_bidi_displays() -> None:
    """For random mixed texts the reordered runs spell what python-bidi's own display function does."""
    chance = random.Random(11)
    alphabet = "ab אבجب 12,.+-%$١٢()[]{}<>\u0301\u202b\u202c\u2067\u2069\u200e\u200f!&"
    for _ in range(3000):
        # A last mark keeps spaces away from the end, where a display moves them and a line drops them.
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 16))) + "."
        runs = shaping._visual_order(
            list(shaping._runs(text, shaping._levels(text, "auto")[0], [0] * len(text)))
        )
        spelled = [text[run.start : run.end][:: -1 if run.level & 1 else 1] for run in runs]
        assert "".join(spelled) == get_display(text), ascii(text)


def test_hebrew_runs_right_to_left_and_the_numbers_in_it_left_to_right() -> None:
    """Clusters of 'אב 12' appear from the left as 1, 2, space, bet, alef."""
    assert [glyph.cluster for glyph in shaped("אב 12").glyphs] == [3, 4, 2, 1, 0]


def test_arabic_letters_join() -> None:
    """Three letters in a row take three forms, none that of the letter alone; lam-alef is a ligature."""
    alone = shaped("ب").glyphs[0].id
    joined = [glyph.id for glyph in shaped("ببب").glyphs if glyph.advance]
    assert len({alone, *joined}) == 4
    assert len(shaped("لا").starts) == 1


def test_a_script_without_letters_takes_that_of_its_neighbours() -> None:
    """Spaces and digits are shaped with the text before them, at the start with the text after them."""
    assert shaping._scripts("1 a, א") == ["Latn", "Latn", "Latn", "Latn", "Latn", "Hebr"]
    assert shaping._scripts("12") == ["Zyyy", "Zyyy"]


def test_marks_stay_with_their_letter() -> None:
    """A letter and the marks on it are one cluster, with or without a precomposed glyph."""
    assert shaped("e\u0301a\u0323\u0307", SANS).starts == [0, 2]


def test_kerning_is_applied() -> None:
    """A pair that kerns is narrower than its letters alone."""
    assert widths("AV", size=100.0) < widths("A", size=100.0) + widths("V", size=100.0)


def test_letter_spacing_lies_between_letters_and_turns_ligatures_off() -> None:
    """n letters have n - 1 spacings, exactly; what has no width of its own is not spaced."""
    assert widths("HHH", letter_spacing=2.5) == widths("HHH") + 5
    assert widths("H\u200eH", letter_spacing=2.5) == widths("H\u200eH") + Fraction(5, 2)
    assert len(laid("ffi").lines[0].glyphs) < len(laid("ffi", letter_spacing=1.0).lines[0].glyphs) == 3


def test_letters_that_are_joined_are_not_spaced() -> None:
    """Spacing goes between words and letters that stand apart; after alef, dal and waw nothing is joined."""

    def gaps(text: str) -> int:
        return measured(text, **SPACED).gaps(Span(0, len(shaped(text).starts)))

    assert gaps("ببب") == gaps("ب\u064eب") == gaps("بـب") == gaps("ب\u200dب") == 0
    assert gaps("دد") == gaps("اب") == gaps("ب\u200cب") == gaps("بa") == 1
    assert gaps("ببب ببب") == 2
    assert gaps("مرحبا") == 1
    assert gaps("abc") == gaps("אבג") == 2


def test_a_line_of_joined_letters_is_as_wide_as_its_glyphs_say() -> None:
    """What is measured is what the pen leaves between glyphs, in mixed directions, of any part of a text."""
    chance = random.Random(8)
    for _ in range(300):
        whole = measured("".join(chance.choices("ببندا وa1א\u064e\u200d\u00ad", k=9)), **SPACED)
        paragraph = whole.paragraph
        first, last = sorted(chance.choices(range(len(paragraph.starts) + 1), k=2))
        soft = first < last and paragraph.text[paragraph.starts[last - 1]] == "\u00ad"
        span = Span(first, last, hyphen=soft)
        [line] = placed(whole, [span])
        spaced = [glyph.place.gaps for glyph in line.glyphs]
        assert spaced == sorted(spaced)
        assert max(spaced, default=0) == whole.gaps(span), ascii(paragraph.text)


def test_lines_break_at_the_last_word_that_fits_and_drop_the_space() -> None:
    """The words per line follow from the widths of the words; a box a hair narrower breaks earlier."""
    size = 62.5  # a font unit is 1/16 pixel, so that the width is exact as a float
    width = float(widths("one two", size=size))
    assert [len(line.glyphs) for line in laid("one two three", size=size, box_width=width).lines] == [
        7,
        5,
    ]
    narrow = laid("one two three", size=size, box_width=width - 0.001)
    assert [len(line.glyphs) for line in narrow.lines] == [3, 3, 5]


def test_a_word_wider_than_the_box_breaks_between_clusters() -> None:
    """The word starts a line of its own; every line holds one cluster at least, however narrow the box."""
    lines = laid("a mmmmm", size=20.0, box_width=40.0).lines
    assert [len(line.glyphs) for line in lines] == [1, 2, 2, 1]
    assert [len(line.glyphs) for line in laid("e\u0301e\u0301", box_width=1.0).lines] == [1, 1]


def test_a_soft_hyphen_is_seen_where_a_line_ends_with_it() -> None:
    """It is the font's hyphen, counts in the line's width and for alignment, and elsewhere it is nothing."""
    hyphen = laid("-").lines[0].glyphs[0].id
    ends = [
        [glyph.id for glyph in line.glyphs][-1] for line in laid("extra\u00adordinary", box_width=200.0).lines
    ]
    assert len(ends) == 2
    assert ends[0] == hyphen != ends[1]
    assert widths("extra\u00adordinary") == widths("extraordinary")
    assert widths("extra\u00ad\nordinary\u00ad") == widths("ordinary")
    spaced = laid("ab\u00adcdefghi", box_width=130.0, letter_spacing=3.0, align="right")
    assert spaced.lines[0].x == 130 - widths("ab", letter_spacing=3.0) - 3 - widths("-")


def test_a_line_ends_with_a_soft_hyphen_only_where_the_hyphen_fits() -> None:
    """One that fits the box only without its hyphen is passed over: the line goes on, or ends before."""
    size = 62.5  # a font unit is 1/16 pixel, so that the width is exact as a float
    room = float(widths("extrai", size=size))
    assert widths("extra-", size=size) > room
    assert len(laid("extra\u00adi", size=size, box_width=room).lines) == 1
    assert len(laid("an extra\u00adit", size=size, box_width=room).lines[0].glyphs) == 2
    whole = float(widths("extra-", size=size))
    assert len(laid("extra\u00adit", size=size, box_width=whole).lines[0].glyphs) == 6


def test_no_ligature_bridges_a_soft_hyphen() -> None:
    """A line can end there, and letters on one side still make theirs."""
    first, second = laid("of\u00adfice", box_width=90.0).lines
    assert len(first.glyphs) == 3
    assert [glyph.id for glyph in second.glyphs] == [glyph.id for glyph in laid("fice").lines[0].glyphs]
    assert len(shaped("ب\u00adب").starts) == 3
    assert [glyph.id for glyph in shaped("ب\u00adب").glyphs if glyph.advance] == [
        glyph.id for glyph in shaped("بب").glyphs if glyph.advance
    ]


def test_soft_hyphens_between_all_letters_take_no_long_time_and_no_room() -> None:
    """Tens of thousands, as a text may hold."""
    many = shaped("a\u00ad" * 30_000, SANS)
    assert sum(many.advances) == sum(shaped("a" * 30_000, SANS).advances)


def test_a_soft_hyphen_of_right_to_left_text_is_at_the_left() -> None:
    """Where the line ends."""
    [line] = placed(measured("אבגד\u00adהוזח"), [Span(0, 5, hyphen=True)])
    assert line.glyphs[0].id == shaped("-").glyphs[0].id
    assert line.glyphs[0].place.units == 0 < line.glyphs[1].place.units


def test_each_kind_of_line_break_starts_a_line() -> None:
    """LF, CR LF, CR, U+2028 and U+2029 each start one line; an empty line keeps its height."""
    layout = laid("a\nb\r\nc\rd\u2028e\u2029\nf", size=10.0, line_height=1.5)
    assert [len(line.glyphs) for line in layout.lines] == [1, 1, 1, 1, 1, 0, 1]
    assert layout.height == 7 * 15


def test_a_tab_is_four_spaces_and_other_control_characters_are_errors() -> None:
    """Nothing that cannot be drawn is dropped."""
    assert texts("a\tb", "x") == ["a    b"]
    for character in ("\0", "\x0b", "\x85", "\ud800"):
        with pytest.raises(CompositionError, match=r"^layers\[0\], text: U\+[0-9A-F]{4} is not allowed"):
            texts(f"a{character}b", "layers[0]")


def test_alignment_is_within_the_box_or_the_widest_line() -> None:
    """Spaces at a line's end count for nothing, and left stays left for right-to-left text."""
    wide, narrow = widths("wide"), widths("i")
    assert [line.x for line in laid("wide\ni  ", align="right").lines] == [0, wide - narrow]
    assert [line.x for line in laid("wide\ni", align="center").lines] == [0, (wide - narrow) / 2]
    assert laid("i", align="right", box_width=100.0).lines[0].x == 100 - narrow
    hebrew = TextLayer(type="text", text="אב", box_width=500.0)
    assert lay_out(hebrew, [(RUBIK,)], "test").lines[0].x == 0


def test_start_and_end_go_by_the_direction_of_each_paragraph() -> None:
    """Start is left for Latin and right for Hebrew; a direction that is told counts for both."""

    def lefts(**fields: Any) -> list[bool]:
        layer = TextLayer(type="text", text="ab\nאב", box_width=400.0, **fields)
        return [line.x == 0 for line in lay_out(layer, [(RUBIK,)], "layers[0]").lines]

    assert lefts(align="start") == [True, False]
    assert lefts(align="end") == [False, True]
    assert lefts(align="start", direction="rtl") == lefts(align="end", direction="ltr") == [False, False]
    assert lefts(align="left", direction="rtl") == [True, True]


def test_a_direction_that_is_told_orders_words_and_marks() -> None:
    """As python-bidi displays it, plain ASCII too."""
    for text in ("ab, cd!", "אב 12, ab!", "1. אב"):
        for direction, base in (("ltr", "L"), ("rtl", "R")):
            shown = [text[glyph.cluster] for glyph in shaped(text, direction=direction).glyphs]
            mirrored = get_display(text, base_dir=base)
            assert "".join(shown) == mirrored, (text, direction)


def test_features_change_glyphs() -> None:
    """Figures are as wide as one another, or not; ligatures can be turned off, and on where spaced."""
    assert widths("111") == widths("888")
    assert widths("111", features={"pnum": 1}) == widths("111", features={"pnum": True}) != widths("111")
    ligated = len(laid("ffi").lines[0].glyphs)
    assert len(laid("ffi", features={"liga": False, "dlig": 0}).lines[0].glyphs) == 3 > ligated
    assert len(laid("ffi", letter_spacing=1.0, features={"liga": 1}).lines[0].glyphs) == ligated
    assert laid("a", features={"none": 1}).lines == laid("a").lines


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ({"tnums": 1}, "^features.tnums: 'tnums' is not allowed: allowed is a tag of four characters"),
        ({"tnum": -1}, "allowed is 0 to 65535"),
        ({"tnum": 1.5}, "whole number"),
        ({f"a{number:03}": 1 for number in range(101)}, "100"),
    ],
)
def test_features_that_cannot_be_are_one_line(features: dict[str, Any], told: str) -> None:
    """It names the field and what is allowed."""
    with pytest.raises(CompositionError, match=told) as error:
        parse(TextLayer, {"type": "text", "text": "a", "features": features}, "layers[0]")
    assert "features" in str(error.value)
    assert "\n" not in str(error.value)


def test_baselines_have_half_the_leading_above() -> None:
    """Source Sans has ascent 984 and descent 273 of 1000: at size 100 and line height 2 the first baseline is
    at (200 - 125.7) / 2 + 98.4, the next 200 below it."""
    layout = laid("a\nb", size=100.0, line_height=2.0)
    assert layout.lines[0].baseline == Fraction(200 * 10 - 1257, 20) + Fraction(984, 10)
    assert layout.lines[1].baseline - layout.lines[0].baseline == 200


def test_the_box_is_what_was_asked_for_or_what_the_lines_take() -> None:
    """Text that overflows box_height is laid out all the same."""
    layout = laid("one two three four", size=20.0, box_width=50.0, box_height=10.0)
    assert (layout.width, layout.height) == (Fraction(50), Fraction(10))
    assert len(layout.lines) == 4
    assert laid("one", size=20.0).height == 20 * Fraction(1.2)


def test_auto_fit_takes_the_largest_size_that_fits() -> None:
    """At the size found all fits without a broken word; 1/64 pixel more would not fit."""
    box: dict[str, Any] = {"box_width": 200.0, "box_height": 100.0}
    layout = laid("A headline of several words", size=300.0, auto_fit=True, **box)
    assert 1 < layout.size < 300
    size = float(layout.size)
    assert len(laid("A headline of several words", size=size, **box).lines) * size * 1.2 <= 100
    larger = float(layout.size + Fraction(1, 64))
    longest = widths("headline", size=larger)
    assert (
        longest > 200
        or len(laid("A headline of several words", size=larger, **box).lines) * larger * 1.2 > 100
    )


def test_auto_fit_keeps_a_size_that_fits() -> None:
    """The size asked for is used as it is, multiple of 1/64 or not."""
    assert laid("a", size=10.1, box_width=90.0, box_height=90.0, auto_fit=True).size == Fraction(10.1)


def test_auto_fit_says_when_nothing_fits() -> None:
    """Where not even 1 pixel fits, the error names the box."""
    with pytest.raises(
        CompositionError,
        match=r"^layers\[0\], auto_fit: .* 3 pixels wide and 2 pixels high even at a size of 1 pixel",
    ):
        laid("a very long line of text", box_width=3.0, box_height=2.0, auto_fit=True)


def test_a_missing_glyph_is_named() -> None:
    """The error has the code point, its name, the font and the layer; boxes draw the font's .notdef."""
    with pytest.raises(
        SourceError,
        match=r"^layers\[0\], text: font 'Source Sans Pro' has no glyph for U\+4E2D CJK UNIFIED IDEOGRAPH",
    ):
        laid("a中b")
    assert [glyph.id for glyph in laid("a中b", missing_glyphs="box").lines[0].glyphs][1] == 0


def test_characters_without_a_look_are_not_missing() -> None:
    """Joiners, direction marks and variation selectors need no glyph."""
    assert laid("a\u200d\u200e\ufe0fb").width == laid("ab").width
