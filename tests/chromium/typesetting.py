"""How each program set a paragraph, in one form: for each piece of text its line and where it begins."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engines.image_core.composition.type import Case
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.faces import Chains
from engines.image_core.sources.text.fitting import fitted
from engines.image_core.sources.text.layout import Layout, Line, lay_out
from engines.image_core.sources.text.rows import Row, Rows
from engines.image_core.sources.text.styling import styled_text
from tests.chromium.browser import Section
from tests.chromium.samples import run_texts

__all__ = ["Piece", "Typeset", "by_chromium", "by_us"]

_SAME_LINE = 2.0  # pixels between baselines: metrics are rounded to whole ones


@dataclass(frozen=True)
class Piece:
    """Some characters that are set as one: which they are in the source's text, their line, and their left
    edge in pixels of the box."""

    first: int
    end: int
    line: int
    left: float


@dataclass(frozen=True)
class Typeset:
    """A paragraph on lines: what is seen of it, and the lines' baselines in pixels from the top."""

    pieces: list[Piece]
    baselines: list[float]
    height: float


def by_us(layer: TextLayer, chains: Chains) -> Typeset:
    """As `lay_out` has it."""
    layout = lay_out(layer, chains, "text")
    rows = fitted(layer, Rows(layer, styled_text(layer, chains, "text"), "text"), "text").rows
    sources, texts = _sources(layer), "".join(run_texts(layer)).split("\n")
    pieces: list[Piece] = []
    start = paragraph = 0
    for number, (row, line) in enumerate(zip(rows, layout.lines, strict=True)):
        if row.opens and number:
            start, paragraph = start + len(texts[paragraph]) + 1, paragraph + 1
        own = row.part.paragraph.text
        shift, most = start, len(own)
        if layout.cut and number == len(rows) - 1:  # it has a text of its own, that ends with an ellipsis
            most = len(own.rstrip("…"))
            shift = "".join(run_texts(layer)).index(own[:most], pieces[-1].end if pieces else 0)
        for first, end, left in _row(row, line, layout):
            piece = Piece(sources[first + shift], sources[end + shift - 1] + 1, number, float(left))
            doubled = bool(pieces) and pieces[-1].first == piece.first  # one of several capitals of a letter
            if end <= most and not doubled:
                pieces.append(piece)
    return Typeset(pieces, [float(line.baseline) for line in layout.lines], float(layout.height))


def by_chromium(section: Section, layer: TextLayer, ours: Typeset) -> Typeset:
    """As Chromium told it, in the pieces that ours has."""
    boxes = [box for run in section.runs for box in run.boxes]
    levels: list[float] = []
    for run, (_, style) in zip(section.runs, layer.styled, strict=True):
        raised = style.baseline_shift * style.size
        levels += [box[1] + run.ascent + raised if box else 0.0 for box in run.boxes]
    baselines = _distinct(level for level, box in zip(levels, boxes, strict=True) if box)
    baselines = baselines[: layer.max_lines]  # those beyond are hidden, and still have boxes
    pieces = []
    for piece in ours.pieces:
        seen = [number for number in range(piece.first, piece.end) if boxes[number]]
        if seen and levels[seen[0]] < baselines[-1] + _SAME_LINE:
            line = _nearest(baselines, levels[seen[0]])
            left = min(box[0] for box in (boxes[number] for number in seen) if box)
            pieces.append(Piece(piece.first, piece.end, line, left))
    return Typeset(pieces, baselines, section.height)


def _distinct(levels: Iterator[float]) -> list[float]:
    found: list[float] = []
    for level in sorted(levels):
        if not found or level - found[-1] > _SAME_LINE:
            found.append(level)
    return found


def _nearest(baselines: Sequence[float], level: float) -> int:
    return min(range(len(baselines)), key=lambda number: abs(baselines[number] - level))


def _row(row: Row, line: Line, layout: Layout) -> Iterator[tuple[int, int, Fraction]]:
    """What is seen on a row: the first character, the end and the left edge of each cluster."""
    paragraph = row.part.paragraph
    glyphs = [glyph for glyph in paragraph.glyphs if row.span.first <= glyph.cluster < row.span.last]
    starts = [*paragraph.starts, len(paragraph.text)]
    together = zip(glyphs, line.glyphs, strict=True)
    for cluster, group in itertools.groupby(together, lambda pair: pair[0].cluster):
        glyph, placed = next(group)
        first, end = starts[cluster], starts[cluster + 1]
        if paragraph.advances[cluster] and not paragraph.text[first:end].isspace():
            units, gaps, stretches = placed.place
            left = (units - glyph.dx) * layout.unit + gaps * layout.spacing + stretches * line.stretch
            yield first, end, line.x + left


def _sources(layer: TextLayer) -> list[int]:
    """For each character that is set, the number of the one it was written as: capitals may be more."""
    found: list[int] = []
    start = 0
    for text, (_, style) in zip(run_texts(layer), layer.styled, strict=True):
        for number, character in enumerate(text, start):
            found += [number] * len(_cased(character, style.case))
        start += len(text)
    return found


def _cased(character: str, case: Case) -> str:
    return character.upper() if case in ("upper", "small-caps") else character
