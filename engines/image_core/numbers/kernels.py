"""The integer kernels of the plan: blurs and resampling weights.

Every float a user wrote ends here. Tables come out read-only and are the same on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.rounding import round_fraction, round_line, round_table

__all__ = [
    "GAUSSIAN_TOTAL",
    "KEYS_TOTAL",
    "OVERSHOOT",
    "REDUCE_FROM",
    "WIDEST_KERNEL",
    "Kernel",
    "Taps",
    "gaussian_kernel",
    "keys_phases",
    "resampling_taps",
]

GAUSSIAN_TOTAL = 1 << 16
KEYS_TOTAL = 1 << 14

OVERSHOOT = KEYS_TOTAL // 3
"""What the weights below 0 of an output pixel come to at most, less their sign.

It is an eighth of the total between two pixels, 0.135 where a picture is hardly reduced, and 0.26 where what
rounding leaves over of some 20,000 weights goes to one. So one axis brings a value of 0..1 to -1/3..4/3,
which 16 bits hold with a bias, and two bring it to less than 1 + 2/3 + 2/9, which `fixed.divide` takes.
"""

Kernel: TypeAlias = NDArray[np.int32]
"""Shape (radius + 1,): one side of a symmetric kernel, from its centre outwards."""


@lru_cache(maxsize=64)
def gaussian_kernel(sigma: float) -> Kernel:
    """One side of a Gaussian: weights at distance 0, 1, 2, ... to 3 sigma.

    weights[0] + 2 * sum(weights[1:]) == GAUSSIAN_TOTAL; the centre takes what rounding leaves over.
    Trailing zero weights are dropped.
    """
    if sigma < NARROWEST:
        return _one_sided(np.zeros(1, np.int64))
    distance = np.arange(math.ceil(3 * Fraction(sigma)) + 1)

    def exact(mp: Any, index: int) -> Any:
        weights = [mp.exp(-(mp.mpf(i) ** 2) / (2 * mp.mpf(sigma) ** 2)) for i in range(len(distance))]
        return weights[index] / (2 * mp.fsum(weights) - 1) * GAUSSIAN_TOTAL

    curve = np.exp(-(distance.astype(np.float64) ** 2) / (2 * sigma**2))
    curve *= GAUSSIAN_TOTAL / (2 * curve.sum() - 1)
    return _one_sided(np.trim_zeros(round_table(curve, exact), "b"))


REDUCE_FROM = 16.0
"""From this standard deviation on, a blur works on a reduced picture, where it is half of this or more."""

WIDEST_KERNEL = 48
"""Weights of the widest kernel to either side of its centre: three standard deviations, rounded up."""

NARROWEST = 0.125
"""Below this standard deviation a Gaussian's weight at distance 1 rounds to 0 (it is less than 10^-9)."""


def _one_sided(weights: NDArray[np.int64]) -> Kernel:
    """Weights as a kernel, the centre made what the total lacks."""
    kernel = weights.astype(np.int32)
    kernel[0] = GAUSSIAN_TOTAL - 2 * kernel[1:].sum()
    kernel.setflags(write=False)
    return kernel


POSITION_BITS = 16
"""Resampling positions are whole steps of 2^-16 source pixels."""


