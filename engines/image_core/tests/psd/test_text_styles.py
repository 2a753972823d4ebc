"""What Photoshop says of characters and paragraphs, in the fields of a text layer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engines.image_core.composition.fields import parse
from engines.image_core.models import TextLayer
from engines.image_core.psd.text_layers import TextFields, text_fields
from engines.image_core.tests.psd.type_layers import PLAIN, engine, type_layer

BOX = [0, 0, 120, 80]


def mapped(*runs: tuple[str, dict[str, Any]], **data: Any) -> TextFields:
    """A text of runs, mapped; what it becomes is a text layer."""
    found = text_fields(type_layer(engine(runs or [("Hello", PLAIN)], **data)))
    parse(TextLayer, json.loads(json.dumps(found.fields)))
    return found


def styled(**style: Any) -> dict[str, Any]:
    """The fields of a text in one style."""
    return mapped(("Hello", {**PLAIN, **style})).fields


def notes(**style: Any) -> tuple[str, ...]:
    """What is approximated of a text in one style."""
    return mapped(("Hello", {**PLAIN, **style})).approximated


def test_a_plain_text_is_its_font_size_and_colour() -> None:
    """Nothing of it is approximated; the fonts that it needs are told."""
    found = mapped()
    assert found.fields | {"text": "Hello", "font": "SourceSansPro-Regular", "size": 20.0} == found.fields
    assert found.fields["color"] == "#000000"
    assert found.approximated == ()
    assert found.fonts == ("SourceSansPro-Regular",)


@pytest.mark.parametrize(
    ("style", "field", "value"),
    [
        ({"Font": 1}, "font", "SourceSansPro-Bold"),
        ({"Tracking": 50}, "letter_spacing", 1.0),
        ({"Tracking": -25}, "letter_spacing", -0.5),
        ({"AutoLeading": True}, "line_height", 1.2),
        ({"AutoLeading": False, "Leading": 30.0}, "line_height", 1.5),
        ({"FontCaps": 1}, "case", "small-caps"),
        ({"FontCaps": 2}, "case", "upper"),
        ({"Underline": True, "Strikethrough": True}, "decoration", ["underline", "strikethrough"]),
        ({"BaselineShift": -5.0}, "baseline_shift", -0.25),
        ({"Ligatures": False}, "features", {"liga": 0, "clig": 0}),
        ({"DLigatures": True, "Fractions": True, "StylisticAlternates": True}, "features",
         {"dlig": 1, "frac": 1, "salt": 1}),
        ({"AutoKerning": False, "Kerning": 0}, "features", {"kern": 0}),
        ({"Language": 4}, "language", "de"),
        ({"Language": 14}, "language", "en-GB"),
    ],
)  # fmt: skip
def test_a_setting_becomes_a_field(style: dict[str, Any], field: str, value: Any) -> None:
    """Lengths in pixels, or in multiples of the size where ours are."""
    assert styled(**style)[field] == value


@pytest.mark.parametrize(
    ("fill", "color"),
    [
        ({"Type": 1, "Values": [1.0, 1.0, 0.2, 0.0]}, "#ff3300"),
        ({"Type": 1, "Values": [0.5, 1.0, 0.2, 0.0]}, "#ff330080"),
        ({"Type": 1, "Values": [1.0, 1.5, -0.2, 0.0]}, "#ff0000"),
        ({"Type": 0, "Values": [1.0, 0.6]}, "#999999"),
    ],
)
def test_colours_are_the_files_own(fill: dict[str, Any], color: str) -> None:
    """Alpha first; what is out of range is taken to its end."""
    assert styled(FillColor=fill)["color"] == color


def test_letters_without_a_fill_are_not_seen() -> None:
    """Their strokes are told to be missing."""
    found = mapped(("Hello", {**PLAIN, "FillFlag": False, "StrokeFlag": True}))
    assert found.fields["color"] == "#00000000"
    assert found.approximated == ("the strokes of its letters are not drawn",)


def test_scripts_are_smaller_and_raised_as_photoshop_has_them() -> None:
    """0.583 of the size; a third of it up or down."""
    above, below = styled(FontBaseline=1), styled(FontBaseline=2)
    assert above["size"] == below["size"] == 11.66
    assert above["baseline_shift"] == pytest.approx(0.333 / 0.583, abs=1e-6)
    assert below["baseline_shift"] == pytest.approx(-0.333 / 0.583, abs=1e-6)
    assert above["line_height"] == pytest.approx(1.2 / 0.583, abs=1e-6)


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ({"FauxBold": True}, "its faux bold is not drawn"),
        ({"FauxItalic": True}, "its faux italic is not drawn"),
        ({"StrokeFlag": True}, "the strokes of its letters are not drawn"),
        ({"Tsume": 0.5}, "its tsume is not kept"),
        ({"FontCaps": 3}, "its letter case is not kept"),
        ({"AutoKerning": False, "Kerning": 40}, "its kerning by hand is not kept"),
        ({"Language": 77}, "its language, number 77 of Photoshop's, is taken for English"),
        ({"Underline": True}, "lines under or through its letters lie where the fonts have them"),
        ({"AutoLeading": False, "Leading": 0.01}, "its leading is taken as a tenth or ten times the size"),
        ({"FillColor": {"Type": 2, "Values": [1.0, 0.0, 0.0, 0.0, 0.0]}},
         "its CMYK colour is taken as that of plain inks"),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_named(style: dict[str, Any], told: str) -> None:
    """Once, however many runs have it."""
    assert notes(**style) == (told,)
    twice = mapped(("He", {**PLAIN, **style}), ("llo", {**PLAIN, **style, "Font": 1}))
    assert twice.approximated == (told,)


def test_settings_that_are_missing_are_those_of_the_normal_style() -> None:
    """In points, where a run's own are in pixels: at 144 pixels in an inch a point is two."""
    normal = {"Font": 1, "FontSize": 12.0, "Tracking": 100}
    layer = type_layer(engine([("Hello", {})], normal=normal), resolution=144)
    fields = text_fields(layer).fields
    assert (fields["font"], fields["size"], fields["letter_spacing"]) == ("SourceSansPro-Bold", 24.0, 2.4)
    own = text_fields(type_layer(engine([("Hello", PLAIN)]), resolution=144)).fields
    assert own["size"] == 20.0


