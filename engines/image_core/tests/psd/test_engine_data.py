"""Engine data that is damaged, hostile or very large."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from engines.image_core import SourceError
from engines.image_core.psd.text_layers import text_fields
from engines.image_core.runtime.limits import MAX_TEXT
from engines.image_core.tests.psd.type_layers import PLAIN, engine, markup, type_layer


def fault(data: dict[str, Any] | bytes) -> str:
    """The error that a layer of this engine data is."""
    with pytest.raises(SourceError) as caught:
        text_fields(type_layer(data))
    return str(caught.value)


@pytest.mark.parametrize(
    "data", [b"", b"no markup", b"<< /EngineDict", b"<<\n/EngineDict [ 1 2 ]\n>>", b"\0" * 99]
)
def test_what_is_no_engine_data_is_one_line(data: bytes) -> None:
    """That names the layer."""
    assert fault(data) == "layer 'Title', text: its engine data is missing or damaged"


@pytest.mark.parametrize("cut", range(40, 1100, 53))
def test_engine_data_that_is_cut_is_mapped_or_an_error(cut: int) -> None:
    """And nothing else."""
    layer = type_layer(markup(engine())[:cut])
    with suppress(SourceError):
        assert text_fields(layer).fields["type"] == "text"


def _with(way: list[str | int], value: Any) -> dict[str, Any]:
    data: Any = engine(box=[0, 0, 10, 10])
    place = data
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return dict(data)


NUMBER = "FontSize is not a number in the file's engine data"
LENGTHS = "the lengths of its runs are missing or damaged"
STYLE: list[str | int] = ["EngineDict", "StyleRun", "RunArray", 0, "StyleSheet"]


@pytest.mark.parametrize(
    ("way", "value", "told"),
    [
        ([*STYLE, "StyleSheetData"], {"FontSize": "large"}, NUMBER),
        ([*STYLE, "StyleSheetData"], {"FontSize": [1, 2]}, NUMBER),
        (["EngineDict", "StyleRun", "RunLengthArray"], [-4], LENGTHS),
        (["EngineDict", "StyleRun", "RunLengthArray"], [], LENGTHS),
        (["EngineDict", "ParagraphRun"], {}, LENGTHS),
        (["EngineDict", "Rendered", "Shapes", "Children", 0, "Cookie", "Photoshop", "BoxBounds"], [1.0, 2.0],
         "its box is missing or empty"),
        (["EngineDict", "Rendered", "Shapes", "Children", 0, "Cookie", "Photoshop", "BoxBounds"],
         [9.0, 0.0, 9.0, 5.0], "its box is missing or empty"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named(way: list[str | int], value: Any, told: str) -> None:
    """With the layer."""
    assert fault(_with(way, value)) == f"layer 'Title', text: {told}"


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ([*STYLE, "StyleSheetData"], [1, 2]),
        (["ResourceDict"], {}),
        (["ResourceDict", "FontSet"], []),
        (["ResourceDict", "TheNormalStyleSheet"], 99),
        (["EngineDict", "StyleRun", "RunLengthArray"], [1]),
        (["EngineDict", "StyleRun", "RunLengthArray"], [10**9]),
        (["EngineDict", "Rendered"], {}),
    ],
)
def test_what_is_missing_is_as_photoshop_has_it_by_default(way: list[str | int], value: Any) -> None:
    """A font that is not named is the library's own, which is told."""
    found = text_fields(type_layer(_with(way, value)))
    assert found.fields["text"] == "Hello"
    unnamed = found.fields["font"] == "Source Sans Pro"
    assert found.approximated == (("its font is not told and taken for Source Sans Pro",) if unnamed else ())


def test_a_text_of_very_many_characters_is_an_error() -> None:
    """Before it is looked at; one of as many as are allowed is mapped."""
    allowed = text_fields(type_layer(engine([("a" * MAX_TEXT, PLAIN)])))
    assert len(allowed.fields["text"]) == MAX_TEXT
    told = "layer 'Title', text: 100,001 characters: allowed are 100,000"
    assert fault(engine([("a" * (MAX_TEXT + 1), PLAIN)])) == told


def test_a_run_of_each_character_takes_no_long_time() -> None:
    """Nor do as many paragraphs."""
    runs = [("a", {**PLAIN, "Tracking": number % 7}) for number in range(3000)]
    assert len(text_fields(type_layer(engine(runs))).fields["runs"]) == 3000
    many = text_fields(type_layer(engine([("a\r" * 3000 + "a", PLAIN)])))
    assert many.fields["text"].count("\n") == 3000


def test_deep_engine_data_ends_in_one_line() -> None:
    """psd-tools stops at 64 lists in each other."""
    data = b"<<\n/EngineDict " + b"[ " * 5000 + b"] " * 5000 + b"\n>>"
    with pytest.raises(ValueError, match="max_nesting_depth exceeded"):
        type_layer(data)
