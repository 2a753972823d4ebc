"""Text in a box: what becomes of what does not fit, and where the lines lie."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from engines.image_core.composition.fields import parse
from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.fonts import LoadedFont
from engines.image_core.sources.text.layout import Layout, lay_out
from engines.image_core.tests.sources.text.paragraphs import shaped_with
from engines.image_core.tests.sources.text.test_runs import ARABIC, HEBREW, pixels

SANS = family_font("Source Sans Pro", "test")
WORDS = "Several words that are set in more lines than one, and then some more of them"


def layer(text: str = WORDS, **fields: Any) -> TextLayer:
    """A text layer at size 20, its lines 25 high."""
    own = {"type": "text", "text": text, "size": 20.0, "line_height": 1.25}
    return parse(TextLayer, own | fields, "layers[0]")


def laid(text: str = WORDS, font: LoadedFont = SANS, **fields: Any) -> Layout:
    """A text, laid out."""
    return lay_out(layer(text, **fields), [(font,)], "layers[0]")


def glyphs(text: str, font: LoadedFont = SANS) -> list[int]:
    """The glyphs of a text on one line, from the left."""
    return [glyph.id for glyph in shaped_with(font, text).glyphs]


def last(layout: Layout) -> list[int]:
    """Those of the last line."""
    return [glyph.id for glyph in layout.lines[-1].glyphs]


def test_an_ellipsis_ends_the_last_line_that_fits() -> None:
    """As much stands before it as fits the width, without the space before it."""
    layout = laid(box_width=160.0, box_height=60.0, overflow="ellipsis")
    assert layout.cut
    assert len(layout.lines) == 2
    assert last(layout)[-1:] == glyphs("…")
    assert layout.lines[-1].width <= 160
    longer = [glyph.id for glyph in laid(box_width=160.0).lines[1].glyphs]
    assert last(layout)[:-1] == longer[: len(last(layout)) - 1]


def test_an_ellipsis_takes_as_little_as_it_can() -> None:
    """In a box as wide as a text and its ellipsis all of that is there; in one a hair narrower one less."""
    room = float(laid("abcdef…", size=62.5).width)  # a font unit is 1/16 pixel: exact as a float
    held: dict[str, Any] = {"overflow": "ellipsis", "max_lines": 1, "size": 62.5}
    assert last(laid("abcdefghi", box_width=room, **held)) == glyphs("abcdef…")
    assert last(laid("abcdefghi", box_width=room - 0.001, **held)) == glyphs("abcde…")
    assert last(laid("abcdefghi", box_width=1.0, **held)) == glyphs("…")


def test_text_that_fits_has_no_ellipsis() -> None:
    """It is what it is without."""
    box: dict[str, Any] = {"box_width": 160.0, "box_height": 500.0}
    assert laid(overflow="ellipsis", max_lines=9, **box).lines == laid(**box).lines
    assert not laid(overflow="ellipsis", max_lines=9, **box).cut


def test_an_ellipsis_stands_where_the_paragraph_ends() -> None:
    """At the left of text that runs to the left, in whatever order its words are; paragraphs beyond the last
    line are cut too."""
    hebrew = laid("אב גד הו זח טי", HEBREW, box_width=70.0, max_lines=1, overflow="ellipsis", ellipsis="אא")
    assert last(hebrew)[:2] == glyphs("אא", HEBREW)
    assert last(laid("one\ntwo", max_lines=1, overflow="ellipsis")) == glyphs("one…")
    joined = laid("ببب ببب ببب", ARABIC, box_width=50.0, max_lines=1, overflow="ellipsis", ellipsis="..")
    assert last(joined)[:2] == glyphs("..", ARABIC)


def test_an_ellipsis_may_be_any_text() -> None:
    """In the style of what it ends."""
    runs: list[dict[str, Any]] = [{"text": "one two "}, {"text": "three four", "size": 40.0}]
    written = {"type": "text", "runs": runs, "box_width": 200.0, "max_lines": 1, "overflow": "ellipsis"}
    layout = lay_out(parse(TextLayer, written | {"ellipsis": " (more)"}, "x"), [(SANS,), (SANS,)], "x")
    assert last(layout)[-7:] == glyphs(" (more)")


def test_lines_are_kept_up_to_the_first_that_does_not_fit() -> None:
    """Also where paragraphs that overlap bring later ones back into the box."""
    held: dict[str, Any] = {"overflow": "ellipsis", "box_height": 60.0, "paragraph_spacing": -80.0}
    assert len(laid("a\nb\nc", **held).lines) == 3
    assert len(laid(f"{WORDS}\nb", box_width=160.0, **held).lines) == 2


def test_one_line_at_least_is_kept() -> None:
    """However low the box."""
    assert len(laid(box_width=160.0, box_height=3.0, overflow="ellipsis").lines) == 1


def test_lines_are_clipped_to_the_box_by_the_pixel() -> None:
    """Nothing is seen outside of it, all of what is inside, and lines beyond max_lines are not there."""
    clipped = layer(size=60.0, box_width=200.0, box_height=90.0, overflow="clip")
    whole = layer(size=60.0, box_width=200.0, box_height=90.0)
    seen, all_of_it = pixels(clipped), pixels(whole)
    assert (seen[:90, :200] == all_of_it[:90, :200]).all()
    assert all_of_it[90:].any()
    assert not seen[90:].any()
    assert not seen[:, 200:].any()
    half = pixels(clipped.model_copy(update={"box_height": 89.5}))
    covered = all_of_it[89, :200, 3].astype(int)
    assert (np.abs(half[89, :200, 3] - covered / 2) <= 1).all()
    assert len(laid(box_width=160.0, max_lines=2, overflow="clip").lines) == 2


def test_a_turned_box_clips_where_it_is() -> None:
    """Its corners turn with the text."""
    turned = layer("MMMMMM", size=100.0, box_width=150.0, box_height=100.0, overflow="clip")
    turned = turned.model_copy(update={"transform": turned.transform.model_copy(update={"rotation": 45.0})})
    seen = pixels(turned.model_copy(update={"transform": turned.transform.model_copy(update={"x": 200.0})}))
    ys, xs = np.nonzero(seen[..., 3])
    assert ((xs - 200 + ys) >= -2).all()
    assert ((xs - 200 + ys) <= 150 * 2**0.5 + 2).all()


def test_what_does_not_fit_may_be_an_error() -> None:
    """It says what the text takes and what is allowed; what fits is none."""
    told = r"^layers\[0\], overflow: the text takes 5 lines, 125 pixels high: allowed are 100 pixels$"
    with pytest.raises(CompositionError, match=told):
        laid(box_width=160.0, box_height=100.0, overflow="error")
    with pytest.raises(CompositionError, match=r"5 lines, 125 pixels high: allowed are 4 lines$"):
        laid(box_width=160.0, max_lines=4, overflow="error")
    with pytest.raises(
        CompositionError, match=r"overflow: a word of the text is longer than box_width, 20 pix"
    ):
        laid(box_width=20.0, overflow="error")
    assert len(laid(box_width=160.0, box_height=125.0, max_lines=5, overflow="error").lines) == 5


def test_shrinking_goes_down_to_min_size() -> None:
    """And no further: then it is an error, or for the overflow to say."""
    box: dict[str, Any] = {"box_width": 160.0, "box_height": 60.0}
    assert laid(overflow="shrink", **box).size == laid(auto_fit=True, **box).size < 20
    with pytest.raises(
        CompositionError, match=r"overflow: .* 160 pixels wide and 60 pixels high even at a size of 18"
    ):
        laid(overflow="shrink", min_size=18.0, **box)
    with pytest.raises(CompositionError, match=r"auto_fit: .* even at a size of 18 pixels"):
        laid(auto_fit=True, min_size=18.0, **box)
    cut = laid(auto_fit=True, min_size=18.0, overflow="ellipsis", **box)
    assert cut.size == 18
    assert cut.cut
    assert last(cut)[-1:] == glyphs("…")


def test_auto_fit_may_go_by_lines_or_by_one_side() -> None:
    """The largest size at which there are no more lines, or at which no word is wider than the box."""
    two = laid(box_width=300.0, auto_fit=True, max_lines=2, size=90.0)
    assert len(two.lines) == 2
    larger = float(two.size + Fraction(1, 64))
    assert len(laid(box_width=300.0, size=larger).lines) == 3
    word = laid("Unbreakable", box_width=50.0, auto_fit=True)
    assert word.lines[0].width <= 50
    assert laid("Unbreakable", size=float(word.size + Fraction(1, 64))).width > 50


def test_justified_lines_are_as_wide_as_the_box_but_the_last_of_a_paragraph() -> None:
    """Their spaces are stretched alike; the last lies at the start."""
    layout = laid(f"{WORDS}\nb", box_width=160.0, align="justify")
    plain = laid(f"{WORDS}\nb", box_width=160.0)
    assert [line.width for line in layout.lines[:-2]] == [160] * (len(layout.lines) - 2)
    assert layout.lines[-2].width == plain.lines[-2].width < 160
    left, right = (laid("אב\nג", HEBREW, align=align, box_width=99.0) for align in ("justify", "right"))
    assert left.lines == right.lines
    stretched, own = layout.lines[0], plain.lines[0]
    spaces = [glyph.place.stretches for glyph in stretched.glyphs]
    assert stretched.stretch == (160 - own.width) / spaces[-1]


def test_balanced_lines_are_no_more_and_more_even() -> None:
    """The widest is as narrow as it can be."""
    ragged, balanced = laid(box_width=200.0), laid(box_width=200.0, balance=True)
    assert len(ragged.lines) == len(balanced.lines)
    widest = max(line.width for line in balanced.lines)
    assert widest < max(line.width for line in ragged.lines)
    narrower = laid(box_width=float(widest - Fraction(1, 8)))
    assert len(narrower.lines) > len(balanced.lines)
    assert balanced.width == 200


def test_the_first_line_of_a_paragraph_is_indented() -> None:
    """It has less room by that, and begins there; of text that runs to the left at the right."""
    layout = laid(f"{WORDS}\n{WORDS}", box_width=160.0, indent=30.0)
    half = len(layout.lines) // 2
    assert [line.x for line in layout.lines] == ([30] + [0] * (half - 1)) * 2
    assert all(line.x + line.width <= 160 for line in layout.lines)
    assert (
        laid("אב", HEBREW, box_width=160.0, indent=30.0, align="start").lines[0].x
        == 130 - laid("אב", HEBREW).width
    )
    assert laid("a", indent=30.0).width == 30 + laid("a").width


def test_paragraphs_are_apart() -> None:
    """Lines of one are not; an empty line is a paragraph."""
    layout = laid("a\n\nb", paragraph_spacing=7.0)
    assert [line.top for line in layout.lines] == [0, 32, 64]
    assert layout.height == 89


@pytest.mark.parametrize(("align", "top"), [("top", 0), ("middle", 25), ("bottom", 50), ("baseline", None)])
def test_lines_lie_in_the_box_as_told(align: str, top: int | None) -> None:
    """Two lines of 25 pixels in a box of 100; with baseline the first one stands on its top."""
    layout = laid("a\nb", box_height=100.0, vertical_align=align)
    if top is None:
        assert layout.lines[0].baseline == 0
    else:
        assert layout.lines[0].top == top
    assert layout.lines[1].top - layout.lines[0].top == 25


def test_words_are_hyphenated_in_their_language() -> None:
    """The hyphen is seen at the line's end and counts in its width; across runs too."""
    plain = laid("everywhere", box_width=60.0)
    assert len(plain.lines[0].glyphs) > 2  # broken anywhere
    layout = laid("typography everywhere", box_width=75.0, hyphenate=True, language="en-US")
    assert last(Layout(**{**vars(layout), "lines": layout.lines[:1]}))[-1:] == glyphs("-")
    assert all(line.width <= 75 for line in layout.lines)
    with pytest.raises(
        CompositionError, match=r"^layers\[0\], language: 'zu-ZZ'|^layers\[0\], language: 'xx'"
    ):
        laid("everywhere", hyphenate=True, language="xx")


