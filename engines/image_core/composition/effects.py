"""Layer effects, as they are written: shadows, glows, overlays, bevels and strokes that follow a layer's
shape, and what lies below it shown blurred in that."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag

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
    tag,
)
from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.composition.shapes import paint_tag
from engines.image_core.composition.strokes import StrokeEffect
from engines.image_core.composition.tones import IDENTITY, CurvePoints
from engines.image_core.runtime.limits import MAX_EFFECTS

__all__ = [
    "BackdropBlur",
    "Bevel",
    "BevelHighlight",
    "BevelShadow",
    "ColorOverlay",
    "DropShadow",
    "Effect",
    "GradientOverlay",
    "InnerGlow",
    "InnerShadow",
    "OuterGlow",
    "Painted",
    "PatternOverlay",
    "Satin",
    "Shadow",
    "StrokeEffect",
    "check_effects",
    "pattern_of",
]

Size = Annotated[int, Strict(), AfterValidator(between(0, 250))]
Distance = Annotated[float, Strict(), AfterValidator(between(0, 1000))]
Angle = Annotated[float, Strict(), AfterValidator(finite)]
Offset = Annotated[float, Strict(), AfterValidator(between(-1000, 1000))]
Spread = Annotated[float, Strict(), AfterValidator(between(-250, 250))]
Range = Annotated[float, Strict(), AfterValidator(between(0.01, 1))]
Technique: TypeAlias = Literal["softer", "precise"]
Align: TypeAlias = Literal["layer", "canvas"]


def _check_falloff(gradient: GradientFill) -> GradientFill:
    """Refuse what a gradient has no use for that runs with a glow's falloff."""
    placed = ("style", "angle", "scale", "offset", "dither", "snap")
    fields = type(gradient).model_fields
    given = next((name for name in placed if getattr(gradient, name) != fields[name].default), None)
    if given is not None:
        raise ValueError(f"the gradient of a glow runs from its start to its end: it takes no {given}")
    return gradient


GlowColor = Annotated[
    Annotated[Color, Tag("a color")]
    | Annotated[GradientFill, AfterValidator(_check_falloff), Tag("gradient")],
    Discriminator(
        paint_tag,
        custom_error_type="paint",
        custom_error_message="allowed is a color, such as '#ff4400', or a paint of type gradient",
    ),
]
"""One colour, or a gradient from where a glow is full to where it ends."""


class DropShadow(Model):
    """The layer's shape in one colour below the layer, away from the light and soft.

    The light comes from `angle`, in degrees counter-clockwise from the right; the shadow lies `distance`
    pixels away from it, is blurred by `size` pixels, of which `spread` is a part by which it grows instead.
    With `knockout` there is none of it where the layer is, with its strokes.
    """

    type: Literal["drop-shadow"] = tag("drop-shadow")
    color: Color = "#000000"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.MULTIPLY
    angle: Angle = 120.0
    distance: Distance = 5.0
    size: Size = 5
    spread: Unit = 0.0
    contour: CurvePoints = IDENTITY
    noise: Unit = 0.0
    knockout: Flag = True


class InnerShadow(Model):
    """The shadow that falls into the layer from its edge. `choke` is to it what `spread` is there."""

    type: Literal["inner-shadow"] = tag("inner-shadow")
    color: Color = "#000000"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.MULTIPLY
    angle: Angle = 120.0
    distance: Distance = 5.0
    size: Size = 5
    choke: Unit = 0.0
    contour: CurvePoints = IDENTITY
    noise: Unit = 0.0


class OuterGlow(Model):
    """Light around the layer, `size` pixels wide, full from where the blurred shape's coverage is `range`.

    The technique "softer" blurs the shape; "precise" falls evenly with the distance from it. A gradient as
    its colour begins where the glow is full, and says how it fades: by its opacities.
    """

    type: Literal["outer-glow"] = tag("outer-glow")
    color: GlowColor = "#ffffbe"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.SCREEN
    technique: Technique = "softer"
    size: Size = 5
    spread: Unit = 0.0
    range: Range = 0.5
    contour: CurvePoints = IDENTITY
    noise: Unit = 0.0


