"""The layers of layer effects: paints where their planes show them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from engines.image_core.composition import effects as told
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.effect_planes import EffectPlanes, stroke_radius
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.fills import filled
from engines.image_core.planning.gradients import falloff_ramp
from engines.image_core.planning.options import Options
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.shapes import Shape
from engines.image_core.planning.stacking import Drawn, Image
from engines.image_core.planning.steps import Colored

__all__ = ["Boxes", "EffectLayers"]

_OneColor: TypeAlias = told.DropShadow | told.OuterGlow | told.InnerGlow | told.InnerShadow | told.Satin


@dataclass(frozen=True)
class Boxes:
    """What the paints of effects are aligned with, in the parent's pixels: the whole of what the layer draws,
    whether it is seen or not, and the canvas."""

    layer: Rect
    canvas: Rect


@dataclass
class EffectLayers:
    """The layers of a layer's effects, as they are made: bottom first in each list.

    Attributes:
        kept: the channels that stay in the layer, and so in what lies around it.
        below: shadows and glows.
        interior, inside: what is clipped to the layer; of this the first may be blended with it.
        around: what of strokes and bevels lies outside.
        above: what lies over the layer and all around it: embossed bevels.
    """

    planes: EffectPlanes
    boxes: Boxes
    kept: Options | None
    below: list[Drawn] = field(default_factory=list)
    interior: list[Drawn] = field(default_factory=list)
    inside: list[Drawn] = field(default_factory=list)
    around: list[Drawn] = field(default_factory=list)
    above: list[Drawn] = field(default_factory=list)
    _outlines: list[tuple[Shape, told.StrokeEffect, DecodedImage | None]] = field(default_factory=list)
    _bevels: list[told.Bevel] = field(default_factory=list)
    _shadows: list[tuple[int, Shape]] = field(default_factory=list)

    def add(
        self, effect: told.Painted, picture: DecodedImage | None, outline: DecodedMask | None = None
    ) -> None:
        """Append what an effect comes to; picture: its pattern's; outline: of a stroke that follows one."""
        planes = self.planes
        match effect:
            case told.DropShadow():
                self._drop_shadow(effect)
            case told.Shadow():
                shadow = planes.css_shadow(effect)
                if shadow is not None:
                    self._show(self.below, effect.color, shadow, 1.0, BlendMode.NORMAL)
            case told.OuterGlow():
                self._outer_glow(effect)
            case told.StrokeEffect():
                self._stroke(effect, picture, outline)
            case told.Bevel():
                self._bevel(effect)
            case _ if planes.seen.empty:
                pass  # what lies in the layer is not seen
            case told.ColorOverlay():
                self._overlay(effect.color, effect, self.boxes.layer, None)
            case told.GradientOverlay():
                self._overlay(effect.gradient, effect, self._aligned(effect.align), None)
            case told.PatternOverlay():
                self._overlay(effect.pattern, effect, self._aligned(effect.align), picture)
            case told.Satin():
                self._append(self.interior, planes.satin(effect), effect)
            case told.InnerGlow():
                self._inner_glow(effect)
            case told.InnerShadow():
                self._append(self.inside, planes.inner_shadow(effect), effect)

    def finish(self) -> None:
        """What of strokes lies outside, and not where one above them is; and above them bevels."""
        self._knock_out()
        for index, (shape, effect, picture) in enumerate(self._outlines):
            for other, upper, _ in self._outlines[index + 1 :]:
                shape = shape if _hides(upper) else shape.without(other)
            shown = shape if self.planes.in_one(effect) else self.planes.around(shape)
            self._fill(self.around, shown, effect, picture)
        for bevel in self._bevels:
            self._shade(self.above if bevel.style == "emboss" else self.around, bevel, inside=False)

    def _drop_shadow(self, effect: told.DropShadow) -> None:
        shadow, place = self.planes.drop_shadow(effect), len(self.below)
        self._append(self.below, shadow, effect)
        if effect.knockout and len(self.below) > place:
            self._shadows.append((place, shadow))

    def _knock_out(self) -> None:
        """No shadow that the layer knocks out shows through its strokes either."""
        seen_through = [shape for shape, effect, _ in self._outlines if _seen_through(effect)]
        for place, shadow in self._shadows if seen_through else []:
            for stroke in seen_through:
                shadow = shadow.without(stroke)
            self.below[place] = replace(self.below[place], mask=shadow.coverage())

    def _outer_glow(self, effect: told.OuterGlow) -> None:
        glow = self.planes.outer_glow(effect)
        if isinstance(effect.color, str):
            self._append(self.below, self.planes.around(glow), effect)
            return
        mask = None if self.planes.covered else self.planes.shape.complement(glow.area).coverage()
        self._falling(self.below, glow, effect.color, effect, mask)

    def _inner_glow(self, effect: told.InnerGlow) -> None:
        glow = self.planes.inner_glow(effect)
        if isinstance(effect.color, str):
            self._append(self.interior, glow, effect)
        else:
            self._falling(self.interior, glow, effect.color, effect, None)

    def _falling(
        self,
        drawn: list[Drawn],
        glow: Shape,
        gradient: GradientFill,
        effect: told.OuterGlow | told.InnerGlow,
        mask: Coverage | None,
    ) -> None:
        """Append a glow by the colours of its falloff."""
        if not glow.area.intersect(self.planes.need).empty:
            colors = replace(glow.placed, image=Colored(glow.placed.image, falloff_ramp(gradient)))
            self._put(drawn, colors, mask, effect.opacity, effect.blend_mode)

    def _append(self, drawn: list[Drawn], shape: Shape, effect: _OneColor) -> None:
        """Append a colour where a shape is."""
        assert isinstance(effect.color, str)
        self._show(drawn, effect.color, shape, effect.opacity, effect.blend_mode)

    def _overlay(
        self,
        fill: str | GradientFill | PatternFill,
        effect: told.ColorOverlay | told.GradientOverlay | told.PatternOverlay,
        box: Rect,
        picture: DecodedImage | None,
    ) -> None:
        """Append a paint all over the layer."""
        painted = filled(fill, self.planes.seen, box, picture)
        if painted is not None:
            self._put(self.interior, painted, None, effect.opacity, effect.blend_mode)

    def _stroke(
        self, effect: told.StrokeEffect, picture: DecodedImage | None, outline: DecodedMask | None
    ) -> None:
        """What of it lies inside is clipped to the layer."""
        inside = self.planes.stroke_inside(effect, outline)
        outside = self.planes.stroke_outside(effect, outline)
        if inside is not None:
            self._fill(self.inside, inside, effect, picture)
        if outside is not None:
            self._outlines.append((outside, effect, picture))

    def _fill(
        self, drawn: list[Drawn], shape: Shape, effect: told.StrokeEffect, picture: DecodedImage | None
    ) -> None:
        """Append a stroke's paint, whose box is that of the layer with the stroke."""
        outside = 0 if effect.position == "inside" else math.ceil(stroke_radius(effect))
        box = self.boxes.layer.expand(outside)
        self._show(drawn, effect.color, shape, effect.opacity, effect.blend_mode, box, picture)

    def _bevel(self, effect: told.Bevel) -> None:
        self._shade(self.inside, effect, inside=True)
        self._bevels.append(effect)

    def _shade(self, drawn: list[Drawn], effect: told.Bevel, *, inside: bool) -> None:
        """Append a bevel's shadow and highlight."""
        shades = self.planes.bevel(effect, inside=inside)
        if shades is None:
            return
        lit, dark = effect.highlight, effect.shadow
        self._show(drawn, lit.color, shades[0], lit.opacity, lit.blend_mode)
        self._show(drawn, dark.color, shades[1], dark.opacity, dark.blend_mode)

    def _aligned(self, align: told.Align) -> Rect:
        return self.boxes.layer if align == "layer" else self.boxes.canvas

    def _show(
        self,
        drawn: list[Drawn],
        fill: str | GradientFill | PatternFill,
        shape: Shape,
        opacity: float,
        blend: BlendMode,
        box: Rect | None = None,
        picture: DecodedImage | None = None,
    ) -> None:
        """Append a paint where a shape is. box: what the paint is spread over."""
        area = shape.area.intersect(self.planes.need)
        painted = filled(fill, area, box or self.boxes.layer, picture)
        if painted is not None:
            self._put(drawn, painted, shape.coverage(), opacity, blend)

    def _put(
        self, drawn: list[Drawn], painted: Placed, mask: Coverage | None, opacity: float, blend: BlendMode
    ) -> None:
        around = drawn is not self.interior and drawn is not self.inside
        opacity15 = round_fraction(Fraction(opacity) * ONE)
        if opacity15:
            drawn.append(Drawn(Image(painted, ()), mask, opacity15, blend, self.kept if around else None))


def _hides(stroke: told.StrokeEffect) -> bool:
    """Whether a stroke hides by itself what lies below it."""
    solid = isinstance(stroke.color, str) and len(stroke.color) == 7
    return stroke.opacity == 1 and stroke.blend_mode is BlendMode.NORMAL and solid


def _seen_through(stroke: told.StrokeEffect) -> bool:
    """Whether a stroke shows what lies below it all along, whatever parts of a paint may do."""
    translucent = isinstance(stroke.color, str) and len(stroke.color) == 9
    return translucent or stroke.opacity < 1 or stroke.blend_mode is not BlendMode.NORMAL
