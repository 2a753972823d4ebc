"""Gradient fills as steps: their line in exact rationals, and their ramp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.fills import ColorStop, GradientFill, OpacityStop
from engines.image_core.composition.tones import GradientMap
from engines.image_core.numbers.geometry import Affine, Rect, sine_cosine
from engines.image_core.numbers.gradients import ANGLE_BITS, PLACE_BITS
from engines.image_core.numbers.ramps import RAMP_STEPS, Stops, ramp
from engines.image_core.numbers.rounding import round_line
from engines.image_core.planning.placement import outward
from engines.image_core.planning.steps import Gradient

__all__ = ["color_ramp", "falloff_ramp", "gradient_step"]

_SUM_BITS = 30
"""A sum of two tables has at most so many, beside its sign."""

_HALF = Fraction(1, 2)
_Point = tuple[Fraction, Fraction]
_Linear = tuple[Fraction, Fraction, Fraction]
"""a, b, c of the value a x + b y + c."""


def gradient_step(
    fill: GradientFill,
    size: tuple[Fraction, Fraction],
    to_parent: Affine,
    area: Rect,
    around: Rect | None = None,
) -> Gradient:
    """The pixels of an area as a gradient fill has them.

    Positions are counted from the first pixel of all that the box may touch, so that neither a move by whole
    pixels nor what is cropped away changes how they round.

    Args:
        fill: the gradient.
        size: the width and height of the painted box, whose top-left corner is at 0, 0.
        to_parent: from the box's coordinates to the parent's pixels.
        area: the parent's pixels wanted.
        around: all pixels that may be wanted of it, where they are not those that the box touches.
    """
    whole = outward(to_parent.bounds(Fraction(0), Fraction(0), *size))
    back = to_parent.inverse()
    along, across = (_seen(back, linear) for linear in _coordinates(fill, size))
    all_of_it = whole if around is None else whole.union(around)
    most = ANGLE_BITS if fill.style == "angle" else PLACE_BITS
    bits = min(most, _bits(max(_reach(along, all_of_it), _reach(across, all_of_it))))
    column_u, row_u = _tables(along, bits, whole, area)
    column_v, row_v = _tables(across, bits, whole, area)
    place = (area.left - whole.left, area.top - whole.top) if fill.dither else (0, 0)
    return Gradient(
        fill.style, bits, column_u, column_v, row_u, row_v, _ramp(fill), fill.dither, *place
    )  # fmt: skip


def _coordinates(fill: GradientFill, size: tuple[Fraction, Fraction]) -> tuple[_Linear, _Linear]:
    """The two coordinates of `numbers/gradients.py` as functions of a point of the box."""
    middle, half = _line(fill, size)
    first = (middle[0] - half[0], middle[1] - half[1]) if fill.style == "linear" else middle
    last = middle[0] + half[0], middle[1] + half[1]
    if fill.snap:
        snapped = [(Fraction(math.floor(x)), Fraction(math.floor(y))) for x, y in (first, last)]
        if snapped[0] != snapped[1]:
            first, last = snapped
        # Where the centre of a pixel is now, its corner was.
        first, last = ((x + _HALF, y + _HALF) for x, y in (first, last))
    dx, dy = last[0] - first[0], last[1] - first[1]
    if fill.style in {"linear", "reflected"}:
        return _projected(first, dx, dy), (Fraction(0),) * 3
    return _projected(first, dx, dy), _projected(first, dy, -dx)


def _line(fill: GradientFill, size: tuple[Fraction, Fraction]) -> tuple[_Point, _Point]:
    """The line's middle, and from there to its end. From edge to edge of the box it would be as long as the
    shorter of width / |cos| and height / |sin|."""
    sine, cosine = sine_cosine(fill.angle)
    lengths = [side / abs(part) for side, part in zip(size, (cosine, sine), strict=True) if part]
    half = min(lengths) * Fraction(fill.scale) / 2
    middle = tuple(side * (_HALF + Fraction(part)) for side, part in zip(size, fill.offset, strict=True))
    return (middle[0], middle[1]), (cosine * half, -sine * half)


def _projected(origin: _Point, dx: Fraction, dy: Fraction) -> _Linear:
    """(p - origin) . d / |d|^2."""
    squared = dx * dx + dy * dy
    return dx / squared, dy / squared, -(origin[0] * dx + origin[1] * dy) / squared


def _seen(back: Affine, linear: _Linear) -> _Linear:
    """A function of a point of the box as one of a point of the parent."""
    a, b, c = linear
    return a * back.xx + b * back.yx, a * back.xy + b * back.yy, a * back.x0 + b * back.y0 + c


def _reach(linear: _Linear, whole: Rect) -> Fraction:
    """The largest absolute value at the corners of an area."""
    a, b, c = linear
    return max(abs(a * x + b * y + c) for x in (whole.left, whole.right) for y in (whole.top, whole.bottom))


def _bits(reach: Fraction) -> int:
    """As many as keep all values in 30 bits."""
    return max(0, _SUM_BITS - 1 - int(reach).bit_length())


def _tables(
    linear: _Linear, bits: int, whole: Rect, area: Rect
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The values at the centres of an area's pixels, as a term for the column and one for the row.

    Each term may be large where the sum is not, so each is taken modulo 2^32. Only of a box a billionth of a
    pixel wide do sums not fit; nothing shows of it.
    """
    a, b, c = (value * (1 << bits) for value in linear)
    offset = a * (whole.left + _HALF) + b * (whole.top + _HALF) + c
    columns = round_line(a, Fraction(0), area.left - whole.left, area.width)
    rows = round_line(b, offset, area.top - whole.top, area.height)
    return columns.astype(np.int32), rows.astype(np.int32)


@lru_cache(maxsize=32)
def _ramp(fill: GradientFill) -> NDArray[np.uint16]:
    """uint16, shape (4, RAMP_STEPS + 1): colour and opacity, each interpolated apart from the other."""
    colors, opacities = color_ramp(fill, RAMP_STEPS), fill.opacity_stops
    if opacities is None:
        stops = _stops(fill.stops)
        known = tuple((Fraction(parse_color(stop.color)[3], 255),) for stop in fill.stops)
    else:
        stops = _stops(opacities)
        known = tuple((Fraction(stop.opacity),) for stop in opacities)
    made = np.concatenate([colors, ramp(stops, known, fill.smoothness, fill.reverse)])
    made.setflags(write=False)
    return made


@lru_cache(maxsize=32)
def falloff_ramp(fill: GradientFill) -> NDArray[np.uint16]:
    """The same by how much there is of a glow: it begins where that is all, and where there is nothing it is
    nothing."""
    made = np.ascontiguousarray(_ramp(fill)[:, ::-1])
    made[3, 0] = 0
    made.setflags(write=False)
    return made


def color_ramp(gradient: GradientFill | GradientMap, steps: int) -> NDArray[np.uint16]:
    """uint16, shape (3, steps + 1): the colours of a gradient from its start to its end."""
    colors = tuple(
        tuple(Fraction(value, 255) for value in parse_color(stop.color)[:3]) for stop in gradient.stops
    )
    stops = _stops(gradient.stops)
    return ramp(stops, colors, gradient.smoothness, gradient.reverse, gradient.interpolation, steps)


def _stops(stops: Sequence[ColorStop | OpacityStop]) -> Stops:
    return Stops(tuple(stop.offset for stop in stops), tuple(stop.midpoint for stop in stops))
