"""Ramps of gradients: the values at evenly spaced places, correctly rounded.

Between two stops the way is first bent by the midpoint m: t becomes t / 2m before it and
1 - (1 - t) / (2 - 2m) behind it. Then the value is, by the smoothness, a mean of two curves: the straight
line, and the cubic of E. Catmull and R. Rom (1974) through the stops, the first and the last repeated:

    p1 + t/2 (p2 - p0 + t (2 p0 - 5 p1 + 4 p2 - p3 + t (3 (p1 - p2) + p3 - p0)))

which between two stops alone is p1 + (p2 - p1) (t/2 + 3/2 t^2 - t^3). Results are clamped to 0..1. What is
interpolated are the coordinates of a space (`numbers/spaces.py`).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_table
from engines.image_core.numbers.spaces import FLOAT, Interpolation, from_space, to_space

__all__ = ["RAMP_BITS", "RAMP_STEPS", "Stops", "ramp"]

RAMP_BITS = 14
RAMP_STEPS = 1 << RAMP_BITS


class Stops(NamedTuple):
    """Where the stops are: ascending offsets, and the midpoints before each."""

    offsets: tuple[float, ...]
    midpoints: tuple[float, ...]


@lru_cache(maxsize=256)
def ramp(
    stops: Stops,
    colors: tuple[tuple[Fraction, ...], ...],
    smoothness: float,
    reverse: bool,
    interpolation: Interpolation = "classic",
    steps: int = RAMP_STEPS,
) -> NDArray[np.uint16]:
    """The values 0..ONE of each channel at 0, 1/steps ... 1: uint16, shape (channels, steps + 1); read-only.

    Where stops share an offset the last one holds from there on.

    Args:
        stops: where they are.
        colors: the channels of each, 0..1; three where the interpolation is not classic.
        smoothness: 0 for straight lines, 1 for the cubic.
        reverse: whether it begins at 1.
        interpolation: the space whose coordinates are interpolated.
        steps: as many as there are.
    """
    way = _Way(stops, steps)

    def coordinates(mp: Any) -> list[list[Any]]:
        """Of each coordinate, its value at every stop."""
        known = [[_number(mp, part) for part in color] for color in colors]
        return list(map(list, zip(*(to_space(mp, interpolation, color) for color in known), strict=True)))

    made = [way.values(np.array(values, np.float64), smoothness) for values in coordinates(FLOAT)]
    curves = from_space(FLOAT, interpolation, made)
    exactly: list[list[Any]] = []

    def exact(channel: int, mp: Any, index: int) -> Any:
        if not exactly:
            exactly.extend(coordinates(mp))
        there = [way.value(mp, index, values, mp.mpf(smoothness)) for values in exactly]
        return from_space(mp, interpolation, there)[channel] * ONE

    tables = [round_table(curve * ONE, partial(exact, channel)) for channel, curve in enumerate(curves)]
    rounded = np.clip(np.stack(tables), 0, ONE).astype(np.uint16)
    rounded = np.ascontiguousarray(rounded[:, ::-1]) if reverse else rounded
    rounded.setflags(write=False)
    return rounded


def _number(mp: Any, part: Fraction) -> Any:
    """A fraction, whose denominator may be beyond what a float64 holds."""
    return float(part) if mp is FLOAT else mp.mpf(part.numerator) / part.denominator


class _Way:
    """For each place of a ramp: the stops around it and how far it is from the one to the other."""

    def __init__(self, stops: Stops, steps: int) -> None:
        self._stops, self._steps = stops, steps
        offsets = np.array(stops.offsets)
        last = len(offsets) - 1
        at = np.arange(steps + 1) / steps
        segment = np.clip(np.searchsorted(offsets, at, side="right") - 1, 0, last - 1)
        self._four = np.maximum(segment - 1, 0), segment, segment + 1, np.minimum(segment + 2, last)
        along = _along(at, offsets[segment], offsets[segment + 1])
        self._bent = _bent(along, np.array(stops.midpoints)[segment + 1])
        self._ends = np.where(at < offsets[0], 0, np.where(at >= offsets[last], last, -1))

    def values(self, known: NDArray[np.float64], smoothness: float) -> NDArray[np.float64]:
        """A coordinate at every place, from its values at the stops."""
        one, two, three, four = (known[stop] for stop in self._four)
        mixed = _mixed(self._bent, (one, two, three, four), smoothness)
        return np.where(self._ends < 0, mixed, known[self._ends])

    def value(self, mp: Any, index: int, known: list[Any], smoothness: Any) -> Any:
        """The same at one place, in the arithmetic of an mpmath context."""
        if self._ends[index] >= 0:
            return known[int(self._ends[index])]
        stops = [int(stop[index]) for stop in self._four]
        start, end = (mp.mpf(self._stops.offsets[stop]) for stop in stops[1:3])
        middle = mp.mpf(self._stops.midpoints[stops[2]])
        part = (mp.mpf(index) / self._steps - start) / (end - start)
        part = part / (2 * middle) if part < middle else 1 - (1 - part) / (2 * (1 - middle))
        one, two, three, four = (known[stop] for stop in stops)
        return _mixed(part, (one, two, three, four), smoothness)


def _along(at: Any, start: Any, end: Any) -> Any:
    """0..1 from one stop to the next; 0 where they share an offset, and nothing lies between them."""
    span = end - start
    with np.errstate(over="ignore"):  # beyond a span of 1e-308 is far beyond it
        return np.clip((at - start) / np.where(span > 0, span, 1), 0, 1)


def _bent(along: Any, middle: Any) -> Any:
    return np.where(along < middle, along / (2 * middle), 1 - (1 - along) / (2 * (1 - middle)))


def _mixed(t: Any, points: tuple[Any, Any, Any, Any], smoothness: Any) -> Any:
    """The mean of the straight line and the cubic, in the arithmetic of its arguments."""
    p0, p1, p2, p3 = points
    cubic = p1 + t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0))) / 2
    straight = p1 + t * (p2 - p1)
    return straight + smoothness * (cubic - straight)
