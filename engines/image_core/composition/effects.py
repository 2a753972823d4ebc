"""Layer effects, as they are written: shadows, glows, overlays and strokes that follow a layer's shape, and
what lies below it shown blurred in that."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, Strict

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fields import (
    BlurRadius,
    Color,
    Flag,
    Model,
    ToFour,
    Unit,
    between,
    finite,
)
from engines.image_core.composition.tones import IDENTITY, CurvePoints
from engines.image_core.runtime.limits import MAX_EFFECTS

__all__ = [
    "BackdropBlur",
    "ColorOverlay",
    "DropShadow",
    "Effect",
    "InnerGlow",
    "InnerShadow",
    "OuterGlow",
    "Painted",
    "Satin",
    "Shadow",
    "StrokeEffect",
    "check_effects",
]

Size = Annotated[int, Strict(), AfterValidator(between(0, 250))]
Distance = Annotated[float, Strict(), AfterValidator(between(0, 1000))]
Angle = Annotated[float, Strict(), AfterValidator(finite)]
Offset = Annotated[float, Strict(), AfterValidator(between(-1000, 1000))]
Spread = Annotated[float, Strict(), AfterValidator(between(-250, 250))]
Range = Annotated[float, Strict(), AfterValidator(between(0.01, 1))]
Width = Annotated[float, Strict(), AfterValidator(between(0, 250))]


class DropShadow(Model):
    """The layer's shape in one colour below the layer, away from the light and soft.

    The light comes from `angle`, in degrees counter-clockwise from the right; the shadow lies `distance`
    pixels away from it, is blurred by `size` pixels, of which `spread` is a part by which it grows instead.
    With `knockout` there is none of it where the layer is.
    """

    type: Literal["drop-shadow"]
    color: Color = "#000000"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.MULTIPLY
    angle: Angle = 120.0
    distance: Distance = 5.0
    size: Size = 5
    spread: Unit = 0.0
    contour: CurvePoints = IDENTITY
    knockout: Flag = True


class InnerShadow(Model):
    """The shadow that falls into the layer from its edge. `choke` is to it what `spread` is there."""

    type: Literal["inner-shadow"]
    color: Color = "#000000"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.MULTIPLY
    angle: Angle = 120.0
    distance: Distance = 5.0
    size: Size = 5
    choke: Unit = 0.0
    contour: CurvePoints = IDENTITY


class OuterGlow(Model):
    """Light around the layer, `size` pixels wide, full from where the blurred shape's coverage is `range`."""

    type: Literal["outer-glow"]
    color: Color = "#ffffbe"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.SCREEN
    size: Size = 5
    spread: Unit = 0.0
    range: Range = 0.5
    contour: CurvePoints = IDENTITY


class InnerGlow(Model):
    """Light inside the layer, from its edge or from its centre."""

    type: Literal["inner-glow"]
    color: Color = "#ffffbe"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.SCREEN
    source: Literal["edge", "center"] = "edge"
    size: Size = 5
    choke: Unit = 0.0
    range: Range = 0.5
    contour: CurvePoints = IDENTITY


class Satin(Model):
    """Two copies of the blurred shape, `distance` apart to either side along `angle`: where they differ."""

    type: Literal["satin"]
    color: Color = "#000000"
    opacity: Unit = 0.5
    blend_mode: BlendMode = BlendMode.MULTIPLY
    angle: Angle = 19.0
    distance: Distance = 11.0
    size: Size = 14
    inverted: Flag = True
    contour: CurvePoints = IDENTITY


class ColorOverlay(Model):
    """One colour over the layer."""

    type: Literal["color-overlay"]
    color: Color = "#ff0000"
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL


class StrokeEffect(Model):
    """An outline of the layer's shape, `size` pixels wide, outside of its edge, inside, or half and half."""

    type: Literal["stroke"]
    color: Color = "#000000"
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    size: Width = 3.0
    position: Literal["outside", "inside", "center"] = "outside"


class Shadow(Model):
    """A shadow as CSS has it: moved by (x, y), grown by `spread` pixels, or shrunk where that is below 0, and
    blurred by a Gaussian whose standard deviation is half of `blur`. None of it shows through the layer."""

    type: Literal["shadow"]
    x: Offset = 0.0
    y: Offset = 0.0
    blur: BlurRadius = 0.0
    spread: Spread = 0.0
    color: Color = "#000000"


class BackdropBlur(Model):
    """Frosted glass: what lies below the layer, blurred, where the layer's shape is.

    `radius` is the Gaussian's standard deviation in pixels; `saturation` is a factor, as that of a layer's
    adjustments. The layer and all its other effects lie above it.
    """

    type: Literal["backdrop-blur"]
    radius: BlurRadius
    saturation: ToFour = 1.0


Painted: TypeAlias = (
    DropShadow | InnerShadow | OuterGlow | InnerGlow | Satin | ColorOverlay | StrokeEffect | Shadow
)
"""Effects of one colour each."""

Effect = Annotated[Painted | BackdropBlur, Field(discriminator="type")]


def check_effects(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Refuse more than a layer may have."""
    if len(effects) > MAX_EFFECTS:
        raise ValueError(f"{len(effects)} effects are too many: allowed are {MAX_EFFECTS} a layer")
    return effects