def test_runs_differ_from_what_most_of_the_text_has() -> None:
    """The layer says that once; neighbours of one style are one run."""
    bold = {**PLAIN, "Font": 1}
    found = mapped(("All ", PLAIN), ("of ", bold), ("i", PLAIN), ("t, \r", PLAIN), ("twice", PLAIN))
    assert found.fields["runs"] == [
        {"text": "All "},
        {"text": "of ", "font": "SourceSansPro-Bold"},
        {"text": "it, \ntwice"},
    ]
    assert found.fields["font"] == "SourceSansPro-Regular"
    assert found.fonts == ("SourceSansPro-Regular", "SourceSansPro-Bold")


def test_lengths_of_runs_count_utf_16() -> None:
    """An emoji is two of them, and is never parted."""
    bold = {**PLAIN, "Font": 1}
    found = mapped(("a😀", PLAIN), ("b😀", bold))
    assert [run["text"] for run in found.fields["runs"]] == ["a😀", "b😀"]


def test_breaks_are_line_feeds_and_other_control_characters_are_told() -> None:
    """Those between paragraphs and those within one."""
    found = mapped(("one\rtwo\x03three\x19", PLAIN))
    assert found.fields["text"] == "one\ntwo\nthree"
    assert found.approximated == ("control characters of its text are left out",)


def test_a_text_of_nothing_is_a_space() -> None:
    """Which draws nothing either."""
    assert mapped(("", PLAIN)).fields["text"] == " "


