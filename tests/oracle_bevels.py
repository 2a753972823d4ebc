"""An independent oracle of bevels in float64, by "Layer effects" of docs/PIXEL_RULES.md, and how far out
bevels of whole numbers may be.

Effects and planes are those of `tests/oracle_shapes.py`.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tests.oracle import Floats
from tests.oracle_shapes import Fields, Place, Showing, bent, bent_around, boxed

__all__ = ["BEVELS", "shade_error"]

STEEPEST = 16.0
"""Pixels a pixel."""

SLOPE, STEP = 2.0**-11, 2.0**-15
"""What slopes, roots and all other values are rounded to."""


def _flank(effect: Fields) -> int:
    """How wide it is."""
    size = effect["size"]
    return int((size + 1) // 2 if effect["style"] in {"emboss", "pillow"} else size)


def _depth(effect: Fields) -> float:
    """How many pixels high, for a flank of no width as for one of a pixel."""
    return float(effect["depth"] * max(_flank(effect), 1))


def shade(effect: Fields, alpha: Floats, *, name: str, inside: bool) -> Floats:
    """How much of its highlight or its shadow a bevel shows: the cosine between the normal of the height and
    the light, by what it is more, or less, than where the height is even. Outside a pillow is sunk in."""
    height = bent_around(boxed(alpha, _flank(effect)), effect) * _depth(effect)
    if (effect["direction"] == "down") != (effect["style"] == "pillow" and not inside):
        height = -height
    around = np.pad(height, 1)
    right = (around[1:-1, 2:] - around[1:-1, :-2]) / 2
    down = (around[2:, 1:-1] - around[:-2, 1:-1]) / 2
    right, down = (np.clip(slope, -STEEPEST, STEEPEST) for slope in (right, down))
    turn, rise = math.radians(effect["angle"]), math.radians(effect["altitude"])
    x, y, z = math.cos(turn) * math.cos(rise), -math.sin(turn) * math.cos(rise), math.sin(rise)
    lit = np.clip((z - right * x - down * y) / np.sqrt(right**2 + down**2 + 1), 0, 1)
    lit = boxed(lit, effect["soften"])
    share = (lit - z) / (1 - z) if name == "highlight" else (z - lit) / z
    return bent(np.clip(share, 0, 1), {"contour": effect["gloss_contour"]})


def _shades(*places: tuple[Place, bool]) -> tuple[Showing, ...]:
    """The highlight and above it the shadow, at each place, in the layer or not."""
    return tuple(
        Showing(place, partial(shade, name=name, inside=inside), name)
        for place, inside in places
        for name in ("highlight", "shadow")
    )


BEVELS = {
    "bevel inner": _shades(("inside", True)),
    "bevel outer": _shades(("around", False)),
    "bevel emboss": _shades(("above", False)),
    "bevel pillow": _shades(("inside", True), ("around", False)),
}
"""By style, what bevels show and where; of embossed ones that lies above all, undivided."""


def shade_error(effect: Fields) -> float:
    """By how much the shades of whole numbers are out at most, 0..1: if all that is rounded adds up.

    A mean of means is rounded four times: heights are out by two steps of 2^-15, times how steep the contour
    is, which adds half a step. A slope is half the difference of two heights, times the depth, rounded to
    2^-11. With r the root of the squares of both and 1, the light changes by no more than both do, over
    r. The slopes times the light's direction are rounded to 2^-11 again, over r; and r is rounded down to
    2^-11, which changes the light by as much of itself over r, and that is at most (1 + z) / 2. Shades and
    gloss contours enlarge all this.
    """
    z = math.sin(math.radians(effect["altitude"]))
    height = (2 * _steepness(effect["contour"]) + 0.5) * STEP
    slope = _depth(effect) * height + SLOPE / 2
    lit = math.sqrt(2) * slope + SLOPE / 2 + SLOPE * (1 + z) / 2 + 4 * STEP
    return _steepness(effect["gloss_contour"]) * lit / min(z, 1 - z)


def _steepness(contour: list[list[int]]) -> float:
    """The most by which a contour rises or falls from one 8-bit step to the next, in such steps."""
    curve = bent(np.arange(256.0)[None] / 255, {"contour": contour})
    return float(np.abs(np.diff(curve)).max() * 255)
