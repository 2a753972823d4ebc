"""What the float64 oracle of layer effects does with shapes, by "Layer effects" of docs/PIXEL_RULES.md.

As in `tests/oracle.py`, nothing here knows of the library; means are SciPy's. An effect is its fields as a
composition has them, all of them given. A plane is (height, width), 0..1, of the canvas and `AROUND` pixels
on each side, beyond which no effect on the canvas sees.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from tests import oracle_tones
from tests.oracle import Floats

__all__ = [
    "AROUND",
    "NOTHING",
    "Fields",
    "Metric",
    "Place",
    "PlaneOf",
    "Showing",
    "bent",
    "bent_around",
    "boxed",
    "chamfered",
    "grained",
    "grown",
    "moved",
    "shrunk",
    "thresholds",
    "whole",
]

Fields: TypeAlias = dict[str, Any]

Place: TypeAlias = Literal["below", "interior", "inside", "around", "above"]
"""Where a plane lies: below the layer; clipped to it, before it is blended or after; below or above it but
not in it, as strokes do; or above all."""

PlaneOf: TypeAlias = Callable[[Fields, Floats], Floats]
"""The plane of an effect, of the layer's alpha."""


class Showing(NamedTuple):
    """A plane of an effect, and where it lies.

    Attributes:
        paint: the field that has its paint, opacity and mode, where that is not the effect itself.
    """

    place: Place
    plane: PlaneOf
    paint: str = ""


AROUND = 32
"""How far beyond the canvas planes reach."""

NOTHING = 1e-9
"""What sums of floats leave over of nothing is no more."""

Metric: TypeAlias = Callable[[int, int], float]
"""How far away so many pixels down and to the right are."""


def boxed(plane: Floats, size: int) -> Floats:
    """B: a mean over squares, and of that again; squares of an even side lie off to one side and then to the
    other."""
    if size < 2:
        return plane
    around = np.pad(plane, size)
    means = uniform_filter(around, size, mode="constant")
    means = uniform_filter(means, size, mode="constant", origin=0 if size % 2 else -1)
    return np.asarray(means[size:-size, size:-size])


def grown(plane: Floats, radius: float, over: float = 1, metric: Metric = math.hypot) -> Floats:
    """G: the most of radius + value - distance, within 0..over, of all values above 0: all are looked at.
    Over so many pixels it falls from 1 to 0."""
    reach = math.ceil(radius) + 1
    values = np.pad(plane, reach)
    values = np.where(values > 0, values, -np.inf)
    height, width = plane.shape
    most = np.zeros_like(plane)
    for down, right in itertools.product(range(-reach, reach + 1), repeat=2):
        left_over = radius - metric(abs(down), abs(right))
        if left_over > -1:
            top, left = reach + down, reach + right
            most = np.maximum(most, values[top : top + height, left : left + width] + left_over)
    return np.minimum(most / over, 1)


def shrunk(plane: Floats, radius: float, metric: Metric = math.hypot) -> Floats:
    """What is left where the rest has grown."""
    return 1 - grown(1 - plane, radius, metric=metric)


def chamfered(down: int, right: int) -> float:
    """The shortest way there of steps as a king's and a knight's, each as long as the straight line it ends
    at."""
    return _ways(16)[down, right]


@lru_cache
def _ways(size: int) -> dict[tuple[int, int], float]:
    """How far all places of so many rows and columns are from the corner, by E. W. Dijkstra's algorithm."""
    steps = [step for step in itertools.product(range(-2, 3), repeat=2) if sum(map(abs, step)) in {1, 3}]
    steps += itertools.product((-1, 1), repeat=2)
    known: dict[tuple[int, int], float] = {}
    waiting = [(0.0, (0, 0))]
    while waiting:
        away, (down, right) = heapq.heappop(waiting)
        if (down, right) in known or not (0 <= down < size and 0 <= right < size):
            continue
        known[down, right] = away
        for y, x in steps:
            heapq.heappush(waiting, (away + math.hypot(y, x), (down + y, right + x)))
    return known


def whole(length: float) -> int:
    """A length in whole pixels."""
    return math.floor(length + 0.5)


def moved(plane: Floats, right: int, down: int) -> Floats:
    """By whole pixels; 0 comes in from around."""
    height, width = plane.shape
    around = np.pad(plane, [(abs(down), abs(down)), (abs(right), abs(right))])
    top, left = abs(down) - down, abs(right) - right
    return np.asarray(around[top : top + height, left : left + width])


@lru_cache
def thresholds(height: int, width: int) -> Floats:
    """What each position of planes has to be above to be a grain: the hash of "Dissolve", by whole numbers of
    any size that are cut to 32 bits."""
    y, x = np.mgrid[:height, :width].astype(object) - AROUND
    return np.asarray((_hashed(_hashed(y % 2**32) + x) >> 17).astype(np.float64) / 2**15)


def _hashed(values: NDArray[np.object_]) -> NDArray[np.object_]:
    values = values % 2**32
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        values = (values ^ values >> shift) * factor % 2**32
    return np.asarray(values ^ values >> 16)


def grained(plane: Floats, effect: Fields) -> Floats:
    """Partly nothing or all, by the threshold of each position."""
    amount = effect["noise"]
    if amount == 0:
        return plane
    return np.asarray((1 - amount) * plane + amount * (plane > thresholds(*plane.shape)))


def bent(plane: Floats, effect: Fields) -> Floats:
    """By the contour."""
    curve = oracle_tones.curves({"rgb": effect["contour"]})
    return np.asarray(curve(np.stack([plane] * 3, axis=-1))[..., 0])


def bent_around(plane: Floats, effect: Fields) -> Floats:
    """By the contour, which makes nothing of nothing. (What means leave over of nothing is none of it.)"""
    return np.asarray(np.where(plane > NOTHING, bent(plane, effect), 0))
