"""Ramps of gradients: the value at each of RAMP_STEPS + 1 places, correctly rounded.

Between two stops the way is first bent by the midpoint m: t becomes t / 2m before it and
1 - (1 - t) / (2 - 2m) behind it. Then the value is, by the smoothness, a mean of two curves: the straight
line, and the cubic of E. Catmull and R. Rom (1974) through the stops, the first and the last repeated:

    p1 + t/2 (p2 - p0 + t (2 p0 - 5 p1 + 4 p2 - p3 + t (3 (p1 - p2) + p3 - p0)))

which between two stops alone is p1 + (p2 - p1) (t/2 + 3/2 t^2 - t^3). Results are clamped to 0..1.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_table

__all__ = ["RAMP_BITS", "RAMP_STEPS", "Track", "ramp"]

RAMP_BITS = 14
RAMP_STEPS = 1 << RAMP_BITS


class Track(NamedTuple):
    """The stops of one channel: ascending offsets, values of 0..1, and the midpoints before each."""

    offsets: tuple[float, ...]
    values: tuple[Fraction, ...]
    midpoints: tuple[float, ...]


@lru_cache(maxsize=256)
def ramp(track: Track, smoothness: float, reverse: bool) -> NDArray[np.uint16]:
    """uint16, shape (RAMP_STEPS + 1,), of values 0..ONE at 0, 1/RAMP_STEPS ... 1; read-only.

    Where stops share an offset the last one holds from there on.
    """
    offsets = np.array(track.offsets)
    values = np.array([float(value) for value in track.values])
    last = len(offsets) - 1
    at = np.arange(RAMP_STEPS + 1) / RAMP_STEPS
    segment = np.clip(np.searchsorted(offsets, at, side="right") - 1, 0, last - 1)
    along = _along(at, offsets[segment], offsets[segment + 1])
    before, behind = np.maximum(segment - 1, 0), np.minimum(segment + 2, last)
    points = values[before], values[segment], values[segment + 1], values[behind]
    bent = _bent(along, np.array(track.midpoints)[segment + 1])
    flat = np.where(at < offsets[0], values[0], values[last])
    outside = (at < offsets[0]) | (at >= offsets[last])
    curve = np.where(outside, flat, _mixed(bent, points, smoothness))

    def exact(mp: Any, index: int) -> Any:
        place = mp.mpf(index) / RAMP_STEPS
        known = [mp.mpf(value.numerator) / value.denominator for value in track.values]
        if outside[index]:
            return (known[0] if at[index] < offsets[0] else known[last]) * ONE
        first = int(segment[index])
        start, end = mp.mpf(track.offsets[first]), mp.mpf(track.offsets[first + 1])
        middle = mp.mpf(track.midpoints[first + 1])
        part = (place - start) / (end - start)
        part = part / (2 * middle) if part < middle else 1 - (1 - part) / (2 * (1 - middle))
        four = (known[before[index]], known[first], known[first + 1], known[behind[index]])
        return _mixed(part, four, mp.mpf(smoothness)) * ONE

    rounded = np.clip(round_table(curve * ONE, exact), 0, ONE).astype(np.uint16)
    made = np.ascontiguousarray(rounded[::-1]) if reverse else rounded
    made.setflags(write=False)
    return made


def _along(at: Any, start: Any, end: Any) -> Any:
    """0..1 from one stop to the next; 0 where they share an offset, and nothing lies between them."""
    span = end - start
    return np.clip((at - start) / np.where(span > 0, span, 1), 0, 1)


def _bent(along: Any, middle: Any) -> Any:
    return np.where(along < middle, along / (2 * middle), 1 - (1 - along) / (2 * (1 - middle)))


def _mixed(t: Any, points: tuple[Any, Any, Any, Any], smoothness: Any) -> Any:
    """The mean of the straight line and the cubic, in the arithmetic of its arguments."""
    p0, p1, p2, p3 = points
    cubic = p1 + t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0))) / 2
    straight = p1 + t * (p2 - p1)
    return straight + smoothness * (cubic - straight)
