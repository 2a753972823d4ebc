"""Paints evaluated in integers: solid colours, linear and radial gradients, gradient fills, patterns.

Of linear and radial gradients there is a ramp of 65537 colours, made once from exact rationals, and an
integer position in it for every pixel. Colours between two stops are interpolated premultiplied in sRGB, as
CSS Images Level 4 section 3.5 defines it, so that a stop of alpha 0 lends its neighbour no colour. Gradient
fills are the plan's step `Gradient`, evaluated here: see `numbers/gradients.py`. `patterns.py` has patterns.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.composition.shapes import GradientStop, LinearGradient, Paint, RadialGradient
from engines.image_core.numbers.fixed import ONE, Plane, mul, to8, to15
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.gradients import gradient_values
from engines.image_core.planning.gradients import gradient_step
from engines.image_core.sources.patterns import PatternPictures, PatternPixels

__all__ = ["Frame", "Painting", "box_affine", "paint_alone", "paint_planes", "painting"]

_RAMP_BITS = 16
_STEPS = 1 << _RAMP_BITS
_BITS = 24  # fractional bits of a pixel's position; the sum of two squares of up to 2.0 is exact in float64
_LIMIT = 2 << _BITS


class Frame(NamedTuple):
    """What gradient fills and patterns need to know of a painted box: its sides in the layer's own
    coordinates, and all pixels that may be wanted, whatever is cropped away."""

    width: Fraction
    height: Fraction
    around: Rect


Painting: TypeAlias = str | LinearGradient | RadialGradient | GradientFill | PatternPixels
"""A paint with all that decides its pixels."""


def painting(paint: Paint, box: Affine, frame: Frame, area: Rect, pictures: PatternPictures) -> Painting:
    """A paint with the picture of its pattern.

    Args:
        paint: The paint.
        box, frame: As for `paint_planes`; a pattern begins at the box's corner, in pixels of its sides.
        area: All pixels that may be wanted.
        pictures: With that of the pattern.
    """
    if not isinstance(paint, PatternFill):
        return paint
    return PatternPixels(paint, pictures[paint.source], _of_sides(box, frame), area)


_SQUARE = Frame(Fraction(1), Fraction(1), Rect(0, 0, 0, 0))


def paint_alone(
    paint: Painting, box: Affine, region: Rect, coverage: NDArray[np.uint8], frame: Frame = _SQUARE
) -> NDArray[np.uint8]:
    """The paint through a coverage, over nothing: what compositing `paint_planes` comes to there.

    Over nothing the colour of the source stays as it is, so whole pixels are looked up in a ramp of RGBA8.

    Args:
        paint, box, region, frame: as for `paint_planes`.
        coverage: uint8, shape (region.height, region.width).

    Returns:
        uint8, shape (region.height, region.width, 4), straight RGBA; what is invisible is 0, 0, 0, 0.
    """
    if isinstance(paint, str):
        pixels = _through(to15(np.array(parse_color(paint), np.uint8))[:, None], np.arange(256)).take(
            coverage
        )
    elif isinstance(paint, GradientFill | PatternPixels):
        planes = paint_planes(paint, box, region, frame)
        pixels = _through(planes.reshape(4, -1), coverage.ravel())
    else:
        along = _positions(paint, box, region)
        # Of a gradient that runs along an axis there is one row or one column: looked up once.
        pixels = np.broadcast_to(_packed_ramp(paint.stops)[along], coverage.shape).copy()
        part = coverage < 255
        if part.any():
            places = np.broadcast_to(along, coverage.shape)[part]
            pixels[part] = _through(_ramp(paint.stops)[:, places], coverage[part])
    return pixels.view(np.uint8).reshape(*coverage.shape, 4)


def paint_planes(paint: Painting, box: Affine, region: Rect, frame: Frame = _SQUARE) -> Plane:
    """The paint over a region of pixels.

    Args:
        paint: A colour, a gradient or a pattern.
        box: From fractions of the painted box (0..1 each way) to pixels; it must be invertible.
        region: The pixels wanted.
        frame: The box's own sides, for gradient fills.

    Returns:
        int32, shape (4, region.height, region.width), 0..ONE: straight red, green, blue and alpha; for a
        solid colour a read-only view of four numbers.
    """
    if isinstance(paint, str):
        color = to15(np.array(parse_color(paint), np.uint8))
        return np.broadcast_to(color[:, None, None], (4, region.height, region.width))
    if isinstance(paint, GradientFill):
        return _filled(paint, box, region, frame)
    if isinstance(paint, PatternPixels):
        return paint.over(region)
    along = np.broadcast_to(_positions(paint, box, region), (region.height, region.width))
    return _ramp(paint.stops)[:, along]


def box_affine(left: Fraction, top: Fraction, width: Fraction, height: Fraction) -> Affine:
    """From fractions of an upright box to the coordinates the box is given in."""
    return Affine(width, Fraction(0), Fraction(0), height, left, top)


def _of_sides(box: Affine, frame: Frame) -> Affine:
    """From the layer's own coordinates, counted from the painted box's corner, to pixels."""
    return box_affine(Fraction(0), Fraction(0), 1 / frame.width, 1 / frame.height).then(box)


def _filled(fill: GradientFill, box: Affine, region: Rect, frame: Frame) -> Plane:
    """The colours of a gradient fill, as the plan's step has them."""
    sides = frame.width, frame.height
    step = gradient_step(fill, sides, _of_sides(box, frame), region, frame.around)
    u = step.column_u + step.row_u[:, None]
    v = step.column_v + step.row_v[:, None]
    x = np.arange(step.left, step.left + step.width, dtype=np.int32)
    y = np.arange(step.top, step.top + step.height, dtype=np.int32)
    return gradient_values(step.style, step.bits, u, v, step.ramp, (x, y) if step.dither else None)


