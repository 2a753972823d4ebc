"""Text along a path: how much of it the path has room for, and where on the path it lies.

Places along the line are distances along the path. A cluster is drawn where the middle of its advance lies,
as SVG 2 has it (section "Text on a path").
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.fitting import Fitted, largest, least_size, pixels, shrinking
from engines.image_core.sources.text.placing import Cluster, Place, PlacedGlyph, PlacedLine, Segment
from engines.image_core.sources.text.rows import Rows
from engines.image_core.sources.text.track import Track

__all__ = ["Anchor", "Pixels", "fitted_along", "parted", "seen"]


class Anchor(NamedTuple):
    """What of a path a text has.

    Attributes:
        track: The path.
        at: The distance that the text is aligned to.
        share: The part of the text that lies before it.
    """

    track: Track
    at: Fraction
    share: Fraction

    @classmethod
    def of(cls, track: Track, start_offset: float | None, share: Fraction) -> Anchor:
        """That of a text; without an offset it has the whole of an open path."""
        part = Fraction(start_offset) if start_offset is not None else 0 if track.closed else share
        return cls(track, track.length * part, share)

    @property
    def room(self) -> Fraction:
        """How long a text may be, in pixels: once around a closed path, else from end to end."""
        length, share = self.track.length, self.share
        if self.track.closed:
            return length
        before = self.at / share if share > 0 else length
        after = (length - self.at) / (1 - share) if share < 1 else length
        return min(before, after)

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """The distances between which text is seen: the path, or the lap of it around the text."""
        start = self.at - self.share * self.track.length if self.track.closed else Fraction(0)
        return start, start + self.track.length


class Pixels(NamedTuple):
    """A line's places in pixels: where it starts, and what a unit of an em and one of spacing are."""

    start: Fraction
    unit: Fraction
    spacing: Fraction

    def at(self, place: Place) -> Fraction:
        """A place in pixels."""
        return self.start + place.units * self.unit + place.gaps * self.spacing

    def middle(self, cluster: Cluster) -> Fraction:
        """That of a cluster's advance."""
        return (self.at(cluster.start) + self.at(cluster.end)) / 2


def fitted_along(layer: TextLayer, rows: Rows, room: Fraction, label: str) -> Fitted:
    """The one row of a text along a path, at the largest size at which the path has room for it where the
    layer shrinks.

    Raises:
        CompositionError: the path has no room for it, and nothing says what is to become of it.
    """
    size: Fraction | None = rows.own_size
    if layer.shrinks:
        size = largest(rows.own_size, least_size(layer), lambda size: _width(rows, size) <= room)
    size, least = (least_size(layer), True) if size is None else (size, False)
    [row] = rows.at(size)
    if rows.width(row, size) <= room:
        return Fitted([row], size, False)
    if layer.overflow == "clip":
        return Fitted([row], size, True)
    if layer.overflow == "ellipsis":
        row = rows.shortened(row, size, room)
        if rows.width(row, size) <= room:
            return Fitted([row], size, True)
        raise CompositionError(f"{label}, ellipsis: the path has no room for it: it has {pixels(room)}")
    if least:
        told = f"{label}, {shrinking(layer)}: the text does not fit the path even at a size of {pixels(size)}"
        raise CompositionError(f"{told}: it takes {pixels(_width(rows, size))}, the path has {pixels(room)}")
    raise CompositionError(
        f"{label}, path: the text takes {pixels(rows.width(row, size))}, the path has {pixels(room)} for it; "
        "choose a smaller size, auto_fit, or overflow clip, ellipsis or shrink"
    )


def _width(rows: Rows, size: Fraction) -> Fraction:
    [row] = rows.at(size)
    return rows.width(row, size)


def seen(
    line: PlacedLine, places: Pixels, span: tuple[Fraction, Fraction]
) -> tuple[PlacedLine, Fraction, Fraction]:
    """A line with those of its clusters whose middles lie in a span of its path, with the distance where it
    starts then, and its width."""
    start, end = span
    kept = [
        (cluster, glyphs)
        for cluster, glyphs in zip(line.clusters, parted(line), strict=True)
        if start <= places.middle(cluster) <= end
    ]
    if not kept:
        return PlacedLine([], [], [], 0), start, Fraction(0)
    origin = kept[0][0].start
    glyphs: list[PlacedGlyph] = []
    clusters: list[Cluster] = []
    segments: list[Segment] = []
    for cluster, own in kept:
        clusters.append(Cluster(len(glyphs), _from(origin, cluster.start), _from(origin, cluster.end)))
        glyphs += [glyph._replace(place=_from(origin, glyph.place)) for glyph in own]
        if not segments or segments[-1].face != own[0].face:
            segments.append(Segment(own[0].face, clusters[-1].start, clusters[-1].end))
        segments[-1] = segments[-1]._replace(end=clusters[-1].end)
    first = places.at(origin)
    return PlacedLine(glyphs, segments, clusters, 0), first, places.at(kept[-1][0].end) - first


def _from(origin: Place, place: Place) -> Place:
    return Place(place.units - origin.units, place.gaps - origin.gaps)


def parted(line: PlacedLine) -> Iterator[Sequence[PlacedGlyph]]:
    """The glyphs of each cluster of a line."""
    firsts = (cluster.first for cluster in line.clusters)
    for first, after in itertools.pairwise((*firsts, len(line.glyphs))):
        yield line.glyphs[first:after]
