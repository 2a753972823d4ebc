"""Where the glyphs of a line lie: a pen that runs over them from left to right.

A place along a line is told in three whole numbers: units of an em, units of spacing, and how many of the
gaps were passed that a justified line stretches. None of them depends on the size.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from engines.image_core.sources.text.breaking import Measured, Span
from engines.image_core.sources.text.shaping import Glyph

__all__ = ["Cluster", "Place", "PlacedGlyph", "PlacedLine", "Segment", "placed"]


class Place(NamedTuple):
    """A place along a line, from its start at the left."""

    units: int
    gaps: int
    stretches: int = 0


class PlacedGlyph(NamedTuple):
    """A glyph at a place of its line, raised by y units, in the face of this number."""

    id: int
    place: Place
    y: int
    face: int = 0


class Segment(NamedTuple):
    """A stretch of neighbouring glyphs in one face."""

    face: int
    start: Place
    end: Place


class Cluster(NamedTuple):
    """Where the advance of a cluster begins and ends, and the index of the first of its line's glyphs that is
    of it."""

    first: int
    start: Place
    end: Place


class PlacedLine(NamedTuple):
    """The glyphs of a line in visual order, the segments and, where they were asked for, the clusters they
    make up, and the gaps that can be stretched."""

    glyphs: list[PlacedGlyph]
    segments: list[Segment]
    clusters: list[Cluster]
    stretches: int


def placed(
    measured: Measured, spans: Sequence[Span], *, stretched: bool = False, clustered: bool = False
) -> list[PlacedLine]:
    """The lines of a paragraph.

    Args:
        measured: The paragraph.
        spans: Its lines.
        stretched: Count the gaps that a justified line stretches.
        clustered: Tell the clusters.
    """
    paragraph = measured.paragraph
    line_of: list[int | None] = [None] * len(paragraph.starts)
    for number, span in enumerate(spans):
        line_of[span.first : span.last] = [number] * (span.last - span.first)
    glyphs: list[list[Glyph]] = [[] for _ in spans]
    for glyph in paragraph.glyphs:
        line = line_of[glyph.cluster]
        if line is not None:
            if spans[line].hyphen and glyph.cluster == spans[line].last - 1:
                hyphen = measured.hyphen(spans[line])
                glyph = hyphen._replace(cluster=glyph.cluster) if hyphen else glyph
            glyphs[line].append(glyph)
    lines = zip(spans, glyphs, strict=True)
    return [_placed(measured, span, line, stretched=stretched, clustered=clustered) for span, line in lines]


def _placed(
    measured: Measured, span: Span, glyphs: list[Glyph], *, stretched: bool, clustered: bool
) -> PlacedLine:
    gaps, spaces = _gaps(measured, span, glyphs), measured.spaces
    stretchable = measured.stretchable(span) if stretched else frozenset()
    x, spacing, stretches = 0, 0, 0
    line: list[PlacedGlyph] = []
    segments: list[Segment] = []
    clusters: list[Cluster] = []
    last, face, end = -1, -1, Place(0, 0)
    for glyph in glyphs:
        if glyph.cluster != last:
            if last >= 0:
                spacing += spaces[last]
                stretches += last in stretchable
            last = glyph.cluster
            if glyph.face != face or clustered:
                end = Place(x, spacing, stretches)
            spacing += gaps.pop(last, 0)
            if clustered:
                begin = Place(x, spacing, stretches)
                clusters.append(Cluster(len(line), begin, begin))
        if glyph.face != face:
            if segments:
                segments[-1] = segments[-1]._replace(end=end)
            face, start = glyph.face, Place(x, spacing, stretches)
            segments.append(Segment(face, start, start))
        line.append(PlacedGlyph(glyph.id, Place(x + glyph.dx, spacing, stretches), glyph.dy, face))
        x += glyph.advance
        if clustered:
            clusters[-1] = clusters[-1]._replace(end=Place(x, spacing, stretches))
    if segments:
        spacing += spaces[last]
        segments[-1] = segments[-1]._replace(end=Place(x, spacing, stretches))
    return PlacedLine(line, segments, clusters, stretches)


def _gaps(measured: Measured, span: Span, glyphs: list[Glyph]) -> dict[int, int]:
    """For each cluster of a line, the letter spacing to its left.

    Two neighbours that are neighbours in the text too have the gap of the later one between them. Where a
    change of direction has put others side by side, they share what is left in order.
    """
    if not measured.spaced:
        return {}
    paragraph = measured.paragraph
    advances = {glyph.cluster: paragraph.advances[glyph.cluster] or glyph.advance for glyph in glyphs}
    order = [cluster for cluster, advance in advances.items() if advance]
    logical = sorted(order)
    before = dict(zip(logical[1:], logical, strict=False))
    weights = {cluster: measured.gaps_before[cluster] for cluster in logical[1:]}
    if span.hyphen and span.last - 1 in weights:
        weights[span.last - 1] = measured.hyphen_gap(span)
    found: dict[int, int] = {}
    apart: list[int] = []
    for left, right in itertools.pairwise(order):
        first, second = sorted((left, right))
        if before[second] == first:
            found[right] = weights.pop(second)
        else:
            apart.append(right)
    found.update(zip(apart, weights.values(), strict=True))
    return found
