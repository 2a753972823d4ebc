"""The planes of layer effects: where each shows, and how much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition import effects as told
from engines.image_core.composition.strokes import outlined
from engines.image_core.composition.tones import IDENTITY
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect, sine_cosine
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.numbers.tones import Points, linear_table, spline_table
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.filtering import blur_reach
from engines.image_core.planning.planes import Relief
from engines.image_core.planning.shapes import Shape

__all__ = ["EffectPlanes", "plane_reach", "stroke_radius", "stroke_reach"]

_SLOPE_BITS = 5
"""A difference of two values, in 2^-15 and two pixels apart, is a slope in 2^-11 of 2^-5 as much."""


def plane_reach(effect: told.Effect) -> int:
    """How many pixels beyond an area an effect's plane may read of the layer's shape."""
    match effect:
        case told.Shadow():
            away = max(abs(effect.x), abs(effect.y)) + max(effect.spread, 0)
            soft = blur_reach(effect.blur / 2) if effect.blur else 0
            return math.ceil(away) + soft + 2
        case told.ColorOverlay() | told.GradientOverlay() | told.PatternOverlay() | told.BackdropBlur():
            return 0
        case told.StrokeEffect():
            return stroke_reach(effect)
        case told.OuterGlow() | told.InnerGlow():
            return effect.size + 2
        case told.Bevel():
            return effect.size + effect.soften + 3
    return math.ceil(effect.distance) + effect.size + 2


@dataclass(frozen=True)
class EffectPlanes:
    """Makes them of a layer's shape.

    Attributes:
        shape: the layer's.
        need: the parent's pixels that are wanted.
        covered: the layer lies over what is around it, and hides that by its shape.
    """

    shape: Shape
    need: Rect
    covered: bool

    @property
    def seen(self) -> Rect:
        """What of the layer is wanted."""
        return self.shape.area.intersect(self.need)

    def drop_shadow(self, effect: told.DropShadow) -> Shape:
        """The shape, soft and moved away from the light."""
        x, y = _away(effect.angle, effect.distance)
        soft = self._soft(effect.size, effect.spread, self.need.shift(-x, -y)).moved(x, y)
        bent = soft.looked_up(_contour_around(effect.contour)).grained(effect.noise)
        return self.around(bent) if effect.knockout else bent

    def css_shadow(self, effect: told.Shadow) -> Shape | None:
        """The shape, grown, blurred and moved; None where nothing of it is wanted."""
        x, y = (round_fraction(Fraction(value)) for value in (effect.x, effect.y))
        need = self.need.shift(-x, -y)
        reach = blur_reach(effect.blur / 2) if effect.blur else 0
        grown = self.shape.grown(Fraction(effect.spread), need.expand(reach))
        soft = grown.blurred(effect.blur / 2, need)
        return None if soft is None else self.around(soft.moved(x, y))

    def outer_glow(self, effect: told.OuterGlow) -> Shape:
        """Full along the shape, and less further away."""
        glow = (
            self._soft(effect.size, effect.spread, self.need)
            if effect.technique == "softer"
            else _faded(self.shape, effect.size, effect.spread, self.need)
        )
        ranged = glow.looked_up(_ranged(effect.range))
        return ranged.looked_up(_contour_around(effect.contour)).grained(effect.noise)

    def inner_glow(self, effect: told.InnerGlow) -> Shape:
        """Full along the edge and less further inside; from the centre what that is not."""
        edge = (
            self._soft(effect.size, -effect.choke, self.seen).complement(self.seen)
            if effect.technique == "softer"
            else self._faded_inside(effect)
        )
        ranged = edge.looked_up(_ranged(effect.range))
        glow = ranged if effect.source == "edge" else ranged.complement(self.seen)
        return glow.looked_up(_contour(effect.contour)).grained(effect.noise)

    def _faded_inside(self, effect: told.InnerGlow) -> Shape:
        rest = self.shape.complement(self.seen.expand(effect.size + 2))
        return _faded(rest, effect.size, effect.choke, self.seen)

    def inner_shadow(self, effect: told.InnerShadow) -> Shape:
        """What is not the shape, soft and moved away from the light."""
        x, y = _away(effect.angle, effect.distance)
        soft = self._soft(effect.size, -effect.choke, self.seen.shift(-x, -y)).moved(x, y)
        bent = soft.complement(self.seen).looked_up(_contour(effect.contour))
        return bent.grained(effect.noise)

    def satin(self, effect: told.Satin) -> Shape:
        """Where two soft copies of the shape differ."""
        x, y = _away(effect.angle, effect.distance)
        soft = self.shape.softened(effect.size, self.seen.expand(max(abs(x), abs(y))))
        apart = soft.moved(x, y).difference(soft.moved(-x, -y), self.seen)
        apart = apart.complement(self.seen) if effect.inverted else apart
        return apart.looked_up(_contour(effect.contour))

    def stroke_inside(self, effect: told.StrokeEffect, outline: DecodedMask | None) -> Shape | None:
        """What of a stroke lies in the shape. outline: the stroke itself, of one that follows outlines."""
        width = stroke_radius(effect)
        if width == 0 or effect.position == "outside" or self.seen.empty or self.in_one(effect):
            return None
        if outline is not None:
            return Shape.drawn(outline)
        return self.shape.grown(-width, self.seen, metric=effect.metric).complement(self.seen)

    def stroke_outside(self, effect: told.StrokeEffect, outline: DecodedMask | None) -> Shape | None:
        """What of a stroke lies around the shape, and the shape with it; outline: as of `stroke_inside`."""
        width = stroke_radius(effect)
        if width == 0 or effect.position == "inside":
            return None
        if outline is not None:
            return Shape.drawn(outline)
        return self.shape.grown(width, self.need, metric=effect.metric)

    def in_one(self, effect: told.StrokeEffect) -> bool:
        """Whether a stroke is drawn over the layer in one, not in two halves that meet within pixels: of one
        that follows outlines that is known."""
        return outlined(effect) and effect.position == "center" and not self.covered

    def bevel(self, effect: told.Bevel, *, inside: bool) -> tuple[Shape, Shape] | None:
        """How much of its highlight and of its shadow a bevel shows in the shape, or around it, where an
        embossed one shows both; None where that style has nothing there."""
        if effect.style in ({"outer", "emboss"} if inside else {"inner"}) or (inside and self.seen.empty):
            return None
        half = effect.style in {"emboss", "pillow"}
        size = (effect.size + 1) // 2 if half else effect.size
        sunk = (effect.direction == "down") != (effect.style == "pillow" and not inside)
        steep = Fraction(effect.depth) * max(size, 1) * (-1 if sunk else 1)
        area = self.seen if inside else self.shape.area.expand(size + effect.soften + 1).intersect(self.need)
        if area.empty:
            return None
        wide = area.expand(effect.soften)
        soft = self.shape.softened(size, wide.expand(1))
        height = soft.looked_up(_contour_around(effect.contour))
        lit = _lit(height, steep, _light(effect), wide).softened(effect.soften, area)
        gloss = (_contour if inside else _contour_around)(effect.gloss_contour)
        high, low = (lit.looked_up(gloss[table]) for table in _shades(_light(effect)[2]))
        return (high, low) if inside or effect.style == "emboss" else (self.around(high), self.around(low))

    def around(self, shape: Shape) -> Shape:
        """What lies around the layer, without what the layer does not hide by itself."""
        return shape if self.covered else shape.without(self.shape)

    def _soft(self, size: int, spread: float, need: Rect) -> Shape:
        """The shape grown, or shrunk where `spread` is below 0, by that part of a size, and blurred by the
        rest."""
        grown = round_fraction(abs(Fraction(spread)) * size)
        shape = self.shape
        if grown:
            shape = shape.grown(Fraction(grown if spread > 0 else -grown), need.expand(size + 1))
        return shape.softened(size - grown, need)


def _faded(shape: Shape, size: int, spread: float, need: Rect) -> Shape:
    """The shape grown by a size: full as far as that part of it, and then evenly less."""
    full = round_fraction(Fraction(spread) * size)
    return shape.grown(Fraction(size), need, max(size - full, 1))


def stroke_radius(effect: told.StrokeEffect) -> Fraction:
    """How far a stroke lies to a side of the edge, in pixels."""
    return Fraction(effect.size) / (2 if effect.position == "center" else 1)


def stroke_reach(effect: told.StrokeEffect) -> int:
    """How many pixels from the shape it may be seen: of an outline's, the tips of miters."""
    far = effect.miter_limit if outlined(effect) and effect.join == "miter" else 1.0
    return math.ceil(stroke_radius(effect) * Fraction(far)) + 2


