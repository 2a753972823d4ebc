"""Shaping: a paragraph of text becomes glyphs in visual order, in font units.

    text -> paragraphs -> runs of one direction (UAX #9) and script -> HarfBuzz -> glyphs and clusters

A cluster is the smallest piece of text that can stand alone: a letter with its marks, a ligature.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

import uharfbuzz as hb
from bidi import get_display

from engines.image_core.composition.type import Direction
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources.text.fonts import Features, LoadedFont
from engines.image_core.sources.text.joining import joined_places

__all__ = ["PLAIN", "SOFT_HYPHEN", "Glyph", "Paragraph", "Style", "paragraphs", "shape"]

_NEWLINE = re.compile("\r\n|[\n\r\u2028\u2029]")
_TAB = "    "
_CONTEXT = 5  # characters HarfBuzz looks at on either side of a run, to join Arabic letters
_NO_SCRIPT = "Zyyy"
_HYPHEN = "\u2010"
_NON_JOINER = "\u200c"
_LOOKED_THROUGH = ("Mn", "Me", "Cf")  # by letters that join
SOFT_HYPHEN = "\u00ad"
_MAX_GLYPHS = 32  # of a character, on average: U+FDFA takes 18 in some fonts, HarfBuzz allows 64


class Glyph(NamedTuple):
    """A shaped glyph, in font units: its advance, and its offset from the pen (y upwards)."""

    id: int
    cluster: int
    advance: int
    dx: int
    dy: int


@dataclass(frozen=True)
class Paragraph:
    """A shaped paragraph.

    Attributes:
        text: Its characters in logical order.
        rtl: Whether it runs from right to left.
        glyphs: In visual order, left to right, as if the paragraph were one line. Any part of the clusters,
            kept in this order, is the visual order of a line that holds this part (UAX #9, rule L2).
        starts: For each cluster in logical order, the index of its first character.
        advances: For each cluster, its advance in font units.
        joined_to: For each cluster, the one before it, by number, that it is joined to, or -1; where letters
            are not spaced it is -1 for all. What has no advance joins nothing and parts nothing.
        hyphen: What is seen of a soft hyphen where a line ends with it; None where the text has none.
    """

    text: str
    rtl: bool
    glyphs: list[Glyph]
    starts: list[int]
    advances: list[int]
    joined_to: list[int]
    hyphen: Glyph | None = None


@dataclass(frozen=True)
class Style:
    """What a layer says of how its text is shaped.

    Attributes:
        features: OpenType features that are on or off against the font's defaults.
        direction: Of paragraphs; "auto" is that of the first strong character.
        boxes: Draw the font's box for a character it lacks, instead of raising.
        spaced: Letters are spaced, so that what is joined has to be known.
    """

    features: Features = field(default_factory=dict)
    direction: Direction = "auto"
    boxes: bool = False
    spaced: bool = False


PLAIN = Style()
_BASE: dict[Direction, Literal["L", "R"] | None] = {"auto": None, "ltr": "L", "rtl": "R"}


class _Run(NamedTuple):
    start: int
    end: int
    level: int
    script: str


def paragraphs(text: str, label: str) -> list[str]:
    """The text cut at line feeds, carriage returns, both together, U+2028 and U+2029; a tab is four spaces.

    Raises:
        CompositionError: there is any other control character, or half of a surrogate pair.
    """
    parts = [part.replace("\t", _TAB) for part in _NEWLINE.split(text)]
    for character in sorted(set("".join(parts))):
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise CompositionError(
                f"{label}, text: U+{ord(character):04X} is not allowed: "
                "of control characters, line breaks and tabs are"
            )
    return parts


def shape(text: str, font: LoadedFont, label: str, style: Style = PLAIN) -> Paragraph:
    """Shape one paragraph.

    Args:
        text: Without line breaks and control characters.
        font: What to shape with.
        label: The layer, for messages.
        style: What the layer says of it.

    Raises:
        SourceError: the font lacks a character, or makes very many glyphs of one.
    """
    levels, base = _levels(text, style.direction)
    runs = list(_runs(text, levels))
    features = style.features
    glyphs = [glyph for run in _visual_order(runs) for glyph in _shape_run(text, run, font, features, label)]
    starts = sorted({glyph.cluster for glyph in glyphs})
    if not style.boxes:
        _check_glyphs(text, glyphs, starts, font, label)
    index = {start: number for number, start in enumerate(starts)}
    advances = [0] * len(starts)
    for number, glyph in enumerate(glyphs):
        glyphs[number] = glyph._replace(cluster=index[glyph.cluster])
        advances[index[glyph.cluster]] += glyph.advance
    hyphen = None
    if SOFT_HYPHEN in text:
        seen = _HYPHEN if font.has(_HYPHEN) else "-"
        hyphen = shape(seen, font, label, style).glyphs[0]
    joined_to = _joined_to(text, runs, starts, advances) if style.spaced else [-1] * len(starts)
    return Paragraph(text, base == 1, glyphs, starts, advances, joined_to, hyphen)


def _joined_to(text: str, runs: list[_Run], starts: list[int], advances: list[int]) -> list[int]:
    """`Paragraph.joined_to`: only within runs, for only there do neighbours in the text stay neighbours."""
    firsts = {run.start for run in runs}
    joined = {run.start + place for run in runs for place in joined_places(text[run.start : run.end])}
    before, found = -1, []
    for number, (start, advance) in enumerate(zip(starts, advances, strict=True)):
        before = -1 if start in firsts else before
        found.append(before if advance and start in joined else -1)
        before = number if advance else before
    return found


def _shape_run(text: str, run: _Run, font: LoadedFont, features: Features, label: str) -> Iterator[Glyph]:
    before = max(run.start - _CONTEXT, 0)
    buffer = hb.Buffer()
    window = _parted(text[before : run.end + _CONTEXT])
    buffer.add_codepoints([ord(character) for character in window], run.start - before, run.end - run.start)
    buffer.direction = "rtl" if run.level & 1 else "ltr"
    buffer.script = run.script
    buffer.language = "und"  # named, so that the host's locale can never enter
    font.shape(buffer, features)
    if len(buffer) > _MAX_GLYPHS * (run.end - run.start) + _CONTEXT:
        raise SourceError(
            f"{label}, text: font {font.name!r} makes more than {_MAX_GLYPHS} glyphs of a character"
        )
    for info, place in zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True):
        yield Glyph(info.codepoint, info.cluster + before, place.x_advance, place.x_offset, place.y_offset)


def _parted(text: str) -> str:
    """The text with soft hyphens that no ligature bridges, for a line may end there: HarfBuzz looks through
    them, but not through non-joiners, which otherwise part what is joined, in Arabic."""
    if SOFT_HYPHEN not in text:
        return text
    joined, inside = joined_places(text), False
    parted = list(text)
    for place in range(len(text) - 1, -1, -1):
        if text[place] == SOFT_HYPHEN:
            parted[place] = SOFT_HYPHEN if inside else _NON_JOINER
        elif unicodedata.category(text[place]) not in _LOOKED_THROUGH:
            inside = place in joined
    return "".join(parted)


def _runs(text: str, levels: list[int]) -> Iterator[_Run]:
    """The text in pieces of one embedding level and script, in logical order."""
    start = 0
    for (level, script), group in itertools.groupby(zip(levels, _scripts(text), strict=True)):
        end = start + sum(1 for _ in group)
        yield _Run(start, end, level, script)
        start = end


def _levels(text: str, direction: Direction) -> tuple[list[int], int]:
    """The embedding level of each character (UAX #9, rules P2 to I2), and that of the paragraph."""
    if not text or (text.isascii() and direction != "rtl"):
        return [0] * len(text), int(direction == "rtl")
    # What python-bidi reports for debugging is the one place where it tells the levels: one for each byte of
    # UTF-8, after the text itself and before the paragraphs, of which there is one.
    report = get_display(text, debug=True, base_dir=_BASE[direction])
    start, end = report.rindex("    levels: ["), report.rindex("    paragraphs: [")
    levels = [int(level) for level in re.findall(r"\d+", report[start:end])]
    base = int(re.findall(r"\d+", report[end:])[-1])
    offsets = itertools.accumulate((len(character.encode()) for character in text), initial=0)
    return [levels[offset] for offset in itertools.islice(offsets, len(text))], base


def _visual_order(runs: list[_Run]) -> list[_Run]:
    """Runs reordered from left to right (UAX #9, rule L2)."""
    order = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        start = 0
        for deep, group in itertools.groupby([run.level >= level for run in order]):
            end = start + len(list(group))
            if deep:
                order[start:end] = reversed(order[start:end])
            start = end
    return order


def _scripts(text: str) -> list[str]:
    """The script of each character; one of no script takes that of the text before it, else after it."""
    scripts = [_script(character) for character in text]
    current = next((script for script in scripts if script), _NO_SCRIPT)
    for index, script in enumerate(scripts):
        current = scripts[index] = script or current
    return scripts


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The ISO 15924 tag by HarfBuzz's Unicode tables; empty for common and inherited characters."""
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(character)])
    buffer.guess_segment_properties()
    return buffer.script or ""


def _check_glyphs(text: str, glyphs: list[Glyph], starts: list[int], font: LoadedFont, label: str) -> None:
    missing = min((glyph.cluster for glyph in glyphs if glyph.id == 0), default=None)
    if missing is None:
        return
    end = next((start for start in starts if start > missing), len(text))
    cluster = text[missing:end]
    character = next((one for one in cluster if not font.has(one)), cluster[0])
    raise SourceError(
        f"{label}, text: font {font.name!r} has no glyph for U+{ord(character):04X} "
        f"{unicodedata.name(character, 'without a name')}; choose a font that has it or missing_glyphs 'box'"
    )
