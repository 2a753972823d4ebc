"""Projective maps of the plane over exact rationals: what brings a rectangle to any convex quadrilateral.

P. Heckbert, Fundamentals of Texture Mapping and Image Warping (1989), section 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from engines.image_core.numbers.geometry import Affine

__all__ = ["Exact", "Projective"]

Exact: TypeAlias = tuple[Fraction, Fraction]
"""A point."""

_Row: TypeAlias = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True)
class Projective:
    """The map x' = X / W, y' = Y / W, where each of X, Y and W is a x + b y + c of a row (a, b, c)."""

    across: _Row
    down: _Row
    weight: _Row

    @classmethod
    def of_unit_square(cls, corners: Sequence[Exact]) -> Projective:
        """That which brings 0, 0 and 1, 0 and 1, 1 and 0, 1 to the corners of a convex quadrilateral."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
        ax, ay, bx, by = x1 - x2, y1 - y2, x3 - x2, y3 - y2
        sx, sy = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
        whole = ax * by - bx * ay
        g, h = (sx * by - bx * sy) / whole, (ax * sy - sx * ay) / whole
        return cls(
            (x1 - x0 + g * x1, x3 - x0 + h * x3, x0),
            (y1 - y0 + g * y1, y3 - y0 + h * y3, y0),
            (g, h, Fraction(1)),
        )

    def after(self, first: Affine) -> Projective:
        """First an affine map, then this one."""

        def changed(row: _Row) -> _Row:
            a, b, c = row
            return (
                a * first.xx + b * first.yx,
                a * first.xy + b * first.yy,
                a * first.x0 + b * first.y0 + c,
            )

        return Projective(changed(self.across), changed(self.down), changed(self.weight))

    @property
    def affine(self) -> Affine | None:
        """The same map as an affine one, where it is one: where parallels stay parallel."""
        g, h, whole = self.weight
        if g or h:
            return None
        (xx, xy, x0), (yx, yy, y0) = self.across, self.down
        return Affine(xx / whole, xy / whole, yx / whole, yy / whole, x0 / whole, y0 / whole)

    def inverse(self) -> Projective:
        """The map back, by the adjugate: of a convex quadrilateral it exists."""
        (a, b, c), (d, e, f), (g, h, i) = self.across, self.down, self.weight
        return Projective(
            (e * i - f * h, c * h - b * i, b * f - c * e),
            (f * g - d * i, a * i - c * g, c * d - a * f),
            (d * h - e * g, b * g - a * h, a * e - b * d),
        )

    def weighed(self, x: Fraction, y: Fraction) -> Fraction:
        """W at a point."""
        return self.weight[0] * x + self.weight[1] * y + self.weight[2]

    def apply(self, x: Fraction, y: Fraction) -> Exact:
        """The image of a point."""
        whole = self.weighed(x, y)
        across, down = ((a * x + b * y + c) / whole for a, b, c in (self.across, self.down))
        return across, down

    def stretches(self, x: Fraction, y: Fraction) -> tuple[Fraction, Fraction]:
        """By the square of what a small step across grows at a point, and one down."""
        whole = self.weighed(x, y)
        u, v = self.apply(x, y)
        across, down = (
            ((self.across[axis] - u * self.weight[axis]) / whole) ** 2
            + ((self.down[axis] - v * self.weight[axis]) / whole) ** 2
            for axis in (0, 1)
        )
        return across, down
