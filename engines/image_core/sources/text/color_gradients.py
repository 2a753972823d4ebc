"""The gradients of colour glyphs, evaluated at the centres of pixels.

The geometry is that of OpenType 1.9.1, "COLR", "Gradients". A place on a gradient's line is computed in
float64 by sums, products, quotients and square roots alone, a NumPy operation each: IEEE 754 rounds each of
them correctly, so that every machine comes to the same place, which then is rounded to an entry of a ramp.
What those four cannot do, the angle of a sweep, is done by halving it and a short series.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.fixed import Plane
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.sources.text.color_paints import (
    Color,
    ColorStop,
    Extend,
    Gradient,
    LinearLine,
    RadialLine,
    SweepLine,
)

__all__ = ["gradient_planes"]

_STEPS = 1 << 12  # of a ramp: an 8-bit channel changes by a sixteenth of a step from one to the next
_BEFORE = _STEPS + 1  # the ramp's entry for what lies before the first stop
_FAR = 1e6  # places farther out than that are taken for that far: no line is repeated as often
_HALF_TURN = 3.141592653589793  # pi in float64

_Places: TypeAlias = NDArray[np.float64]


def gradient_planes(gradient: Gradient, affine: Affine, region: Rect) -> Plane | None:
    """The gradient's colours over a region of pixels.

    Args:
        gradient: The gradient, in font units.
        affine: From font units, y upwards, to pixels.
        region: The pixels wanted.

    Returns:
        int32, shape (4, region.height, region.width), 0..ONE: straight red, green, blue and alpha, alpha 0
        where the gradient paints nothing. None where it paints nothing at all, as OpenType has it of lines
        without a direction and of repeated lines without a length; so do maps that flatten the plane.
    """
    first, last = gradient.stops[0].offset, gradient.stops[-1].offset
    if affine.xx * affine.yy == affine.xy * affine.yx or (first == last and gradient.extend != "pad"):
        return None
    match gradient.line:
        case LinearLine():
            found = _linear(gradient.line, affine, region)
        case RadialLine():
            found = _radial(gradient.line, affine, region)
        case SweepLine():
            found = _sweep(gradient.line, affine, region)
    if found is None:
        return None
    places, shown = found
    if first == last:  # one stop or several in one place: a colour before it and one from it on
        steps = np.where(places < float(first), _BEFORE, _STEPS)
    else:
        places = (places - float(first)) / float(last - first)
        steps = (_extended(places, gradient.extend) * _STEPS + 0.5).astype(np.int32)
        if gradient.extend == "pad":  # of several stops in the first place, the first is what is before it
            steps[places < 0.0] = _BEFORE
    planes: Plane = _ramp(gradient.stops)[:, np.broadcast_to(steps, (region.height, region.width))]
    if shown is not None:
        planes[3] *= shown
    return planes


def _extended(places: _Places, extend: Extend) -> _Places:
    """Places brought to 0..1."""
    match extend:
        case "pad":
            return np.clip(places, 0.0, 1.0)
        case "repeat":
            near = np.clip(places, -_FAR, _FAR)
            return near - np.floor(near)
    near = np.clip(places, -_FAR, _FAR)
    near = near - 2.0 * np.floor(near / 2.0)
    return np.minimum(near, 2.0 - near)


_Found: TypeAlias = tuple[_Places, NDArray[np.bool_] | None] | None
"""Places on a line and, where not all are, which pixels are painted; None if none are."""


def _linear(line: LinearLine, affine: Affine, region: Rect) -> _Found:
    (x0, y0), (x1, y1), (x2, y2) = line.start, line.end, line.turned
    nx, ny = y2 - y0, x0 - x2  # across the direction of equal colours
    whole = (x1 - x0) * nx + (y1 - y0) * ny
    if not whole:
        return None
    back = affine.inverse()
    return _plane(
        (back.xx * nx + back.yx * ny) / whole,
        (back.xy * nx + back.yy * ny) / whole,
        ((back.x0 - x0) * nx + (back.y0 - y0) * ny) / whole,
        region,
    ), None


def _radial(line: RadialLine, affine: Affine, region: Rect) -> _Found:
    """The greatest t for which the circle at t goes through the pixel and has no radius below 0.

    With the pixel p, the centres' distance d and the radii's difference e, all from the first circle's
    centre and radius r, |p - t d| = r + t e becomes a t^2 - 2 b t + c = 0.
    """
    (x0, y0), (x1, y1), r, e = line.start, line.end, line.start_radius, line.end_radius - line.start_radius
    dx, dy = x1 - x0, y1 - y0
    if not dx and not dy and not e:
        return None
    x, y = _offsets(affine, (x0, y0), region)
    a = float(dx * dx + dy * dy - e * e)
    b = x * float(dx) + y * float(dy) + float(r * e)
    c = x * x + y * y - float(r * r)
    if a == 0.0:
        flat = b == 0.0
        t = c / (2.0 * np.where(flat, 1.0, b))
        return t, ~flat & (float(r) + t * float(e) >= 0.0)
    inside = b * b - a * c
    root = np.sqrt(np.maximum(inside, 0.0))
    larger, smaller = ((b + root) / a, (b - root) / a) if a > 0.0 else ((b - root) / a, (b + root) / a)
    grown = float(r) + larger * float(e) >= 0.0
    t = np.where(grown, larger, smaller)
    return t, (inside >= 0.0) & (grown | (float(r) + smaller * float(e) >= 0.0))


def _sweep(line: SweepLine, affine: Affine, region: Rect) -> _Found:
    x, y = _offsets(affine, line.center, region)
    angles = _angles(x, y) - float(line.start)
    if line.start == line.end:  # all at once, there
        return np.where(angles < 0.0, -1.0, 2.0), None
    return angles / float(line.end - line.start), None


def _angles(x: _Places, y: _Places) -> _Places:
    """The angle of (x, y), counter-clockwise, in half turns from 0 up to 2; to about 2^-30.

    Of the ratio of the smaller side to the larger the angle is halved twice, tan(a / 2) = t / (1 + sqrt(1 +
    t^2)); what is left is below 0.2, where the series of the arctangent is short.
    """
    across, up = np.abs(x), np.abs(y)
    larger, smaller = np.maximum(across, up), np.minimum(across, up)
    ratio = smaller / np.where(larger == 0.0, 1.0, larger)
    for _ in range(2):
        ratio = ratio / (1.0 + np.sqrt(1.0 + ratio * ratio))
    square = ratio * ratio
    series = 1.0 / 9.0 - square * (1.0 / 11.0)
    for divisor in (7.0, 5.0, 3.0, 1.0):
        series = 1.0 / divisor - square * series
    angle = ratio * series * (4.0 / _HALF_TURN)
    angle = np.where(up > across, 0.5 - angle, angle)
    angle = np.where(x < 0.0, 1.0 - angle, angle)
    return np.where(y < 0.0, 2.0 - angle, angle)


def _offsets(affine: Affine, origin: tuple[Fraction, Fraction], region: Rect) -> tuple[_Places, _Places]:
    """How far each pixel's centre lies from a point, in font units."""
    back = affine.inverse()
    return (
        _plane(back.xx, back.xy, back.x0 - origin[0], region),
        _plane(back.yx, back.yy, back.y0 - origin[1], region),
    )