@pytest.mark.parametrize(
    ("kind", "align", "told"),
    [
        (0, "left", ()),
        (1, "right", ()),
        (2, "center", ()),
        (3, "justify", ("its justified lines may break at other words: spaces do not shrink",)),
        (6, "justify", ("its justified lines may break at other words: spaces do not shrink",
                        "the last lines of its paragraphs are not justified")),
    ],
)  # fmt: skip
def test_alignment_in_a_box(kind: int, align: str, told: tuple[str, ...]) -> None:
    """Where last lines are aligned in other ways than ours, that is told."""
    found = mapped(paragraphs=[{"Justification": kind}], box=BOX)
    assert found.fields["align"] == align
    assert found.approximated == told


@pytest.mark.parametrize(("kind", "align"), [(3, "left"), (4, "right"), (5, "center"), (6, "left")])
def test_point_text_has_no_room_to_justify(kind: int, align: str) -> None:
    """Its lines lie as a paragraph's last does, and nothing is lost."""
    found = mapped(paragraphs=[{"Justification": kind}])
    assert (found.fields["align"], found.approximated) == (align, ())


def test_the_space_between_paragraphs_is_after_one_and_before_the_next() -> None:
    """In a box; the first line's indent is the paragraph's."""
    spaced = {"SpaceAfter": 4.0, "SpaceBefore": 3.0, "FirstLineIndent": 9.0}
    found = mapped(("a\rb\rc", PLAIN), paragraphs=[spaced], box=BOX)
    assert (found.fields["paragraph_spacing"], found.fields["indent"]) == (7.0, 9.0)
    assert found.approximated == ()


def test_a_single_paragraph_has_the_space_that_a_new_text_would_have() -> None:
    """Where it has no lines of its own that are spaced so."""
    spaced = {"SpaceAfter": 4.0, "SpaceBefore": 3.0}
    assert mapped(paragraphs=[spaced]).fields["paragraph_spacing"] == 7.0
    found = mapped(("a\x03b", PLAIN), paragraphs=[spaced])
    assert "paragraph_spacing" not in found.fields
    assert found.approximated == ()


def test_paragraphs_that_differ_are_told() -> None:
    """All are as the first."""
    first = {"Justification": 2, "SpaceAfter": 4.0}
    found = mapped(("a\rb\rc", PLAIN), paragraphs=[first, {"StartIndent": 5.0}])
    assert found.fields["align"] == "center"
    assert found.fields["paragraph_spacing"] == 4.0
    assert found.approximated == (
        "all its paragraphs have the alignment of the first",
        "all its paragraphs have the indents of the first",
        "all its paragraphs are as far apart as the first two",
    )


def test_lines_within_a_paragraph_are_spaced_as_paragraphs_where_that_shows() -> None:
    """Where there is a space between paragraphs."""
    assert mapped(("a\x03b", PLAIN)).approximated == ()
    told = ("lines that break within a paragraph are spaced as paragraphs are",)
    assert mapped(("a\x03b\rc", PLAIN), paragraphs=[{"SpaceAfter": 4.0}]).approximated == told


def test_words_are_hyphenated_where_there_are_patterns() -> None:
    """In a box; the places may be others than Photoshop's."""
    hyphenated = [{"AutoHyphenate": True}]
    found = mapped(paragraphs=hyphenated, box=BOX)
    assert found.fields["hyphenate"] is True
    assert found.approximated == ("its words may be hyphenated in other places",)
    assert "hyphenate" not in mapped(paragraphs=hyphenated).fields
    found = mapped(("Hello", {**PLAIN, "Language": 30}), paragraphs=hyphenated, box=BOX)
    assert "hyphenate" not in found.fields
    assert found.approximated == ("its words are not hyphenated",)


def test_auto_leading_is_a_part_of_each_runs_size() -> None:
    """The paragraph says which."""
    found = mapped(("a\r", PLAIN), ("b", {**PLAIN, "FontSize": 44.0}), paragraphs=[{"AutoLeading": 1.75}])
    assert found.fields["line_height"] == 1.75
    assert {"text": "b", "size": 44.0} in found.fields["runs"] or found.fields["size"] == 44.0