def _keys_curve(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """The cubic convolution kernel of Keys (1981) with a = -1/2, in 2^-30 steps, exactly rounded down.

    distance: absolute, in 2^-16 steps, at most 2^18.
    """
    x, one = distance, np.int64(1 << POSITION_BITS)
    near = (3 * x - 5 * one) * x * x + 2 * one**3
    far = ((-x + 5 * one) * x - 8 * one**2) * x + 4 * one**3
    return np.where(x < one, near, np.where(x < 2 * one, far, 0)) >> (3 * POSITION_BITS - 29)


def _normalise(curve: NDArray[np.int64], totals: NDArray[np.int64]) -> NDArray[np.int32]:
    """Integer weights in proportion to each row of curve that sum to that row's total.

    Rounded to nearest; what is left over goes to the first of the row's largest.
    """
    sums = curve.sum(axis=1, keepdims=True)
    weights = (2 * curve * totals[:, None] + sums) // (2 * sums)
    rows = np.arange(len(curve))
    weights[rows, weights.argmax(axis=1)] += totals - weights.sum(axis=1)
    rounded: NDArray[np.int32] = weights.astype(np.int32)
    return rounded


@dataclass(frozen=True, eq=False)
class Taps:
    """Resampling along one axis: output i is the sum over k of weights[i, k] * source[start[i] + k].

    Attributes:
        start: int32, shape (n,); every start + k lies inside the source.
        weights: int32, shape (n, taps); a row sums to KEYS_TOTAL times the share of the output pixel that the
            picture covers. Both are read-only.
    """

    tag: ClassVar = "taps"
    start: NDArray[np.int32]
    weights: NDArray[np.int32]

    def __post_init__(self) -> None:
        self.start.setflags(write=False)
        self.weights.setflags(write=False)

    @property
    def first(self) -> int:
        """The first source pixel that is read."""
        return int(self.start.min())

    @property
    def last(self) -> int:
        """The last source pixel that is read."""
        taps: int = self.weights.shape[1]
        return int(self.start.max()) + taps - 1

    def shifted(self, by: int) -> Taps:
        """The same taps of a source whose pixels are counted from elsewhere."""
        return Taps(self.start + np.int32(by), self.weights)

    @property
    def full(self) -> bool:
        """Whether every output pixel is wholly covered."""
        return bool((self.weights.sum(axis=1) == KEYS_TOTAL).all())


@lru_cache(maxsize=64)  # a template's pictures lie where they lay in the last render
def resampling_taps(
    first: int,
    count: int,
    scale: Fraction,
    origin: Fraction,
    size: int,
    edges: tuple[Fraction, Fraction] | None,
) -> Taps:
    """Taps for output pixels first..first+count-1 of an axis.

    Args:
        first, count: the output pixels.
        scale: source pixels per output pixel; negative mirrors.
        origin: the source position of output position 0: s(x) = scale * x + origin.
        size: pixels in the source.
        edges: the picture's extent in output positions, lower and upper. Pixels partly outside get
            proportionally less weight; weights beyond the source are made up for by the rest. None: the
            source lies in endless transparency, and weights beyond it are lost.
    """
    one = 1 << POSITION_BITS
    centers = round_line(scale * one, (origin + scale / 2) * one, first, count)
    stretch = max(Fraction(1), abs(scale))
    reach = round_fraction(2 * stretch * one)
    start = ((centers - reach - one // 2) >> POSITION_BITS) + 1  # the first pixel centre within reach
    length = -(-2 * reach >> POSITION_BITS)
    if edges is not None:  # what lies beyond the source counts for nothing: no need to look at it
        length = min(length, size)
        start = np.clip(start, 0, size - length)
    index = start[:, None] + np.arange(length)
    offsets = np.abs((index << POSITION_BITS) + one // 2 - centers[:, None])
    shrink = round_fraction(one / stretch)
    curve = _keys_curve(np.minimum((offsets * shrink + one // 2) >> POSITION_BITS, 2 * one))
    inside = (index >= 0) & (index < size)
    totals = np.full(count, KEYS_TOTAL, dtype=np.int64)
    if edges is None:
        weights = np.where(inside, _normalise(curve, totals), 0)
    else:
        curve = np.where(inside, curve, 0)
        lost = curve.sum(axis=1) <= 0  # a centre so near the outside that no tap of weight is left
        curve[lost] = (np.clip(centers[lost] >> POSITION_BITS, 0, size - 1)[:, None] == index[lost]).astype(
            np.int64
        )
        weights = _normalise(curve, _covered(first, count, edges))
    return _inside(start, weights, size)


def _covered(first: int, count: int, edges: tuple[Fraction, Fraction]) -> NDArray[np.int64]:
    """How much of each pixel lies between the edges, in KEYS_TOTAL steps."""
    low, high = edges
    shares = np.zeros(count, dtype=np.int64)
    shares[max(0, math.ceil(low) - first) : max(0, math.floor(high) - first)] = KEYS_TOTAL
    for pixel in {math.floor(low), math.floor(high)}:
        if first <= pixel < first + count:
            share = min(high, Fraction(pixel + 1)) - max(low, Fraction(pixel))
            shares[pixel - first] = round_fraction(max(Fraction(0), share) * KEYS_TOTAL)
    return shares


def _inside(start: NDArray[np.int64], weights: NDArray[np.int32], size: int) -> Taps:
    """Shift rows so that every tap indexes the source; taps that lay outside it have weight 0."""
    length = min(weights.shape[1], size)
    moved = np.clip(start, 0, size - length)
    column = (moved - start)[:, None] + np.arange(length)
    known = (column >= 0) & (column < weights.shape[1])
    shifted = np.take_along_axis(weights, np.clip(column, 0, weights.shape[1] - 1), axis=1)
    kept = np.ascontiguousarray(np.where(known, shifted, 0).astype(np.int32))
    assert np.minimum(kept, 0).sum(axis=1).min() >= -OVERSHOOT
    return Taps(moved.astype(np.int32), kept)


PHASES = 256


@lru_cache(maxsize=1)
def keys_phases() -> NDArray[np.int32]:
    """Weights of the four pixels about a position, for each 1/256 step between two pixel centres.

    Returns:
        int32, shape (256, 4), rows summing to KEYS_TOTAL: taps at floor(position) - 1 ... + 2.
    """
    phase = np.arange(PHASES, dtype=np.int64)[:, None] << (POSITION_BITS - 8)
    distance = np.abs((np.arange(-1, 3, dtype=np.int64) << POSITION_BITS) - phase)
    weights = _normalise(_keys_curve(distance), np.full(PHASES, KEYS_TOTAL, dtype=np.int64))
    weights.setflags(write=False)
    return weights