def _plane(a: Fraction, b: Fraction, c: Fraction, region: Rect) -> _Places:
    """a x + b y + c at the pixels' centres; a shape that broadcasts to the region's.

    The constant at the region's corner is exact before it is rounded: far from the origin nothing is lost.
    """
    corner = a * (region.left + Fraction(1, 2)) + b * (region.top + Fraction(1, 2)) + c
    columns = np.arange(region.width) * float(a)
    rows = np.arange(region.height) * float(b) + float(corner)
    return columns[None, :] + rows[:, None]


@lru_cache(maxsize=256)
def _ramp(stops: tuple[ColorStop, ...]) -> Plane:
    """int32, shape (4, _STEPS + 2): the straight colours from the first stop to the last, and the first's."""
    first, span = stops[0].offset, stops[-1].offset - stops[0].offset
    ramp = np.empty((4, _STEPS + 2), np.int32)
    ramp[:] = np.array(_straight(stops[0].color))[:, None]
    for one, two in itertools.pairwise(stops):
        if one.offset == two.offset:
            continue
        start, end = (int((stop.offset - first) / span * _STEPS + Fraction(1, 2)) for stop in (one, two))
        ramp[:, start:end] = _between(one.color, two.color, end - start)
    ramp[:, _STEPS] = _straight(stops[-1].color)
    ramp.setflags(write=False)
    return ramp


def _straight(color: Color) -> list[int]:
    """15-bit red, green, blue and alpha."""
    return [*((value * 257 + 1) >> 1 for value in color[:3]), color[3]]


def _between(one: Color, two: Color, steps: int) -> NDArray[np.int64]:
    """int64, shape (4, steps): straight colours on the way, each channel by itself, as browsers have it."""
    ahead = np.arange(steps, dtype=np.int64)
    near, far = (np.array(_straight(color), np.int64)[:, None] for color in (one, two))
    colors: NDArray[np.int64] = (2 * (near * (steps - ahead) + far * ahead) + steps) // (2 * max(steps, 1))
    return colors
