"""What Photoshop says of paragraphs, in the words of text layers, which say it once for all of a text."""

from __future__ import annotations

import itertools
from typing import Any

from engines.image_core.psd.engine_data import EngineData, Sheet
from engines.image_core.psd.text_styles import Note, Scale, rounded
from engines.image_core.sources.text.hyphenation import languages

__all__ = ["SOFT_BREAK", "paragraph_fields", "paragraph_sheets"]

SOFT_BREAK = "\x03"
"""What ends a line within a paragraph."""

_ALIGNED = ("left", "right", "center", "justify", "justify", "justify", "justify")
_LAST_LINES = {4: "at the right", 5: "centred", 6: "justified"}


def paragraph_sheets(data: EngineData) -> list[Sheet]:
    """The sheet of each paragraph of the text, one at least."""
    starts = [0, *(place + 1 for place, character in enumerate(data.text) if character == "\r")]
    last = len(data.paragraph_sheets) - 1
    numbers = [data.paragraphs[start] if start < len(data.text) else last for start in starts]
    return [data.paragraph_sheets[number] for number in numbers]


def paragraph_fields(data: EngineData, scale: Scale, language: str, note: Note) -> dict[str, Any]:
    """Alignment, spacing, indent and hyphenation: those of the first paragraph.

    Args:
        data: the layer's.
        scale: of the layer.
        language: that most of the text is in.
        note: takes what is approximated.
    """
    sheets = paragraph_sheets(data)
    _compare(sheets, note)
    first = sheets[0]
    fields: dict[str, Any] = {"align": _align(first, boxed=data.box is not None, note=note)}
    spacing = _spacing(sheets, data.text, note) * scale.down
    indent = first.length("FirstLineIndent") * scale.across
    if spacing:
        fields["paragraph_spacing"] = rounded(spacing)
    if indent:
        fields["indent"] = rounded(indent)
    if (spacing or indent) and SOFT_BREAK in data.text:
        note("lines that break within a paragraph are spaced as paragraphs are")
    if data.box is not None and first.flag("AutoHyphenate") and _hyphenated(language, note):
        fields["hyphenate"] = True
    return fields


_COMPARED = {
    "Justification": "alignment",
    "FirstLineIndent": "indents",
    "StartIndent": "indents",
    "EndIndent": "indents",
}


def _compare(sheets: list[Sheet], note: Note) -> None:
    for name, told in _COMPARED.items():
        if len({sheet.number(name, 0) for sheet in sheets}) > 1:
            note(f"all its paragraphs have the {told} of the first")


def _align(sheet: Sheet, *, boxed: bool, note: Note) -> str:
    kind = int(sheet.number("Justification", 0))
    if not 0 <= kind < len(_ALIGNED):
        note("its alignment is not known and left")
        return "left"
    if not boxed:  # of lines that are as long as they are, the last alone tells
        return {4: "right", 5: "center"}.get(kind, _ALIGNED[kind] if kind < 3 else "left")
    if kind >= 3:
        note("its justified lines may break at other words: spaces do not shrink")
    if kind in _LAST_LINES:
        note(f"the last lines of its paragraphs are not {_LAST_LINES[kind]}")
    return _ALIGNED[kind]


def _spacing(sheets: list[Sheet], text: str, note: Note) -> float:
    """What lies between paragraphs, after the one and before the other; of a single one what would lie
    between it and another, unless its own lines would be spaced so."""
    pairs = itertools.pairwise(sheets if len(sheets) > 1 or SOFT_BREAK in text else sheets * 2)
    gaps = [before.length("SpaceAfter") + after.length("SpaceBefore") for before, after in pairs]
    if len(set(gaps)) > 1:
        note("all its paragraphs are as far apart as the first two")
    return gaps[0] if gaps else 0.0


def _hyphenated(language: str, note: Note) -> bool:
    """Whether there are patterns for the language."""
    if language not in (known := languages()) and language.split("-")[0] not in known:
        note("its words are not hyphenated")
        return False
    note("its words may be hyphenated in other places")
    return True
