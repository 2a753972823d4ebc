"""A new text in the styles of the old one."""

from __future__ import annotations

from typing import Any

import pytest

from engines.image_core import CompositionError
from engines.image_core.psd.text_layers import text_fields
from engines.image_core.psd.text_replacing import Run, merged, replaced
from engines.image_core.tests.psd.type_layers import PLAIN, engine, type_layer

A, B, C = {"font": "A"}, {"font": "B"}, {"font": "C"}


def changed(runs: list[tuple[str, dict[str, Any]]], new: Any) -> list[tuple[str, str]]:
    """The runs of a new text, each with its font."""
    found = replaced([Run(*run) for run in runs], new, "layer 'Title'")
    return [(run.text, str(run.style["font"])) for run in found]


def test_one_style_is_that_of_any_text() -> None:
    """Of more lines, and of none."""
    assert changed([("Hello", A)], "Good morning\r\nall\rof you") == [("Good morning\nall\nof you", "A")]
    assert changed([("Hello", A)], "") == [("", "A")]
    assert changed([("", A)], "Hello") == [("Hello", "A")]


def test_words_at_both_ends_keep_their_styles() -> None:
    """What is new between them has that of the first character it replaces."""
    price = [("Only ", A), ("$ 5", B), (" today", A)]
    assert changed(price, "Only € 17 today") == [("Only ", "A"), ("€ 17", "B"), (" today", "A")]
    assert changed(price, "Only $ 5 tomorrow") == [("Only ", "A"), ("$ 5", "B"), (" tomorrow", "A")]
    assert changed(price, "Just $ 5 today") == [("Just ", "A"), ("$ 5", "B"), (" today", "A")]
    assert changed(price, "Only $ 5 today") == [("Only ", "A"), ("$ 5", "B"), (" today", "A")]


def test_letters_that_are_alike_by_chance_keep_no_style() -> None:
    """Whole words do."""
    assert changed([("Alpha ", A), ("Beta", B)], "Delta") == [("Delta", "A")]
    assert changed([("a", A), ("rgh", B)], "another") == [("another", "A")]


def test_what_replaces_nothing_has_the_style_before_it() -> None:
    """Of the first character where there is none before."""
    assert changed([("one", A), (" two", B)], "one two three") == [("one", "A"), (" two three", "B")]
    assert changed([("one ", A), ("two", B)], "one and two") == [("one and ", "A"), ("two", "B")]
    assert changed([("one", A), (" two", B)], "zero one two") == [("zero one", "A"), (" two", "B")]


def test_lines_take_the_places_of_lines() -> None:
    """A heading stays one, whatever it says; further lines are as the last, and lines may be fewer."""
    card = [("Heading\n", A), ("and what ", B), ("it", C), (" says", B)]
    assert changed(card, "Title\nother words") == [("Title\n", "A"), ("other words", "B")]
    assert changed(card, "Title\nand what he says\nmore") == [
        ("Title\n", "A"), ("and what ", "B"), ("he", "C"), (" says\nmore", "B"),
    ]  # fmt: skip
    assert changed(card, "Title") == [("Title", "A")]
    assert changed([("a\n", A), ("\nb", B)], "x\ny\nz") == [("x\n", "A"), ("y\nz", "B")]
    assert changed([("a\n", A)], "x\ny") == [("x\ny", "A")]


def test_a_list_has_a_text_for_each_run() -> None:
    """Those without one are left out; an object changes what it says."""
    runs = [("one ", A), ("two ", B), ("three", C)]
    assert changed(runs, ["1 ", "", "3"]) == [("1 ", "A"), ("3", "C")]
    assert changed(runs, ["1 ", {"font": "Z"}, {"text": "3\r"}]) == [("1 ", "A"), ("two ", "Z"), ("3\n", "C")]
    found = replaced(
        [Run(*run) for run in runs[:1]], [{"text": "1", "color": "#ff0000", "fonts": ["Y"]}], "x"
    )
    assert found == [Run("1", {"color": "#ff0000", "fonts": ["Y"]})]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (
            ["one"],
            "1 runs are not allowed: the file's text has 2, give one for each or all of it as one string",
        ),
        (["one", 2], "2 is not allowed: a run is a text or an object"),
        (["one", {"text": 2}], "2 is not allowed: allowed is text"),
    ],
)
def test_a_list_that_fits_no_runs_is_an_error(new: Any, told: str) -> None:
    """In one line that names the layer."""
    with pytest.raises(CompositionError) as caught:
        changed([("a", A), ("b", B)], new)
    assert str(caught.value) == f"layer 'Title', text: {told}"


def test_neighbours_of_one_style_are_one_run() -> None:
    """Empty ones are left out, but for one."""
    assert merged([Run("a", A), Run("", B), Run("b", A)]) == [Run("ab", A)]
    assert merged([Run("", A), Run("", B)]) == [Run("", A)]


def test_a_layers_text_is_replaced() -> None:
    """In its place and style; what is not needed any more is not told as a font."""
    bold = {**PLAIN, "Font": 1}
    layer = type_layer(engine([("Only ", PLAIN), ("5", bold)]))
    found = text_fields(layer, "Only 17")
    assert found.fields["runs"] == [{"text": "Only "}, {"text": "17", "font": "SourceSansPro-Bold"}]
    assert found.fields["transform"] == text_fields(layer).fields["transform"]
    found = text_fields(layer, "Nothing")
    assert (found.fields["text"], found.fonts) == ("Nothing", ("SourceSansPro-Regular",))
    found = text_fields(layer, [{"text": "Only ", "color": "#ff0000"}, "17"])
    assert found.fields["color"] == "#ff0000"
    assert text_fields(layer, "").fields["text"] == " "
