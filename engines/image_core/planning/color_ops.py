"""Colour operations: changes of straight colour, pixel by pixel, in integers.

Each is one function of `reference/adjust.py` and one of shaders/adjust/. Numbers are what a caller wrote,
made whole: `units` says how many numbers a device needs for one, in tens.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.huesat import FACTOR_ONE

__all__ = [
    "Channels",
    "ColorOp",
    "Cube",
    "Grey",
    "HueSaturation",
    "Matrix",
    "Mixer",
    "SelectiveColor",
    "Table",
    "Values",
    "Vibrance",
    "table_bytes",
]

Values: TypeAlias = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Table:
    """A curve for all three colour channels: uint16, shape (ONE + 1,)."""

    tag: ClassVar = "table"
    units: ClassVar = 1
    values: Values


@dataclass(frozen=True, eq=False)
class Matrix:
    """A 3 x 3 colour matrix, row by row, in 2^-14 steps; results are clamped to 0..ONE."""

    tag: ClassVar = "matrix"
    units: ClassVar = 1
    weights: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Channels:
    """A curve for each channel. keep_luminosity: what comes out has the luminosity that went in."""

    tag: ClassVar = "channels"
    units: ClassVar = 1
    red: Values
    green: Values
    blue: Values
    keep_luminosity: bool = False


@dataclass(frozen=True, eq=False)
class Mixer:
    """Each channel out of all three and a constant: three rows of four weights in 2^-12 steps; the constant
    counts as a channel of ONE. Results are clamped to 0..ONE."""

    tag: ClassVar = "mixer"
    units: ClassVar = 2
    weights: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Grey:
    """A grey by six weights in 2^-12 steps, of red, yellow, green, cyan, blue and magenta: the smallest
    channel, what the middle one has more by the weight of the two largest together, and what the largest has
    more by its own."""

    tag: ClassVar = "grey"
    units: ClassVar = 1
    weights: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Cube:
    """A colour for each of size^3 places, between which tetrahedra are interpolated: uint16, shape
    (size^3 * 3,), red fastest."""

    tag: ClassVar = "cube"
    units: ClassVar = 1
    size: int
    values: Values


@dataclass(frozen=True, eq=False)
class HueSaturation:
    """Hue, saturation and lightness by the hue that a colour has.

    Attributes:
        lightness: of all colours: -ONE (black) to ONE (white).
        saturation: what the chroma of all colours is multiplied by, in 2^-9 steps.
        ranges: int32, shape (721 * 3,): for each half degree of hue how far it turns (6 ONE for a full
            circle), what its chroma is multiplied by (2^-9 steps), and its lightness, -ONE to ONE.
    """

    tag: ClassVar = "hue-saturation"
    units: ClassVar = 1
    lightness: int
    saturation: int
    ranges: NDArray[np.int32]

    @cached_property
    def turn(self) -> int | None:
        """How far all hues turn alike, -5 ONE ... ONE - 1, where the hue decides nothing else; else None."""
        turn, factor, lift = self.ranges.reshape(-1, 3).T
        if np.any(turn != turn[0]) or np.any(factor != FACTOR_ONE) or np.any(lift):
            return None
        return (int(turn[0]) * 16 + 5 * ONE) % (6 * ONE) - 5 * ONE


@dataclass(frozen=True, eq=False)
class Vibrance:
    """Distances from the luminosity, multiplied by 1 + saturation, and by 1 + vibrance times what a colour
    lacks of full chroma; both in 2^-12 steps."""

    tag: ClassVar = "vibrance"
    units: ClassVar = 1
    vibrance: int
    saturation: int


@dataclass(frozen=True, eq=False)
class SelectiveColor:
    """Inks of nine ranges: reds, yellows, greens, cyans, blues, magentas, whites, neutrals, blacks.

    Attributes:
        amounts: for each range what it adds to red, green and blue, in 2^-13 steps.
        relative: whether an amount is a part of the ink that is there, not of all there may be.
    """

    tag: ClassVar = "selective-color"
    units: ClassVar = 3
    amounts: tuple[int, ...]
    relative: bool = False


ColorOp: TypeAlias = (
    Table | Matrix | Channels | Mixer | Grey | Cube | HueSaturation | Vibrance | SelectiveColor
)
"""A change of straight colour, pixel by pixel."""


def table_bytes(op: ColorOp) -> int:
    """What the tables of an operation take."""
    parts = (getattr(op, field.name) for field in fields(op))
    return sum(part.nbytes for part in parts if isinstance(part, np.ndarray))
