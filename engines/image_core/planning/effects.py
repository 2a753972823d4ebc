"""Layer effects as layers: colours that planes made of a layer's shape show, below it, in it and above it.

From bottom to top: blurred backdrops; then, as Photoshop has them, shadows, outer glows, the layer, colour
overlays, satin, inner glows, inner shadows, strokes. Of several of one type the later lie above the earlier.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition import effects as told
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.composition.tones import IDENTITY
from engines.image_core.models import AdjustmentLayer, Layer, PlacedLayer
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect, sine_cosine
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.numbers.tones import Points, linear_table, spline_table
from engines.image_core.planning.backdrop import Below, panes
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.filtering import blur_reach
from engines.image_core.planning.options import Options, fill15
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.shapes import Shape, shape_of
from engines.image_core.planning.stacking import Drawn, Group, Image, clipped, compose, passed_through
from engines.image_core.planning.steps import Opaque, Solid, color15

__all__ = ["effect_reach", "has_effects", "with_effects"]

_ORDER = (
    told.DropShadow, told.Shadow, told.OuterGlow, told.ColorOverlay, told.Satin, told.InnerGlow,
    told.InnerShadow, told.StrokeEffect,
)  # fmt: skip


def has_effects(layer: Layer) -> TypeGuard[PlacedLayer]:
    """Whether a layer has effects; an adjustment cannot."""
    return not isinstance(layer, AdjustmentLayer) and bool(layer.effects)


def effect_reach(layer: PlacedLayer) -> int:
    """How many pixels beyond an area the layer's effects may read of the layer."""
    return max(map(_reach, layer.effects), default=0)


def _reach(effect: told.Effect) -> int:
    match effect:
        case told.Shadow():
            away = max(abs(effect.x), abs(effect.y)) + max(effect.spread, 0)
            soft = blur_reach(effect.blur / 2) if effect.blur else 0
            return math.ceil(away) + soft + 2
        case told.ColorOverlay() | told.BackdropBlur():
            return 0
        case told.StrokeEffect():
            return math.ceil(effect.size) + 2
        case told.OuterGlow() | told.InnerGlow():
            return effect.size + 2
    return math.ceil(effect.distance) + effect.size + 2


def with_effects(
    layer: PlacedLayer, base: Drawn, run: Drawn, need: Rect, below: Below, bit_depth: BitDepth
) -> Drawn | None:
    """A layer, and what is clipped to it, with the layer's effects; None where nothing of it shows.

    Args:
        layer: the layer.
        base: the layer as it is planned.
        run: the same with what is clipped to it.
        need: the parent's pixels that are wanted.
        below: what the layer lies on, where one of its effects shows that.
        bit_depth: the composition's.
    """
    kept = None if base.options is None else _only_channels(base.options)
    shape = shape_of(base, bit_depth)
    if shape is None:
        return None
    plain = _plain(layer, run)
    maker = _Maker(shape, kept, need, covered=plain)
    behind: list[Drawn] = []
    inside: list[Drawn] = []
    outlines: list[tuple[Shape, told.StrokeEffect]] = []
    painted = [effect for effect in layer.effects if not isinstance(effect, told.BackdropBlur)]
    for effect in sorted(painted, key=lambda effect: _ORDER.index(type(effect))):
        maker.add(effect, behind, inside, outlines)
    around = maker.outlined(outlines)
    whole = replace(run, opacity=fill15(layer, run.blend))
    if inside and plain:
        whole = clipped(whole, tuple(inside))
    elif inside:
        whole = _within(shape, whole, tuple(inside), kept, bit_depth)
    shown = [] if maker.seen.empty or not whole.opacity else [whole]
    lowest = [*panes(layer, shape, kept, need, below, bit_depth), *behind]
    drawn = [*lowest, *around, *shown] if plain else [*lowest, *shown, *around]
    if not drawn:
        return None
    return passed_through(tuple(drawn), opacity=round_fraction(Fraction(layer.opacity) * ONE))


def _plain(layer: PlacedLayer, run: Drawn) -> bool:
    """Whether a layer hides what lies below its shape, as far as that is there: then what lies in it may be
    clipped to it, and what lies around it may lie below it."""
    return layer.fill_opacity == 1 and run.blend is BlendMode.NORMAL and run.options is None


