"""Vectors of whole numbers, exact."""

from __future__ import annotations

from math import isqrt

from engines.image_core.sources.vector.outline_limits import Point

__all__ = ["cross", "dot", "minus", "plus", "resized"]


def resized(vector: Point, length: int) -> Point:
    """The vector with this length, each coordinate rounded to nearest: length * x / sqrt(x^2 + y^2)."""
    squared = dot(vector, vector)
    x, y = ((isqrt(4 * (length * value) ** 2 // squared) + 1) // 2 for value in vector)
    return (x if vector[0] >= 0 else -x), (y if vector[1] >= 0 else -y)


def plus(a: Point, b: Point) -> Point:
    """The sum of two."""
    return a[0] + b[0], a[1] + b[1]


def minus(a: Point, b: Point) -> Point:
    """What leads from b to a."""
    return a[0] - b[0], a[1] - b[1]


def dot(a: Point, b: Point) -> int:
    """The dot product."""
    return a[0] * b[0] + a[1] * b[1]


def cross(a: Point, b: Point) -> int:
    """The cross product."""
    return a[0] * b[1] - a[1] * b[0]
