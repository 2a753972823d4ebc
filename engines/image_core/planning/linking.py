"""Masks that are linked to their layer: planes brought to where its transform places them."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.kernels import Taps, resampling_taps
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.placement import (
    SMALLEST,
    Placed,
    check_size,
    place_image,
    reductions,
    warped,
)
from engines.image_core.planning.steps import MaskRaster, Resample

__all__ = ["place_endless", "place_linked"]


def place_linked(source: Placed, to_parent: Affine, need: Rect) -> Placed:
    """A plane where a map from its own space brings it, as pictures are placed; around it lies 0.

    Args:
        source: the plane where it lies in its own space.
        to_parent: from that space to the parent's pixels.
        need: the parent's pixels that are wanted; what lies outside may be left out.

    Raises:
        TooLargeError: it covers more pixels than a step may have.
    """
    left, top, right, bottom = map(Fraction, vars(source.area).values())
    placed = place_image(source, to_parent, (left, top, right, bottom), need)
    return placed or Placed(_nothing(), need.left, need.top)


def place_endless(source: Placed, to_parent: Affine, need: Rect) -> Placed:
    """The same of a plane that goes on without an end as it is at its border, in all that is wanted.

    So a mask that shows all of its layer leaves the layer's soft edges as they are.
    """
    if to_parent.whole_move is not None:
        x, y = to_parent.whole_move
        if source.area.shift(x, y).union(need) == source.area.shift(x, y):
            return Placed(source.image, source.left + x, source.top + y)
    if min(reductions(to_parent)) < SMALLEST:
        return Placed(_nothing(), need.left, need.top)
    check_size(need)
    if to_parent.xy == to_parent.yx == 0:
        return _resampled(source, to_parent, need)
    placed = warped(lambda shrunk, seen: place_endless(source, shrunk, seen), to_parent, need)
    assert placed is not None  # it is everywhere
    return placed


def _resampled(source: Placed, to_parent: Affine, need: Rect) -> Placed:
    xx, yy, x0, y0 = to_parent.xx, to_parent.yy, to_parent.x0, to_parent.y0
    rows = _endless_taps(need.top, need.height, 1 / yy, -y0 / yy - source.top, source.image.height)
    columns = _endless_taps(need.left, need.width, 1 / xx, -x0 / xx - source.left, source.image.width)
    return Placed(Resample(source.image, rows, columns), need.left, need.top)


def _endless_taps(first: int, count: int, scale: Fraction, origin: Fraction, size: int) -> Taps:
    """Taps of `resampling_taps` that go on: an output pixel whose centre lies beyond the source is as the
    nearest one whose centre does not, or where there is none as the one that the source lies in."""
    low, high = sorted((-origin / scale, (size - origin) / scale))
    half = Fraction(1, 2)
    start, stop = math.ceil(low - half), math.floor(high + half)
    if start >= stop:
        start = math.floor((low + high) / 2)
        stop = start + 1
    nearest = np.clip(np.arange(first, first + count), start, stop - 1)
    begin = int(nearest[0])
    covered = int(nearest[-1]) - begin + 1
    taps = resampling_taps(begin, covered, scale, origin, size, (Fraction(start), Fraction(stop)))
    return Taps(taps.start[nearest - begin], taps.weights[nearest - begin])


@lru_cache(maxsize=1)
def _nothing() -> MaskRaster:
    """A plane of one pixel that hides."""
    values = np.zeros((1, 1), np.uint8)
    values.setflags(write=False)
    return MaskRaster(DecodedMask(values, "nothing"))