def _within(
    shape: Shape, run: Drawn, inside: tuple[Drawn, ...], kept: Options | None, bit_depth: BitDepth
) -> Drawn:
    """A layer whose fill or mode does not hold for its effects: onto the backdrop goes its colour, as if it
    were everywhere, and its effects; and what has become of it is mixed back by the layer's shape."""
    area = shape.area
    alone = replace(run, opacity=ONE, blend=BlendMode.NORMAL, options=None)
    whole = compose((alone,), area, (0, 0, 0, 0), bit_depth)
    color = Image(Placed(Opaque(whole), area.left, area.top), ())
    entries = *([Drawn(color, None, run.opacity, run.blend, run.options)] if run.opacity else []), *inside
    depth = 1 + max(item.content.depth for item in entries)
    content = Group(entries, "backdrop", (), 0, 0, area, area, depth)
    mask = Coverage(shape.placed.image, shape.placed.left, shape.placed.top)
    return Drawn(content, mask, ONE, BlendMode.NORMAL, kept)


def _only_channels(options: Options) -> Options | None:
    """Of a layer's options what holds for its effects as well: the channels that stay."""
    return Options(kept=options.kept) if any(options.kept) else None


@dataclass(frozen=True)
class _Maker:
    """Makes the layers of a layer's effects.

    Attributes:
        shape: the layer's.
        kept: the channels that stay in it, and so in what lies around it.
        need: the parent's pixels that are wanted.
        covered: the layer lies over what is around it, and hides that by its shape.
    """

    shape: Shape
    kept: Options | None
    need: Rect
    covered: bool

    def add(
        self,
        effect: told.Painted,
        behind: list[Drawn],
        inside: list[Drawn],
        outlines: list[tuple[Shape, told.StrokeEffect]],
    ) -> None:
        """Append what an effect comes to."""
        match effect:
            case told.DropShadow():
                self._append(behind, self._drop_shadow(effect), effect)
            case told.Shadow():
                self._append(behind, self._css_shadow(effect), effect)
            case told.OuterGlow():
                self._append(behind, self._outer_glow(effect), effect)
            case told.StrokeEffect():
                self._stroke(effect, inside, outlines)
            case _ if self.seen.empty:
                pass  # what lies in the layer is not seen
            case told.ColorOverlay():
                self._append(inside, self.shape, effect, inside=True, whole=True)
            case told.Satin():
                self._append(inside, self._satin(effect), effect, inside=True)
            case told.InnerGlow():
                self._append(inside, self._inner_glow(effect), effect, inside=True)
            case told.InnerShadow():
                self._append(inside, self._inner_shadow(effect), effect, inside=True)

    def _append(
        self,
        drawn: list[Drawn],
        shape: Shape | None,
        effect: told.Painted,
        *,
        inside: bool = False,
        whole: bool = False,
    ) -> None:
        """Append a colour where a shape is. inside: it is clipped to the layer; whole: it is all over it."""
        area = Rect(0, 0, 0, 0) if shape is None else shape.area.intersect(self.need)
        color = color15(effect.color)
        opacity, blend = (
            (Fraction(1), BlendMode.NORMAL)
            if isinstance(effect, told.Shadow)
            else (Fraction(effect.opacity), effect.blend_mode)
        )
        opacity15 = round_fraction(opacity * ONE)
        if shape is None or area.empty or not opacity15 or not color[3]:
            return
        image = Image(Placed(Solid(area.width, area.height, color), area.left, area.top), ())
        mask = None if whole else Coverage(shape.placed.image, shape.placed.left, shape.placed.top)
        drawn.append(Drawn(image, mask, opacity15, blend, None if inside else self.kept))

    # The planes.

    def _drop_shadow(self, effect: told.DropShadow) -> Shape:
        x, y = _away(effect.angle, effect.distance)
        soft = self._soft(self.shape, effect.size, effect.spread, self.need.shift(-x, -y)).moved(x, y)
        return self._around(soft.looked_up(_contour(effect.contour)), knockout=effect.knockout)

    def _css_shadow(self, effect: told.Shadow) -> Shape | None:
        x, y = (round_fraction(Fraction(value)) for value in (effect.x, effect.y))
        need = self.need.shift(-x, -y)
        reach = blur_reach(effect.blur / 2) if effect.blur else 0
        grown = self.shape.grown(Fraction(effect.spread), need.expand(reach))
        soft = grown.blurred(effect.blur / 2, need)
        return None if soft is None else self._around(soft.moved(x, y), knockout=True)

    def _outer_glow(self, effect: told.OuterGlow) -> Shape:
        soft = self._soft(self.shape, effect.size, effect.spread, self.need)
        full = soft.looked_up(_ranged(effect.range)).looked_up(_contour(effect.contour))
        return self._around(full, knockout=True)

    def _inner_shadow(self, effect: told.InnerShadow) -> Shape:
        x, y = _away(effect.angle, effect.distance)
        soft = self._soft(self.shape, effect.size, -effect.choke, self.seen.shift(-x, -y)).moved(x, y)
        return soft.complement(self.seen).looked_up(_contour(effect.contour))

    def _inner_glow(self, effect: told.InnerGlow) -> Shape:
        soft = self._soft(self.shape, effect.size, -effect.choke, self.seen)
        edge = soft.complement(self.seen).looked_up(_ranged(effect.range))
        glow = edge if effect.source == "edge" else edge.complement(self.seen)
        return glow.looked_up(_contour(effect.contour))

    def _satin(self, effect: told.Satin) -> Shape:
        x, y = _away(effect.angle, effect.distance)
        around = self.seen.expand(max(abs(x), abs(y)))
        soft = self.shape.softened(effect.size, around)
        apart = soft.moved(x, y).difference(soft.moved(-x, -y), self.seen)
        apart = apart.complement(self.seen) if effect.inverted else apart
        return apart.looked_up(_contour(effect.contour))

    def _stroke(
        self,
        effect: told.StrokeEffect,
        inside: list[Drawn],
        outlines: list[tuple[Shape, told.StrokeEffect]],
    ) -> None:
        """Inside it is clipped to the layer."""
        width = Fraction(effect.size) / (2 if effect.position == "center" else 1)
        if width == 0:
            return
        if effect.position != "outside" and not self.seen.empty:
            kept = self.shape.grown(-width, self.seen)
            self._append(inside, kept.complement(self.seen), effect, inside=True)
        if effect.position != "inside":
            outlines.append((self.shape.grown(width, self.need), effect))

    def outlined(self, outlines: list[tuple[Shape, told.StrokeEffect]]) -> list[Drawn]:
        """What of strokes lies outside, and not where one above them is."""
        drawn: list[Drawn] = []
        for index, (shape, effect) in enumerate(outlines):
            for other, upper in outlines[index + 1 :]:
                shape = shape if _hides(upper) else shape.without(other)
            self._append(drawn, self._around(shape, knockout=True), effect)
        return drawn

    @property
    def seen(self) -> Rect:
        """What of the layer is wanted."""
        return self.shape.area.intersect(self.need)

    def _soft(self, shape: Shape, size: int, spread: float, need: Rect) -> Shape:
        """Grown, or shrunk where `spread` is below 0, by that part of a size, and blurred by the rest."""
        grown = round_fraction(abs(Fraction(spread)) * size)
        wide = need.expand(size + 1)
        if grown:
            shape = shape.grown(Fraction(grown if spread > 0 else -grown), wide)
        return shape.softened(size - grown, need)

    def _around(self, shape: Shape, *, knockout: bool) -> Shape:
        """What lies around the layer, without what that does not hide by itself."""
        return shape.without(self.shape) if knockout and not self.covered else shape


def _hides(stroke: told.StrokeEffect) -> bool:
    """Whether a stroke hides by itself what lies below it."""
    return stroke.opacity == 1 and stroke.blend_mode is BlendMode.NORMAL and len(stroke.color) == 7


def _away(angle: float, distance: float) -> tuple[int, int]:
    """Whole pixels to the right and down, away from a light at an angle counter-clockwise from the right."""
    sine, cosine = sine_cosine(angle)
    length = Fraction(distance)
    return round_fraction(-cosine * length), round_fraction(sine * length)


def _contour(points: Points) -> NDArray[np.uint16]:
    """A contour as a table."""
    return spline_table(points, IDENTITY)


@lru_cache(maxsize=64)
def _ranged(range: float) -> NDArray[np.uint16]:
    """min(1, v / range)."""
    return linear_table(Fraction(0), 1 / Fraction(range), Fraction(0), Fraction(1))