def _through(planes: Plane, coverage: NDArray[Any]) -> NDArray[np.uint32]:
    """Straight 15-bit colours, shape (4, n) or (4, 1), through n coverages of 0..255, as n RGBA8 pixels."""
    alpha = to8(mul(to15(coverage), planes[3]))
    pixels = np.empty((len(coverage), 4), np.uint8)
    pixels[:, :3] = to8(planes[:3]).T
    pixels[:, 3] = alpha
    pixels[alpha == 0] = 0
    return pixels.view(np.uint32)[:, 0]


def _positions(paint: LinearGradient | RadialGradient, box: Affine, region: Rect) -> NDArray[np.int64]:
    """For each pixel's centre the place in the ramp, 0.._STEPS; a shape that broadcasts to the region's."""
    back = box.inverse()
    if isinstance(paint, LinearGradient):
        along = _fixed(_project(back, paint), region)
    else:
        radius = Fraction(paint.radius)
        x = _fixed(_axis(back.xx, back.xy, back.x0, paint.center[0], radius), region)
        y = _fixed(_axis(back.yx, back.yy, back.y0, paint.center[1], radius), region)
        along = _square_root(x * x + y * y)
    np.clip(along, 0, 1 << _BITS, out=along)
    along += 1 << (_BITS - _RAMP_BITS - 1)
    along >>= _BITS - _RAMP_BITS
    return along


_Linear = tuple[Fraction, Fraction, Fraction]  # a, b, c of the value a*x + b*y + c


def _project(back: Affine, paint: LinearGradient) -> _Linear:
    """How far along start..end a pixel lies: the projection (p - start).(end - start) / |end - start|^2."""
    x0, y0 = map(Fraction, paint.start)
    dx, dy = Fraction(paint.end[0]) - x0, Fraction(paint.end[1]) - y0
    squared = dx * dx + dy * dy
    return (
        (back.xx * dx + back.yx * dy) / squared,
        (back.xy * dx + back.yy * dy) / squared,
        ((back.x0 - x0) * dx + (back.y0 - y0) * dy) / squared,
    )


def _axis(a: Fraction, b: Fraction, c: Fraction, center: float, radius: Fraction) -> _Linear:
    return a / radius, b / radius, (c - Fraction(center)) / radius


