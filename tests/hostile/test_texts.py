"""Texts made to cost time: marks, bidi controls, unassigned code points, a hundred thousand characters."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest

from tests.hostile.child import in_child, now_at
from tests.hostile.telling import composition, rendered_told

_LABEL = "layer 'title' (layers[0])"
_MANY = 100_000
_SOME = 1_000  # what is linear is shown by fewer


def _written(text: str, **fields: Any) -> str | None:
    layer = {"type": "text", "id": "title", "text": text, "missing_glyphs": "box", "size": 20, **fields}
    return rendered_told(composition(layer), _LABEL.removesuffix(" (layers[0])"))


def draw_texts(names: list[str]) -> dict[str, str | None]:
    """Draw texts by name, each as a line, wrapped, and fitted into a box."""
    lines: dict[str, str | None] = {}
    for name in names:
        text = _TEXTS[name]
        now_at(name)
        wrapped = _written(text, box_width=90.0)
        fitted = _written(text, box_width=90.0, box_height=60.0, auto_fit=True)
        lines[name] = _written(text) or wrapped
        assert fitted is None or "does not fit" in fitted or "too dense" in fitted, fitted
    return lines


_TEXTS = {
    "a letter": "a" * _MANY,
    "words": "hello wide world " * (_MANY // 170),
    "spaces": " " * _MANY,
    "marks": "a" + "\u0301" * 3_000,
    "marks on letters": ("a" + "\u0301" * 50) * (_MANY // 255),
    "line breaks": "a\n" * 500,
    "embeddings": "\u202a" * (_SOME // 2) + "a" * (_SOME // 2),
    "overrides": "\u202ea" * (_SOME // 2),
    "isolates never closed": "\u2067a" * (_SOME // 2),
    "isolates": "\u2067a\u2069" * (_SOME // 3),
    "two directions": "aא" * (_SOME // 2),
    "joiners": "a\u200d" * (_SOME // 2),
    "hyphens": "a-" * (_SOME // 2),
    "digits": "1" * _SOME,
    "brackets": "(" * (_SOME // 2) + ")" * (_SOME // 2),
    "regional indicators": "🇩" * _SOME,
    "jamo": "\u1100\u1161\u11a8" * (_SOME // 3),
    "tags": "\U000e0041" * _SOME,
    "indic": "क्" * (_SOME // 2),
}


def test_texts_are_drawn_or_told_in_bounded_time() -> None:
    """Seconds and some hundred megabytes for all; only marks that pile up in one pixel are refused."""
    outcome = in_child(draw_texts, list(_TEXTS), seconds=120)
    refused = {name: line for name, line in outcome.result.items() if line}
    assert set(refused) <= {"marks"}
    assert outcome.seconds < 60
    assert outcome.peak_mib < 600


def test_one_character_more_is_refused() -> None:
    """The model's own limit, whatever a renderer allows."""
    assert "allowed is a length of up to 100000" in str(_written("a" * (_MANY + 1)))


def draw_unassigned(first: int, last: int) -> int:
    """Draw all unassigned, private and noncharacter code points of a range as lines of a thousand."""
    points = [point for point in range(first, last) if unicodedata.category(chr(point)) in {"Cn", "Co"}]
    points = points[:: max(1, len(points) // 4000)] + points[-300:]
    for start in range(0, len(points), 2000):
        now_at(f"U+{points[start]:04X}")
        assert _written("".join(map(chr, points[start : start + 2000])), box_width=90.0) is None
    return len(points)


def test_unassigned_code_points_are_boxes() -> None:
    """The whole of Unicode beyond what is assigned, in even steps, and its noncharacters."""
    assert in_child(draw_unassigned, 0, sys.maxunicode + 1).result > 4000


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x85", "\x9b"])
def test_control_characters_are_refused(character: str) -> None:
    """Of control characters only line breaks and tabs are text."""
    assert f"text: U+{ord(character):04X} is not allowed" in str(_written(f"a{character}b"))


def test_without_boxes_a_missing_glyph_is_told_at_once() -> None:
    """The first character that the font lacks is named, also among a hundred thousand."""
    line = _written("a" * 50_000 + "漢" * 50_000, missing_glyphs="error")
    assert "has no glyph for U+6F22" in str(line)