def _away(angle: float, distance: float) -> tuple[int, int]:
    """Whole pixels to the right and down, away from a light at an angle counter-clockwise from the right."""
    sine, cosine = sine_cosine(angle)
    length = Fraction(distance)
    return round_fraction(-cosine * length), round_fraction(sine * length)


def _light(effect: told.Bevel) -> tuple[int, int, int]:
    """Towards a bevel's light: to the right, down and out of the canvas."""
    sine, cosine = sine_cosine(effect.angle)
    up, flat = sine_cosine(effect.altitude)
    x, y, z = (round_fraction(part * ONE) for part in (cosine * flat, -sine * flat, up))
    return x, y, z


def _lit(height: Shape, steep: Fraction, light: tuple[int, int, int], area: Rect) -> Shape:
    """How much light falls on a height of so many pixels at ONE."""
    scale, shift = abs(steep) / (1 << _SLOPE_BITS), 0
    while scale < ONE // 2 and shift < 30:
        scale, shift = scale * 2, shift + 1
    signed = round_fraction(scale) * (-1 if steep < 0 else 1)
    placed = height.placed
    left, top = area.left - placed.left, area.top - placed.top
    return Shape.at(
        Relief(area.width, area.height, placed.image, left, top, signed, shift, light), area.left, area.top
    )


def _contour(points: Points) -> NDArray[np.uint16]:
    """A contour as a table."""
    return spline_table(points, IDENTITY)


def _contour_around(points: Points) -> NDArray[np.uint16]:
    """The contour of a plane that reaches beyond the layer: where there is nothing, nothing comes of it, so
    that it does not show where a plane ends."""
    table = _contour(points)
    if table[0] == 0:
        return table
    cut = table.copy()
    cut[0] = 0
    return cut


@lru_cache(maxsize=64)
def _ranged(range: float) -> NDArray[np.uint16]:
    """min(1, v / range)."""
    return linear_table(Fraction(0), 1 / Fraction(range), Fraction(0), Fraction(1))


@lru_cache(maxsize=64)
def _shades(flat: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """By how much brighter a value is than what lies flat, of all that it may be; and how much darker."""
    nothing = np.zeros(ONE + 1, np.uint16)
    level = Fraction(flat, ONE)
    brighter = (
        linear_table(-level / (1 - level), 1 / (1 - level), Fraction(0), Fraction(1))
        if flat < ONE
        else nothing
    )
    darker = linear_table(Fraction(1), -1 / level, Fraction(0), Fraction(1)) if flat else nothing
    return brighter, darker
