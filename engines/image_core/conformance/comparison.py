"""Two pictures compared byte by byte: how many pixels differ, by how much, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import SourceError

__all__ = ["CHANNELS", "Comparison", "compare", "differences"]

CHANNELS = ("red", "green", "blue", "alpha")


@dataclass(frozen=True)
class Comparison:
    """What two pictures of one size do not have in common; the box and the first are None when all is equal.

    Attributes:
        pixels: how many pixels the picture has.
        different: how many of them differ in any channel, colour under alpha 0 included.
        largest: the largest absolute difference of red, green, blue and alpha, 0..255.
        mean: the mean absolute difference of all samples, 0..255.
        box: left, top, width and height of what differs, in pixels.
        first: x, y of the first pixel that differs, row by row from the top.
        expected, actual: that pixel's red, green, blue and alpha in both.
    """

    pixels: int
    different: int
    largest: tuple[int, ...]
    mean: float
    box: tuple[int, int, int, int] | None = None
    first: tuple[int, int] | None = None
    expected: tuple[int, ...] = ()
    actual: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.box is None or self.first is None:
            return f"all {self.pixels:,} pixels are equal"
        left, top, width, height = self.box
        channels = ", ".join(f"{name} {step}" for name, step in zip(CHANNELS, self.largest, strict=True))
        return (
            f"{self.different:,} of {self.pixels:,} pixels differ by up to {max(self.largest)} ({channels}; "
            f"mean {self.mean:.3g}), within {width} x {height} at ({left}, {top}), first at {self.first}: "
            f"expected {list(self.expected)}, actual {list(self.actual)}"
        )


def compare(expected: NDArray[np.uint8], actual: NDArray[np.uint8]) -> Comparison:
    """Compare two pictures, each uint8 (height, width, 4).

    Raises:
        SourceError: their sizes differ.
    """
    if expected.shape != actual.shape:
        sizes = [f"{picture.shape[1]} x {picture.shape[0]}" for picture in (expected, actual)]
        raise SourceError(f"their sizes differ: expected {sizes[0]}, actual {sizes[1]}")
    steps = differences(expected, actual)
    differs = np.asarray(steps.any(axis=2))
    summary = Comparison(
        pixels=differs.size,
        different=int(np.count_nonzero(differs)),
        largest=tuple(int(step) for step in steps.max(axis=(0, 1))),
        mean=float(steps.mean()),
    )
    if not summary.different:
        return summary
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    left, top = int(columns[0]), int(rows[0])
    first = int(differs[top].argmax()), top
    return Comparison(
        summary.pixels,
        summary.different,
        summary.largest,
        summary.mean,
        box=(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top),
        first=first,
        expected=tuple(int(value) for value in expected[first[1], first[0]]),
        actual=tuple(int(value) for value in actual[first[1], first[0]]),
    )


def differences(expected: NDArray[np.uint8], actual: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The absolute difference of each sample, in the pictures' own shape."""
    return np.maximum(expected, actual) - np.minimum(expected, actual)
