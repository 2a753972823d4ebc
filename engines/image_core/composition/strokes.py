"""Strokes among the layer effects, as they are written: along a layer's pixels or its outlines."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeGuard

from pydantic import AfterValidator, Discriminator, Strict, Tag, model_validator

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fields import Color, Model, Unit, between, tag
from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.composition.shapes import paint_tag

__all__ = ["StrokeEffect", "outlined"]

Width = Annotated[float, Strict(), AfterValidator(between(0, 250))]
MiterLimit = Annotated[float, Strict(), AfterValidator(between(1, 10))]

StrokeColor = Annotated[
    Annotated[Color, Tag("a color")]
    | Annotated[GradientFill, Tag("gradient")]
    | Annotated[PatternFill, Tag("pattern")],
    Discriminator(
        paint_tag,
        custom_error_type="paint",
        custom_error_message="allowed is a color, such as '#ff4400', or a paint of type gradient or pattern",
    ),
]


class StrokeEffect(Model):
    """An outline of the layer's shape, `size` pixels wide, outside of its edge, inside, or half and half.

    A gradient spans the box of the layer's pixels and the stroke around it; a pattern begins at its corner.

    It follows the layer's pixels, with round corners. Its metric says how far a pixel is from the edge: by a
    straight line, or, as in Photoshop, by the shortest way of steps to the sides, the corners and as a chess
    knight goes (chamfer), which is up to 3 % longer.

    Or it follows, of text and shapes, the outlines that they are drawn of: exactly, with corners as `join`
    says. A miter becomes a bevel where its tip would lie further from the corner than `miter_limit` times the
    half width of the line.
    """

    type: Literal["stroke"] = tag("stroke")
    color: StrokeColor = "#000000"
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    size: Width = 3.0
    position: Literal["outside", "inside", "center"] = "outside"
    metric: Literal["euclidean", "chamfer"] = "euclidean"
    source: Literal["pixels", "outline"] = "pixels"
    join: Literal["miter", "round", "bevel"] = "miter"
    miter_limit: MiterLimit = 4.0

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        other, names = ("pixels", ["metric"]) if outlined(self) else ("outline", ["join", "miter_limit"])
        for name in names:
            value = getattr(self, name)
            if value != type(self).model_fields[name].default:
                raise ValueError(f"{name} {value!r} needs source {other!r}, and source is {self.source!r}")
        return self


def outlined(effect: Model) -> TypeGuard[StrokeEffect]:
    """Whether an effect is a stroke that follows the layer's outlines."""
    return isinstance(effect, StrokeEffect) and effect.source == "outline"