def test_what_lies_behind_text_is_behind_it() -> None:
    """A run's fill is as high as its font and as wide as the run, larger by the padding."""
    written = {"type": "text", "runs": [{"text": "a "}, {"text": "HH", "background": {"fill": "#ff0000"}}],
               "size": 100.0, "line_height": 1.5}  # fmt: skip
    seen = pixels(parse(TextLayer, written, "x"))
    red = (seen[..., 0] == 255) & (seen[..., 1] == 0) & (seen[..., 3] == 255)
    ys, xs = np.nonzero(red)
    layout = lay_out(parse(TextLayer, written, "x"), [(SANS,), (SANS,)], "x")
    line, start = layout.lines[0], layout.lines[0].placed.segments[1].start.units * layout.unit
    assert (ys[0], ys[-1] + 1) == (
        -(-(line.baseline - layout.reach(line)[0]) // 1),
        (line.baseline + layout.reach(line)[1]) // 1,
    )
    assert xs.min() == -(-start // 1)
    assert xs.max() + 1 == layout.width // 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"auto_fit": True}, "auto_fit and overflow 'shrink' need box_width, box_height or path"),
        ({"overflow": "shrink"}, "auto_fit and overflow 'shrink' need box_width, box_height or path"),
        ({"min_size": 9}, "min_size needs auto_fit or overflow 'shrink'"),
        ({"box_width": 9, "auto_fit": True, "min_size": 50}, "min_size must not be above size.*50 and 20"),
        ({"overflow": "ellipsis", "box_width": 9}, "overflow 'ellipsis' needs box_height, max_lines or path"),
        ({"overflow": "clip"}, "overflow 'clip' needs box_width, box_height, max_lines or path"),
        ({"overflow": "error"}, "overflow 'error' needs box_width, box_height, max_lines or path"),
        ({"max_lines": 2}, "max_lines needs an overflow other than 'visible'"),
        ({"max_lines": 0}, "max_lines: 0 is not allowed: allowed is 1 to 100000"),
        ({"overflow": "ellipsis", "max_lines": 1, "ellipsis": ""}, "ellipsis: '' is not allowed"),
        ({"overflow": "clip", "max_lines": 1, "effects": [{"type": "stroke", "source": "outline"}]},
         "source 'outline' is not allowed on a layer whose overflow is 'clip'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(fields: dict[str, Any], told: str) -> None:
    """It names the field and what is allowed."""
    with pytest.raises(CompositionError, match=told) as error:
        layer(**fields)
    assert "\n" not in str(error.value)
