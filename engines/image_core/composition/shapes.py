"""Paints, shapes and selections: the geometry a caller can write."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag, model_validator

from engines.image_core.composition.fields import (
    BlurRadius,
    Color,
    Coordinate,
    Flag,
    Length,
    Model,
    Point,
    Unit,
    between,
    tag,
)
from engines.image_core.composition.fills import (
    ColorStop,
    GradientFill,
    OpacityStop,
    PatternFill,
    PictureSource,
    check_ascending,
)
from engines.image_core.runtime.limits import MAX_CANVAS

__all__ = [
    "BrushStroke",
    "ColorStop",
    "EllipseShape",
    "GradientFill",
    "GradientStop",
    "LineShape",
    "LinearGradient",
    "OpacityStop",
    "Paint",
    "PathShape",
    "PatternFill",
    "PictureSource",
    "PolygonShape",
    "RadialGradient",
    "RectShape",
    "Selection",
    "Shape",
    "Stroke",
    "paint_tag",
]


class GradientStop(Model):
    """A colour at an offset of 0 (start) to 1 (end)."""

    offset: Unit
    color: Color


Stops = Annotated[tuple[GradientStop, ...], Field(min_length=2)]


class LinearGradient(Model):
    """Colour along the line start..end, in fractions of the painted box; the end colours continue beyond."""

    type: Literal["linear"] = tag("linear")
    start: Point = (0.0, 0.0)
    end: Point = (0.0, 1.0)
    stops: Stops

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_ascending([stop.offset for stop in self.stops])
        if self.start == self.end:
            raise ValueError("start and end must differ")
        return self


class RadialGradient(Model):
    """Colour outward from center to radius, in fractions of the painted box (an ellipse in an oblong box)."""

    type: Literal["radial"] = tag("radial")
    center: Point = (0.5, 0.5)
    radius: Annotated[float, Strict(), AfterValidator(between(0.001, 1000))] = 0.5
    stops: Stops

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_ascending([stop.offset for stop in self.stops])
        return self


def paint_tag(value: Any) -> Any:
    """What tells the members of a union of paints apart: that it is text, or its type."""
    if isinstance(value, str):
        return "a color"
    return value.get("type") if isinstance(value, dict) else getattr(value, "type", None)


Paint = Annotated[
    Annotated[Color, Tag("a color")]
    | Annotated[LinearGradient, Tag("linear")]
    | Annotated[RadialGradient, Tag("radial")]
    | Annotated[GradientFill, Tag("gradient")]
    | Annotated[PatternFill, Tag("pattern")],
    Discriminator(
        paint_tag,
        custom_error_type="paint",
        custom_error_message=(
            "allowed is a color, such as '#ff4400', or a paint of type linear, radial, gradient or pattern"
        ),
    ),
]
"""A solid colour, a gradient or a pattern: what fills raster layers, shapes, strokes and text."""


class BrushStroke(Model):
    """A round-capped, round-joined brush stroke through points (one point is a dot)."""

    points: Annotated[tuple[Point, ...], Field(min_length=1)]
    width: Length
    opacity: Unit = 1.0


class Selection(Model):
    """An antialiased area in composition coordinates.

    polygon: at least 3 points; lasso: a freehand outline, closed from last point to first, at least 3
    points; rect, ellipse: two opposite corners of the box; brush: `strokes` instead of points.
    `feather_radius` is the standard deviation of a Gaussian blur in pixels.
    """

    type: Literal["polygon", "lasso", "rect", "ellipse", "brush"]
    points: tuple[Point, ...] = ()
    strokes: tuple[BrushStroke, ...] = ()
    feather_radius: BlurRadius = 0.0
    inverted: Flag = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.type == "brush":
            if not self.strokes or self.points:
                raise ValueError("type brush takes one or more strokes and no points")
            return self
        if self.strokes:
            raise ValueError(f"type {self.type} takes points, not strokes")
        given = len(self.points)
        if self.type in {"rect", "ellipse"}:
            if given != 2:
                raise ValueError(
                    f"type {self.type} takes 2 points, opposite corners of its box (given: {given})"
                )
        elif given < 3:
            raise ValueError(f"type {self.type} takes at least 3 points (given: {given})")
        return self


class Stroke(Model):
    """An outline of a shape, centred on its edge."""

    color: Paint
    width: Length
    cap: Literal["butt", "round", "square"] = "butt"
    join: Literal["miter", "round", "bevel"] = "miter"


class _Shape(Model):
    fill: Paint | None = None
    stroke: Stroke | None = None

    @model_validator(mode="after")
    def _painted(self) -> Self:
        if self.fill is None and self.stroke is None:
            raise ValueError("a shape needs a fill or a stroke")
        return self


class RectShape(_Shape):
    """A rectangle, with corners of `radius`."""

    type: Literal["rect"] = tag("rect")
    x: Coordinate
    y: Coordinate
    width: Length
    height: Length
    radius: Annotated[float, Strict(), AfterValidator(between(0, MAX_CANVAS))] = 0.0


class EllipseShape(_Shape):
    """An ellipse about (cx, cy)."""

    type: Literal["ellipse"] = tag("ellipse")
    cx: Coordinate
    cy: Coordinate
    rx: Length
    ry: Length


class PolygonShape(_Shape):
    """A closed polygon, filled by the non-zero rule."""

    type: Literal["polygon"] = tag("polygon")
    points: Annotated[tuple[Point, ...], Field(min_length=3)]


class PathShape(_Shape):
    """A path in SVG path syntax, filled by the non-zero rule."""

    type: Literal["path"] = tag("path")
    d: Annotated[str, Strict(), Field(min_length=1, max_length=1_000_000)]


class LineShape(_Shape):
    """An open line through two or more points; it takes a stroke and no fill."""

    type: Literal["line"] = tag("line")
    points: Annotated[tuple[Point, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _stroked(self) -> Self:
        if self.fill is not None or self.stroke is None:
            raise ValueError("a line takes a stroke and no fill")
        return self


Shape = Annotated[
    RectShape | EllipseShape | PolygonShape | PathShape | LineShape, Field(discriminator="type")
]
