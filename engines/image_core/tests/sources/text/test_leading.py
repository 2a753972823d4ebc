"""Lines from baseline to baseline: leading that lies above the letters, and line heights of runs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engines.image_core.composition.fields import parse
from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.builtin_fonts import EMOJI, family_font
from engines.image_core.sources.text.fonts import load_font
from engines.image_core.sources.text.layout import Layout, lay_out
from engines.image_core.tests.sources.text.font_making import square_font

SANS = family_font("Source Sans Pro", "test")
D = Fraction(712, 1000)
"""How high the d of Source Sans is, in ems."""


def laid(*runs: dict[str, Any], **fields: Any) -> Layout:
    """A text of runs in Source Sans, its leading above."""
    layer = parse(TextLayer, {"type": "text", "runs": list(runs), "leading": "above", **fields})
    return lay_out(layer, [(SANS,)] * len(runs), "layers[0]")


def test_the_first_line_is_as_high_as_the_letter_d() -> None:
    """Of the tallest of its runs; whatever its line height."""
    layout = laid({"text": "a", "size": 20.0}, {"text": "b\n"}, {"text": "c"}, size=50.0, line_height=3.0)
    assert layout.lines[0].baseline == 50 * D
    assert layout.lines[1].baseline == 50 * D + 150


def test_baselines_are_apart_by_the_later_lines_height() -> None:
    """Of the run of it that asks for most; the sizes above it do not count."""
    runs: list[dict[str, Any]] = [
        {"text": "Heading\n", "size": 44.0},
        {"text": "body "},
        {"text": "x\ny", "line_height": 2.0},
    ]
    first, second, third = (line.baseline for line in laid(*runs, size=20.0, line_height=1.25).lines)
    assert second - first == third - second == 40
    first, second = (line.baseline for line in laid(*runs[:2], size=20.0, line_height=1.25).lines)
    assert second - first == 25


def test_runs_have_line_heights_of_their_own_with_leading_around_too() -> None:
    """A line is as high as the highest."""
    runs: list[dict[str, Any]] = [{"text": "a"}, {"text": "b", "line_height": 3.0}]
    [line] = laid(*runs, size=50.0, leading="around", line_height=1.0).lines
    assert line.height == 150
    [line] = laid(*runs[:1], size=50.0, leading="around", line_height=1.0).lines
    assert line.height == 50


def test_alignment_is_of_the_lines_from_the_first_letters_to_the_last_baseline() -> None:
    """At the bottom the last baseline is the box's bottom; with baseline the first is its top."""
    lines = [{"text": "a\nb"}]
    fields: dict[str, Any] = {"size": 50.0, "line_height": 2.0, "box_height": 300.0}
    assert laid(*lines, **fields).lines[0].baseline == 50 * D
    assert laid(*lines, **fields, vertical_align="bottom").lines[1].baseline == 300
    assert laid(*lines, **fields, vertical_align="baseline").lines[0].baseline == 0
    assert laid(*lines, size=50.0, line_height=2.0).height == 50 * D + 100


def test_columns_are_half_an_em_from_the_right_and_apart_by_their_height() -> None:
    """From middle to middle."""
    layout = laid({"text": "a\nb"}, size=50.0, line_height=2.0, writing_mode="vertical-rl")
    assert [line.baseline for line in layout.lines] == [25, 125]


def test_a_font_without_a_d_is_as_high_as_its_ascent() -> None:
    """The ascent that the font tells; also where its letters are pictures."""
    assert SANS.letter_height == 712
    assert load_font(square_font(), "x").letter_height == 800
    emoji = family_font(EMOJI, "x")
    assert emoji.letter_height > 0


def test_along_a_path_there_are_no_lines_to_space() -> None:
    """Neither the layer's leading nor a run's line height."""
    path = {"d": "M0 0 H100"}
    with pytest.raises(CompositionError, match="leading is not allowed with path"):
        laid({"text": "a"}, path=path)
    with pytest.raises(CompositionError, match="line_height of a run is not allowed with path"):
        laid({"text": "a", "line_height": 2.0}, path=path, leading="around")
