"""The elliptical arcs of SVG paths as cubic Bezier curves, without floating point.

Square roots are taken by integers, to 60 fractional bits; the only angle there is, the rotation of the
ellipse's axis, comes as its exact-to-48-bits sine and cosine.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt

from engines.image_core.numbers.geometry import Affine, sine_cosine

__all__ = ["arc_cubics"]

_ONE = 1 << 60

Vector = tuple[Fraction, Fraction]
Cubic = tuple[Vector, Vector, Vector]  # two control points and the end


def arc_cubics(
    start: Vector, radii: Vector, rotation: Fraction, *, large: bool, sweep: bool, end: Vector
) -> Iterator[Cubic]:
    """Cubics from start to end, none over more than an eighth of a turn: off by at most 4e-6 of the radius.

    Follows SVG 2, section "Elliptical arc parameter conversion": radii too small to reach are scaled up,
    and start == end draws nothing. The work is done where the ellipse is a unit circle.

    Args:
        start, end: The ends of the arc.
        radii: Both above 0.
        rotation: Degrees from the x axis to the ellipse's first axis, clockwise as y points down.
        large: Take the arc of more than half a turn.
        sweep: Go clockwise.
    """
    if start == end:
        return
    sine, cosine = sine_cosine(float(rotation))
    rx, ry = radii
    circle = Affine(cosine * rx, -sine * ry, sine * rx, cosine * ry, Fraction(0), Fraction(0))
    inverse = circle.inverse()
    first, last = _fixed(inverse.apply(*start)), _fixed(inverse.apply(*end))
    if first == last:  # closer than the arithmetic tells apart
        yield start, end, end
        return
    center, scale = _center(first, last, outside=large != sweep)
    u, v = _unit(_minus(first, center)), _unit(_minus(last, center))
    place = Affine(
        circle.xx * scale, circle.xy * scale, circle.yx * scale, circle.yy * scale, *circle.apply(*center)
    )
    for c1, c2, point in _pieces(u, v, 1 if sweep else -1):
        yield place.apply(*c1), place.apply(*c2), end if point is v else place.apply(*point)


def _center(a: Vector, b: Vector, *, outside: bool) -> tuple[Vector, Fraction]:
    """The centre of the circle through a and b, and its radius: 1, or half their distance if that is more."""
    dx, dy = _minus(b, a)
    squared = dx * dx + dy * dy
    middle = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    if squared >= 4:
        return middle, _root(squared) / 2
    away = _root((4 - squared) / squared) / 2 * (1 if outside else -1)
    return (middle[0] - dy * away, middle[1] + dx * away), Fraction(1)


def _pieces(u: Vector, v: Vector, turn: int) -> Iterator[Cubic]:
    """Cubics along the unit circle from u to v, clockwise if turn is 1, counter-clockwise if -1."""
    along, across = u[0] * v[0] + u[1] * v[1], turn * (u[0] * v[1] - u[1] * v[0])
    if 0 <= across <= along:
        yield _piece(u, v, along, turn)
        return
    # Halfway is along the sum, or opposite to it beyond half a turn; about half a turn the sum vanishes, and
    # it is the difference turned back by a quarter.
    side = 1 if across >= 0 else -1
    halfway = (side * (u[0] + v[0]), side * (u[1] + v[1]))
    middle = _unit(halfway if along >= 0 else (turn * (v[1] - u[1]), turn * (u[0] - v[0])))
    yield from _pieces(u, middle, turn)
    yield from _pieces(middle, v, turn)


def _piece(u: Vector, v: Vector, along: Fraction, turn: int) -> Cubic:
    """One cubic for an arc of up to an eighth of a turn: controls 4/3 * tan(angle / 4) along the tangents.

    tan(a / 4) = sin(a / 2) / (1 + cos(a / 2)), and both come from cos(a) by half-angle formulas.
    """
    cosine = min(along, Fraction(1))
    k = turn * Fraction(4, 3) * _root((1 - cosine) / 2) / (1 + _root((1 + cosine) / 2))
    return (u[0] - k * u[1], u[1] + k * u[0]), (v[0] + k * v[1], v[1] - k * v[0]), v


def _root(value: Fraction) -> Fraction:
    """The square root, to 60 fractional bits."""
    return Fraction(isqrt(value.numerator * _ONE * _ONE // value.denominator), _ONE)


def _unit(vector: Vector) -> Vector:
    length = _root(vector[0] * vector[0] + vector[1] * vector[1])
    return _fixed((vector[0] / length, vector[1] / length))


def _fixed(vector: Vector) -> Vector:
    """Rounded to 60 fractional bits, to keep numbers short."""
    x, y = (Fraction(round(value * _ONE), _ONE) for value in vector)
    return x, y


def _minus(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1]