class InnerGlow(Model):
    """Light inside the layer, from its edge or from its centre; else as an outer glow."""

    type: Literal["inner-glow"] = tag("inner-glow")
    color: GlowColor = "#ffffbe"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.SCREEN
    source: Literal["edge", "center"] = "edge"
    technique: Technique = "softer"
    size: Size = 5
    choke: Unit = 0.0
    range: Range = 0.5
    contour: CurvePoints = IDENTITY
    noise: Unit = 0.0


class Satin(Model):
    """Two copies of the blurred shape, `distance` apart to either side along `angle`: where they differ."""

    type: Literal["satin"] = tag("satin")
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

    type: Literal["color-overlay"] = tag("color-overlay")
    color: Color = "#ff0000"
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL


class GradientOverlay(Model):
    """A gradient over the layer: over the box of its pixels, or, aligned with the canvas, over that."""

    type: Literal["gradient-overlay"] = tag("gradient-overlay")
    gradient: GradientFill
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    align: Align = "layer"


class PatternOverlay(Model):
    """A pattern over the layer: from the corner of its pixels' box on, or from the canvas's."""

    type: Literal["pattern-overlay"] = tag("pattern-overlay")
    pattern: PatternFill
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    align: Align = "layer"


class BevelHighlight(Model):
    """What a bevel is where it faces the light."""

    color: Color = "#ffffff"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.SCREEN


class BevelShadow(Model):
    """What a bevel is where it faces away from the light."""

    color: Color = "#000000"
    opacity: Unit = 0.75
    blend_mode: BlendMode = BlendMode.MULTIPLY


class Bevel(Model):
    """The layer as if it stood out: lit from `angle`, in degrees counter-clockwise from the right, and
    `altitude` degrees above the canvas.

    Its flank is `size` pixels wide, inside the layer's edge (inner), around it (outer) or half and half
    (emboss; pillow: sunk in around it), and `depth` times as steep as it is wide. `direction` down has it
    sunk in. `contour` is the flank's profile; `gloss_contour` bends highlight and shadow; `soften` blurs
    both.
    """

    type: Literal["bevel"] = tag("bevel")
    style: Literal["inner", "outer", "emboss", "pillow"] = "inner"
    direction: Literal["up", "down"] = "up"
    depth: Annotated[float, Strict(), AfterValidator(between(0.01, 10))] = 1.0
    size: Size = 5
    soften: Annotated[int, Strict(), AfterValidator(between(0, 16))] = 0
    angle: Angle = 120.0
    altitude: Annotated[float, Strict(), AfterValidator(between(0, 90))] = 30.0
    contour: CurvePoints = IDENTITY
    gloss_contour: CurvePoints = IDENTITY
    highlight: BevelHighlight = BevelHighlight()
    shadow: BevelShadow = BevelShadow()


class Shadow(Model):
    """A shadow as CSS has it: moved by (x, y), grown by `spread` pixels, or shrunk where that is below 0, and
    blurred by a Gaussian whose standard deviation is half of `blur`. None of it shows through the layer."""

    type: Literal["shadow"] = tag("shadow")
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

    type: Literal["backdrop-blur"] = tag("backdrop-blur")
    radius: BlurRadius
    saturation: ToFour = 1.0


Painted: TypeAlias = (
    DropShadow
    | InnerShadow
    | OuterGlow
    | InnerGlow
    | Satin
    | ColorOverlay
    | GradientOverlay
    | PatternOverlay
    | Bevel
    | StrokeEffect
    | Shadow
)
"""Effects with paints of their own."""

Effect = Annotated[Painted | BackdropBlur, Field(discriminator="type")]


def pattern_of(effect: Effect) -> tuple[str, PatternFill] | None:
    """The pattern that an effect paints with, and the name of its field."""
    match effect:
        case PatternOverlay(pattern=pattern):
            return "pattern", pattern
        case StrokeEffect(color=PatternFill() as pattern):
            return "color", pattern
    return None


def check_effects(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Refuse more than a layer may have."""
    if len(effects) > MAX_EFFECTS:
        raise ValueError(f"{len(effects)} effects are too many: allowed are {MAX_EFFECTS} a layer")
    return effects
