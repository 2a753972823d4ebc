"""Boxes along text as outlines: as they are, or bent along the path that the text runs on.

What is bent is cut into quadrangles where the path bends. Neighbours share an edge to the last bit, so that
filled together, non-zero, they show no seam; all of them turn one way, so that none takes away from another
where a path bends more sharply than a box is high.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from engines.image_core.errors import CompositionError
from engines.image_core.numbers.geometry import Affine
from engines.image_core.sources.text.decorating import TextBox
from engines.image_core.sources.text.track import FINER, Frame, Track
from engines.image_core.sources.vector.outline import Outline, OutlineBuilder
from engines.image_core.sources.vector.outline_limits import Point

__all__ = ["Ribbons"]

_ONE = 1 << FINER  # a pixel
_APART = _ONE // 2  # a path that bends again within these is taken as straight
_MAX_PIECES = 200_000  # of a layer: some seconds of work


class Ribbons:
    """Draws the boxes of one layer.

    Args:
        track: What they are bent along, their left and right being distances along it; None where they are
            not.
        affine: From the layer's own coordinates to the parent's.
        label: The layer, for messages.
    """

    def __init__(self, track: Track | None, affine: Affine, label: str) -> None:
        self._track = track
        self._affine = affine
        self._label = label
        self._count = 0

    def outline(self, boxes: Iterable[TextBox], radius: float = 0) -> Outline:
        """Boxes, their corners rounded as far as they have room, as one outline in 26.6 of the parent."""
        track = self._track
        builder = OutlineBuilder(
            self._affine if track is None else self._affine.after_scaling(Fraction(1, _ONE))
        )
        for box in boxes:
            left, top, right, bottom = box
            width, height = right - left, bottom - top
            rounded = min(Fraction(radius), width / 2, height / 2)
            if track is None:
                builder.rounded_rect(left, top, width, height, rounded, rounded)
            else:
                for polygon in self._bent(track, box, rounded):
                    builder.polygon(polygon)
        return builder.outline()

    def around(self, box: TextBox) -> TextBox:
        """The box around what is drawn of a box, in the layer's own pixels."""
        if self._track is None:
            return box
        corners = [corner for piece in self._bent(self._track, box, Fraction(0)) for corner in piece]
        xs, ys = zip(*corners, strict=True)
        return TextBox(*(Fraction(side, _ONE) for side in (min(xs), min(ys), max(xs), max(ys))))

    def _bent(self, track: Track, box: TextBox, radius: Fraction) -> Iterator[list[Point]]:
        """A box in polygons, in 2^-32 pixel of the layer's own."""
        left, top, right, bottom, round_by = (math.floor(length * _ONE) for length in (*box, radius))
        ends = []
        for frame in self._frames(track, left, right, round_by):
            inset = _inset(round_by, min(frame.at - left, right - frame.at))
            ends.append((frame.beside(top + inset), frame.beside(bottom - inset)))
        for (above, below), (next_above, next_below) in itertools.pairwise(ends):
            upper, lower = [above, next_above, next_below], [above, next_below, below]
            if _clockwise(upper) and _clockwise(lower):
                yield [*upper, below]
            else:  # the ends cross each other
                yield from (part if _clockwise(part) else part[::-1] for part in (upper, lower))

    def _frames(self, track: Track, left: int, right: int, radius: int) -> list[Frame]:
        """Where a box is cut across."""
        frames = list(track.frames(left, right, _APART))
        count = math.isqrt(32 * radius // _ONE) + 2 if radius else 1  # corners off by at most 1/64 pixel
        for number in range(1, count):
            along = radius * number * number // (count * count)
            frames += [track.frame(left + along), track.frame(right - along)]
        self._count += len(frames)
        if self._count > _MAX_PIECES:
            raise CompositionError(
                f"{self._label}, path: lines and backgrounds along it have more than {_MAX_PIECES:,} pieces"
            )
        return sorted(frames, key=lambda frame: frame.at)


def _inset(radius: int, along: int) -> int:
    """How far a rounded corner cuts into a box so far from its end, all in the same unit."""
    into = radius - along
    return radius - math.isqrt(radius * radius - into * into) if into > 0 else 0


def _clockwise(triangle: list[Point]) -> bool:
    (ax, ay), (bx, by), (cx, cy) = triangle
    return (bx - ax) * (cy - ay) >= (by - ay) * (cx - ax)
