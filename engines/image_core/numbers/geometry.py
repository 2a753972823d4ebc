"""Placement of layers in exact arithmetic: affine maps over rationals.

No coordinate is ever computed in floating point. A float a user wrote is taken as the exact rational it
is; the sine and cosine of a rotation are rounded once, to 48 fractional bits, from a high-precision value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from engines.image_core.numbers.rounding import high_precision

__all__ = ["IDENTITY", "Affine", "Rect", "sine_cosine"]

TRIGONOMETRY_BITS = 48


@lru_cache(maxsize=1024)
def sine_cosine(degrees: float) -> tuple[Fraction, Fraction]:
    """Sine and cosine of an angle in degrees, to 48 fractional bits; multiples of 90 are exact."""
    quarter = Fraction(degrees) % 360 / 90
    if quarter.denominator == 1:
        return ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(0)),
                (Fraction(0), Fraction(-1)), (Fraction(-1), Fraction(0)))[int(quarter)]  # fmt: skip
    with high_precision() as mp:
        angle = mp.pi * mp.mpf(quarter.numerator) / quarter.denominator / 2
        scale = 1 << TRIGONOMETRY_BITS
        return (
            Fraction(int(mp.nint(mp.sin(angle) * scale)), scale),
            Fraction(int(mp.nint(mp.cos(angle) * scale)), scale),
        )


@dataclass(frozen=True)
class Rect:
    """Whole pixels left..right-1, top..bottom-1."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    @property
    def empty(self) -> bool:
        """Whether no pixel lies inside."""
        return self.right <= self.left or self.bottom <= self.top

    def intersect(self, other: Rect) -> Rect:
        """The pixels in both; may be empty."""
        return Rect(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def union(self, other: Rect) -> Rect:
        """The smallest rectangle around both, where an empty one counts for nothing."""
        if self.empty or other.empty:
            return other if self.empty else self
        return Rect(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def expand(self, margin: int) -> Rect:
        """Grown by margin pixels on every side."""
        return Rect(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    def shift(self, x: int, y: int) -> Rect:
        """Moved by (x, y)."""
        return Rect(self.left + x, self.top + y, self.right + x, self.bottom + y)


@dataclass(frozen=True)
class Affine:
    """The map x' = xx*x + xy*y + x0, y' = yx*x + yy*y + y0 over exact rationals, y downwards."""

    xx: Fraction
    xy: Fraction
    yx: Fraction
    yy: Fraction
    x0: Fraction
    y0: Fraction

    def apply(self, x: Fraction, y: Fraction) -> tuple[Fraction, Fraction]:
        """The image of a point."""
        return self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0

    def bounds(
        self, x0: Fraction, y0: Fraction, x1: Fraction, y1: Fraction
    ) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """The box (left, top, right, bottom) around the image of a box."""
        xs, ys = zip(*(self.apply(x, y) for x in (x0, x1) for y in (y0, y1)), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def whole_move(self) -> tuple[int, int] | None:
        """The whole pixels that the map moves by, where it does nothing else."""
        still = self.xx == self.yy == 1 and self.xy == self.yx == 0
        whole = self.x0.denominator == self.y0.denominator == 1
        return (int(self.x0), int(self.y0)) if still and whole else None

    def then(self, second: Affine) -> Affine:
        """First this map, then the second."""
        x0, y0 = second.apply(self.x0, self.y0)
        return Affine(
            second.xx * self.xx + second.xy * self.yx,
            second.xx * self.xy + second.xy * self.yy,
            second.yx * self.xx + second.yy * self.yx,
            second.yx * self.xy + second.yy * self.yy,
            x0,
            y0,
        )

    def after_scaling(self, scale: Fraction) -> Affine:
        """First a scaling of both axes, then this map."""
        return Affine(self.xx * scale, self.xy * scale, self.yx * scale, self.yy * scale, self.x0, self.y0)

    @property
    def enlargement(self) -> Fraction:
        """The least power of two that no vector grows beyond under the map."""
        squared = self.xx**2 + self.xy**2 + self.yx**2 + self.yy**2
        scale = Fraction(1)
        while scale * scale < squared:
            scale *= 2
        while scale * scale >= 4 * squared:
            scale /= 2
        return scale

    def inverse(self) -> Affine:
        """The map back; the scales are never 0, so it exists."""
        determinant = self.xx * self.yy - self.xy * self.yx
        xx, xy = self.yy / determinant, -self.xy / determinant
        yx, yy = -self.yx / determinant, self.xx / determinant
        return Affine(xx, xy, yx, yy, -(xx * self.x0 + xy * self.y0), -(yx * self.x0 + yy * self.y0))


IDENTITY = Affine(Fraction(1), Fraction(0), Fraction(0), Fraction(1), Fraction(0), Fraction(0))
