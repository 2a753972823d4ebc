"""Boxes along text as outlines: as they are, or bent along the path that the text runs on.

What is bent is cut into quadrangles where the path bends. Neighbours share an edge to the last bit, so that
filled together, non-zero, they show no seam; all of them turn one way, so that none takes away from another
where a path bends more sharply than a box is high.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

from engines.image_core.errors import CompositionError
from engines.image_core.numbers.geometry import Affine
from engines.image_core.sources.text.decorating import TextBox
from engines.image_core.sources.text.track import Track
from engines.image_core.sources.vector.outline import OutlineBuilder

__all__ = ["Ribbons"]

_APART = Fraction(1, 2)  # pixels: a path that bends again within these is taken as straight
_MAX_PIECES = 500_000  # of a layer: ten seconds of work

_Corners = list[tuple[Fraction, Fraction]]


class Ribbons:
    """Draws the boxes of one layer.

    track: What they are bent along, their left and right being distances along it; None where they are not.
    """

    def __init__(self, track: Track | None, label: str) -> None:
        self._track = track
        self._label = label
        self._count = 0

    def draw(self, builder: OutlineBuilder, box: TextBox, radius: float = 0) -> None:
        """Draw a box, its corners rounded as far as it has room."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        round_by = min(Fraction(radius), width / 2, height / 2)
        if self._track is None:
            builder.rounded_rect(left, top, width, height, round_by, round_by)
            return
        for corners in self._bent(self._track, box, round_by):
            builder.polygon(corners)

    def around(self, box: TextBox) -> TextBox:
        """The box around what is drawn of a box, in the layer's own pixels."""
        if self._track is None:
            return box
        corners = [corner for piece in self._bent(self._track, box, Fraction(0)) for corner in piece]
        xs, ys = zip(*corners, strict=True)
        return TextBox(min(xs), min(ys), max(xs), max(ys))

    def _bent(self, track: Track, box: TextBox, radius: Fraction) -> Iterator[_Corners]:
        columns = list(self._columns(track, box, radius))
        ends = [
            (affine.apply(at, box.top + inset), affine.apply(at, box.bottom - inset))
            for at, affine, inset in ((at, affine, _inset(box, radius, at)) for at, affine in columns)
        ]
        for (top, bottom), (next_top, next_bottom) in itertools.pairwise(ends):
            corners = [top, next_top, next_bottom, bottom]
            yield corners if _clockwise(corners) else corners[::-1]

    def _columns(self, track: Track, box: TextBox, radius: Fraction) -> list[tuple[Fraction, Affine]]:
        """Where a box is cut across, and how it is turned there."""
        columns = list(track.bends(box.left, box.right, _APART))
        count = math.isqrt(32 * math.ceil(radius)) + 1 if radius else 1  # off by no more than 1/64 pixel
        for number in range(1, count):
            along = radius * number * number / (count * count)
            columns += [(at, track.turned(at)) for at in (box.left + along, box.right - along)]
        self._count += len(columns)
        if self._count > _MAX_PIECES:
            raise CompositionError(
                f"{self._label}, path: lines and backgrounds along it have more than {_MAX_PIECES:,} pieces"
            )
        return sorted(columns, key=lambda column: column[0])


def _inset(box: TextBox, radius: Fraction, at: Fraction) -> Fraction:
    """How far rounded corners cut into a box at a place along it, to 2^-16 pixel."""
    into = radius - min(at - box.left, box.right - at)
    if into <= 0:
        return Fraction(0)
    return radius - Fraction(math.isqrt(int((radius * radius - into * into) * (1 << 32))), 1 << 16)


def _clockwise(corners: _Corners) -> bool:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return (cx - ax) * (dy - by) - (cy - ay) * (dx - bx) >= 0