def _fixed(linear: _Linear, region: Rect) -> NDArray[np.int64]:
    """The value at each pixel's centre with _BITS fractional bits, cut off at -2 and 2.

    It is the sum of a term for the column and one for the row, each rounded down from the exact value. The
    shape is one that broadcasts to the region's: of what does not change along an axis there is one.
    """
    a, b, c = linear
    reach = max(abs(a) * abs(x) + abs(b) * abs(y) for x in (region.left, region.right)
                for y in (region.top, region.bottom)) + abs(c)  # fmt: skip
    # As many bits as fit 64, but no more than are of use.
    bits = min(_BITS + 8, 61 - int(reach).bit_length())
    columns = _terms(a, Fraction(0), region.left, region.right if a else region.left + 1, bits)
    rows = _terms(b, c, region.top, region.bottom if b else region.top + 1, bits)
    total = np.add(columns[None, :], rows[:, None])
    if bits < _BITS:  # a gradient far narrower than a pixel: all pixels lie beyond its ends
        return np.sign(total) * _LIMIT
    total >>= bits - _BITS
    return np.clip(total, -_LIMIT, _LIMIT, out=total)


def _terms(slope: Fraction, offset: Fraction, start: int, stop: int, bits: int) -> NDArray[np.int64]:
    """floor((slope * (i + 1/2) + offset) * 2^bits) for i in start..stop-1."""
    scale = Fraction(2) ** bits
    step, first = slope * scale, (offset + slope / 2) * scale
    divisor = step.denominator * first.denominator
    m, n = step.numerator * first.denominator, first.numerator * step.denominator
    return np.array([(m * i + n) // divisor for i in range(start, stop)], np.int64)


def _square_root(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """floor(sqrt(v)), exact for 0 <= v < 2^52: IEEE 754 rounds a square root correctly."""
    roots: NDArray[np.int64] = np.sqrt(values.astype(np.float64)).astype(np.int64)
    return roots


@lru_cache(maxsize=32)
def _ramp(stops: tuple[GradientStop, ...]) -> Plane:
    """int32, shape (4, _STEPS + 1): the straight colours at 0, 1/_STEPS, ... 1, each rounded once.

    Offsets are rounded to the same steps. Where stops share an offset the last one holds from there on.
    """
    offsets = [int(Fraction(stop.offset) * _STEPS + Fraction(1, 2)) for stop in stops]
    colors = [parse_color(stop.color) for stop in stops]
    ramp = np.empty((4, _STEPS + 1), np.int32)
    ramp[:, : offsets[0]] = to15(np.array(colors[0], np.uint8))[:, None]
    ramp[:, offsets[-1] :] = to15(np.array(colors[-1], np.uint8))[:, None]
    for (start, end), (first, last) in zip(
        itertools.pairwise(offsets), itertools.pairwise(colors), strict=True
    ):
        ramp[:, start:end] = _between(first, last, end - start)
    ramp.setflags(write=False)
    return ramp


@lru_cache(maxsize=32)
def _packed_ramp(stops: tuple[GradientStop, ...]) -> NDArray[np.uint32]:
    """The ramp's colours as RGBA8 pixels, shape (_STEPS + 1,)."""
    packed = _through(_ramp(stops), np.full(_STEPS + 1, 255))
    packed.setflags(write=False)
    return packed


def _between(
    first: tuple[int, int, int, int], last: tuple[int, int, int, int], steps: int
) -> NDArray[np.int64]:
    """Straight colours at 0/steps .. (steps-1)/steps of the way, interpolated premultiplied; (4, steps)."""
    ahead = np.arange(steps, dtype=np.int64)
    near, far = first[3] * (steps - ahead), last[3] * ahead
    alpha = near + far  # times 255 * steps
    start, end = np.array(first[:3], np.int64)[:, None], np.array(last[:3], np.int64)[:, None]
    premultiplied = start * near + end * far
    straight = _rounded(premultiplied * ONE, 255 * np.maximum(alpha, 1))
    return np.vstack([straight, _rounded(alpha * ONE, np.int64(255 * max(steps, 1)))])


def _rounded(numerator: NDArray[np.int64], denominator: NDArray[np.int64] | np.int64) -> NDArray[np.int64]:
    """numerator / denominator, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)
