"""Shaping: a paragraph of text becomes glyphs in visual order, in units of a grid.

    faces -> runs of one direction (UAX #9), script and kind of face -> HarfBuzz -> glyphs and clusters

A cluster is the smallest piece of text that can stand alone: a letter with its marks, a ligature. Runs that
differ in their colours alone are shaped as one: they kern and join across.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import uharfbuzz as hb
from bidi import get_display

from engines.image_core.composition.type import Direction
from engines.image_core.errors import SourceError
from engines.image_core.sources.text.faces import Face, Grid, Styled
from engines.image_core.sources.text.fonts import LoadedFont
from engines.image_core.sources.text.hyphenation import SOFT_HYPHEN
from engines.image_core.sources.text.joining import joined_places

__all__ = ["Glyph", "Paragraph", "Setting", "shape"]

_CONTEXT = 5  # characters HarfBuzz looks at on either side of a run, to join Arabic letters
_NO_SCRIPT = "Zyyy"
_HYPHEN = "\u2010"
_NON_JOINER = "\u200c"
_LOOKED_THROUGH = ("Mn", "Me", "Cf")  # by letters that join
_MAX_GLYPHS = 32  # of a character, on average: U+FDFA takes 18 in some fonts, HarfBuzz allows 64


class Glyph(NamedTuple):
    """A shaped glyph: its advance, and its offset from the pen (y upwards), in units of the grid."""

    id: int
    cluster: int
    advance: int
    dx: int
    dy: int
    face: int = 0


@dataclass(frozen=True)
class Paragraph:
    """A shaped paragraph.

    Attributes:
        text: Its characters in logical order.
        rtl: Whether it runs from right to left.
        glyphs: In visual order, left to right, as if the paragraph were one line. Any part of the clusters,
            kept in this order, is the visual order of a line that holds this part (UAX #9, rule L2).
        starts: For each cluster in logical order, the index of its first character.
        advances: For each cluster, its advance in units.
        faces: For each cluster, the number of its face.
        joined_to: For each cluster, the one before it, by number, that it is joined to, or -1; where letters
            are not spaced it is -1 for all. What has no advance joins nothing and parts nothing.
        hyphens: By face, what is seen of a soft hyphen where a line ends with it.
    """

    text: str
    rtl: bool
    glyphs: list[Glyph]
    starts: list[int]
    advances: list[int]
    faces: list[int]
    joined_to: list[int]
    hyphens: dict[int, Glyph]


@dataclass(frozen=True)
class Setting:
    """What all paragraphs of a layer have in common.

    Attributes:
        faces: By their numbers.
        grid: The units.
        label: The layer, for messages.
        direction: Of paragraphs; "auto" is that of the first strong character.
        boxes: Draw the font's box for a character it lacks, instead of raising.
    """

    faces: Sequence[Face]
    grid: Grid
    label: str
    direction: Direction = "auto"
    boxes: bool = False


_BASE: dict[Direction, Literal["L", "R"] | None] = {"auto": None, "ltr": "L", "rtl": "R"}


class _Run(NamedTuple):
    start: int
    end: int
    level: int
    script: str
    face: int = 0


def shape(styled: Styled, setting: Setting) -> Paragraph:
    """Shape one paragraph.

    Args:
        styled: Without line breaks and control characters.
        setting: What it is shaped with.

    Raises:
        SourceError: a font lacks a character, or makes very many glyphs of one.
    """
    text = styled.text
    levels, base = _levels(text, setting.direction)
    runs = list(_runs(text, levels, _alike(styled.faces, setting.faces)))
    glyphs = [glyph for run in _visual_order(runs) for glyph in _shape_run(text, run, setting)]
    starts = sorted({glyph.cluster for glyph in glyphs})
    if not setting.boxes:
        _check_glyphs(styled, glyphs, starts, setting)
    index = {start: number for number, start in enumerate(starts)}
    faces = [styled.faces[start] for start in starts]
    advances = [0] * len(starts)
    for number, glyph in enumerate(glyphs):
        cluster = index[glyph.cluster]
        glyphs[number] = Glyph(glyph.id, cluster, glyph.advance, glyph.dx, glyph.dy, faces[cluster])
        advances[cluster] += glyph.advance
    spaced = any(face.style.letter_spacing for face in setting.faces)
    joined_to = _joined_to(text, runs, starts, advances) if spaced else [-1] * len(starts)
    return Paragraph(text, base == 1, glyphs, starts, advances, faces, joined_to, _hyphens(styled, setting))


def _alike(faces: list[int], all_faces: Sequence[Face]) -> list[int]:
    """For each character, the first face that is shaped as its own is."""
    if len(all_faces) == 1:
        return faces
    first: dict[tuple[object, ...], int] = {}
    alike = [first.setdefault(face.shaped_by, number) for number, face in enumerate(all_faces)]
    return [alike[face] for face in faces]


def _hyphens(styled: Styled, setting: Setting) -> dict[int, Glyph]:
    """`Paragraph.hyphens`."""
    found: dict[int, Glyph] = {}
    if SOFT_HYPHEN not in styled.text:
        return found
    for number in {face for face, one in zip(styled.faces, styled.text, strict=True) if one == SOFT_HYPHEN}:
        seen = _HYPHEN if setting.faces[number].font.has(_HYPHEN) else "-"
        found[number] = shape(Styled(seen, [number], styled.style), setting).glyphs[0]
    return found


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


def _shape_run(text: str, run: _Run, setting: Setting) -> Iterator[Glyph]:
    face, scale, raised = setting.faces[run.face], *setting.grid.of(run.face)
    before = max(run.start - _CONTEXT, 0)
    buffer = hb.Buffer()
    window = _parted(text[before : run.end + _CONTEXT])
    buffer.add_codepoints([ord(character) for character in window], run.start - before, run.end - run.start)
    column = face.upright and not face.style.combined
    buffer.direction = "ttb" if column else "rtl" if run.level & 1 else "ltr"
    buffer.script = run.script
    buffer.language = face.style.language  # named always, so that the host's locale can never enter
    face.font.shape(buffer, dict(face.features))
    if len(buffer) > _MAX_GLYPHS * (run.end - run.start) + _CONTEXT:
        raise SourceError(
            f"{setting.label}, text: font {face.font.name!r} makes more than {_MAX_GLYPHS} glyphs of a "
            "character"
        )
    shaped = zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True)
    if face.upright and face.style.combined:
        yield from _combined(run, face.font, list(shaped), scale, raised)
        return
    for info, at in shaped:
        # Along the line and above it: of what stands upright in a column, down and to the right.
        advance, dx, dy = at.x_advance, at.x_offset, at.y_offset
        if column:
            advance, dx, dy = -at.y_advance, -at.y_offset, at.x_offset
        yield Glyph(info.codepoint, info.cluster + before, advance * scale, dx * scale, dy * scale + raised)


def _combined(
    run: _Run, font: LoadedFont, shaped: list[tuple[hb.GlyphInfo, hb.GlyphPosition]], scale: int, raised: int
) -> Iterator[Glyph]:
    """Glyphs side by side across a column, as one cluster of an em: around its middle, both ways."""
    x = -sum(at.x_advance for _, at in shaped) * scale // 2
    baseline = (font.units_per_em + font.ascent - font.descent) * scale // 2
    for number, (info, at) in enumerate(shaped, 1):
        advance = font.units_per_em * scale if number == len(shaped) else 0
        dx, dy = baseline - at.y_offset * scale, x + at.x_offset * scale + raised
        yield Glyph(info.codepoint, run.start, advance, dx, dy)
        x += at.x_advance * scale


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


def _runs(text: str, levels: list[int], faces: list[int]) -> Iterator[_Run]:
    """The text in pieces of one embedding level, script and face, in logical order."""
    start = 0
    kinds = zip(levels, _scripts(text), faces, strict=True)
    for (level, script, face), group in itertools.groupby(kinds):
        end = start + sum(1 for _ in group)
        yield _Run(start, end, level, script, face)
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


def _check_glyphs(styled: Styled, glyphs: list[Glyph], starts: list[int], setting: Setting) -> None:
    text = styled.text
    missing = min((glyph.cluster for glyph in glyphs if glyph.id == 0), default=None)
    if missing is None:
        return
    end = next((start for start in starts if start > missing), len(text))
    face = setting.faces[styled.faces[missing]]
    character = next((one for one in text[missing:end] if not face.font.has(one)), text[missing])
    tried = [repr(font.name) for font in face.style.fonts]
    fonts = f"font {tried[0]} has no" if len(tried) == 1 else f"none of the fonts {', '.join(tried)} has a"
    raise SourceError(
        f"{setting.label}, text: {fonts} glyph for U+{ord(character):04X} "
        f"{unicodedata.name(character, 'without a name')}; choose a font that has it or missing_glyphs 'box'"
    )
