"""Strokes along the outlines of layers: as coverage, by exact area."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.strokes import StrokeEffect
from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.effect_planes import stroke_radius, stroke_reach
from engines.image_core.planning.placement import check_size
from engines.image_core.runtime.limits import Clock
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.source import Source
from engines.image_core.sources.vector.outline import FREETYPE_VERSION, Outline, fill_coverage
from engines.image_core.sources.vector.outline_limits import nearer
from engines.image_core.sources.vector.stroking import EXTRA_BITS, Ring, polygons, rounded, stroke_rings
from engines.image_core.sources.vector.uniting import BITS, united

__all__ = ["stroked"]

_ONE = 64 << EXTRA_BITS
_FINER = 16 - BITS
"""From the grid of `united` to 2^-16 pixel, in which lines are stroked."""


def stroked(
    outlines: Source[list[Outline]], effect: StrokeEffect, area: Rect, label: str, clock: Clock
) -> Source[DecodedMask]:
    """A stroke along the border of all that outlines fill; a stroke outside comes with what it goes round.

    What lies within, where glyphs or shapes overlap, has no stroke.

    Args:
        outlines: in 26.6 of the parent's pixels.
        effect: the stroke.
        area: the parent's pixels that are wanted.
        label: how errors name the effect.
        clock: called at each step; what it raises ends the work.

    Raises:
        SourceError: the stroke has too many points, or the outlines meet in too many places.
        TooLargeError: so much of it is seen that it would have too many pixels.
    """
    drawn = effect.model_dump(mode="json", include={"size", "position", "join", "miter_limit"})
    key = content_hash("outlined", [outlines.key, drawn, *vars(area).values()], FREETYPE_VERSION)

    def make() -> DecodedMask:
        try:
            return _mask(outlines.make(), effect, area, key, clock)
        except SourceError as error:
            raise SourceError(f"{label}: {error}") from error

    return Source(key, make)


def _mask(
    outlines: Sequence[Outline], effect: StrokeEffect, area: Rect, key: str, clock: Clock
) -> DecodedMask:
    radius = round_fraction(stroke_radius(effect) * _ONE)
    reach = stroke_reach(effect)
    around = _within_reach(outlines, area, reach)
    if around.empty:
        return _nothing(key, area)
    check_size(around)
    rings = _border([_local(outline, around) for outline in outlines], radius, clock) if radius else []
    seen = [ring for ring in rings if _meets(ring, around)]
    limit, outside = Fraction(effect.miter_limit), effect.position == "outside"
    filled = rounded(stroke_rings(seen, radius, effect.join, limit, clock, outside=outside))
    place = filled.bounds().intersect(area.shift(-around.left, -around.top))
    if place.empty:
        return _nothing(key, area)
    check_size(place)
    coverage = fill_coverage(filled, place)
    coverage.setflags(write=False)
    return DecodedMask(coverage, key, around.left + place.left, around.top + place.top)


def _within_reach(outlines: Sequence[Outline], area: Rect, reach: int) -> Rect:
    """The pixels in which the outlines matter to a stroke: an area may be far larger than they are."""
    touched = reduce(Rect.union, (outline.bounds() for outline in outlines), Rect(0, 0, 0, 0))
    return area.expand(reach).intersect(touched.expand(reach))


def _nothing(key: str, area: Rect) -> DecodedMask:
    return DecodedMask(np.zeros((1, 1), np.uint8), key, area.left, area.top)


def _local(outline: Outline, around: Rect) -> Outline:
    """An outline from the corner of an area on, without what lies too far from it to be seen there."""
    return nearer(outline.translate(-64 * around.left, -64 * around.top), around.width, around.height)


def _border(outlines: Sequence[Outline], radius: int, clock: Clock) -> list[Ring]:
    """The border of all that outlines fill, each by the non-zero rule; this lies to the right."""
    shapes = [united([_on_grid(ring) for ring in polygons(one, radius, clock)], clock) for one in outlines]
    rings = shapes[0] if len(shapes) == 1 else united([ring for shape in shapes for ring in shape], clock)
    return [[(x << _FINER, y << _FINER) for x, y in ring[::-1].tolist()] for ring in rings]


def _on_grid(ring: Ring) -> NDArray[np.int64]:
    """A polygon in the units of `united`."""
    return (np.array(ring, np.int64) + (1 << (_FINER - 1))) >> _FINER


def _meets(ring: Ring, around: Rect) -> bool:
    """Whether a polygon has something of an area, from whose corner on it lies."""
    across, down = zip(*ring, strict=True)
    wide, tall = around.width * _ONE, around.height * _ONE
    return bool(min(across) < wide and max(across) > 0 and min(down) < tall and max(down) > 0)
