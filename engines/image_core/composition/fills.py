"""Fills as Photoshop has them: gradients of five styles, and patterns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.fields import (
    Color,
    Flag,
    Identifier,
    Model,
    Point,
    Unit,
    between,
    exactly_one,
    finite,
    tag,
)
from engines.image_core.composition.psd_parts import PsdPart

__all__ = [
    "ColorStop",
    "Frame",
    "GradientFill",
    "Interpolation",
    "OpacityStop",
    "PatternFill",
    "PictureSource",
    "check_ascending",
    "check_frame",
]

Interpolation: TypeAlias = Literal["classic", "linear", "perceptual"]
Midpoint = Annotated[float, Strict(), AfterValidator(between(0.01, 0.99))]


def check_ascending(offsets: Sequence[float], field: str = "stops") -> None:
    """Check that stops come in order."""
    if any(a > b for a, b in itertools.pairwise(offsets)):
        raise ValueError(f"{field} must come in ascending order of offset")


class ColorStop(Model):
    """A colour at an offset of 0 (start) to 1 (end).

    midpoint: how far on the way from the stop before to this one half of the change is done.
    """

    offset: Unit
    color: Color
    midpoint: Midpoint = 0.5


class OpacityStop(Model):
    """An opacity at an offset of 0 (start) to 1 (end), with a midpoint as `ColorStop` has it."""

    offset: Unit
    opacity: Unit
    midpoint: Midpoint = 0.5


class GradientFill(Model):
    """Colour along a line through the centre of the painted box, in the manner of Photoshop's gradient fills.

    The line has the angle `angle`, in degrees counter-clockwise, 0 from left to right, and is as long as the
    box is in that direction from edge to edge, times `scale`; its middle is the box's, moved by `offset` in
    fractions of the box. The first colour lies at the line's start (linear) or at its middle (the others).
    Colour and opacity run apart, straight: `opacity_stops` are for colours without an alpha of their own.
    `interpolation` says what is mixed between colours: their values, as ever (classic), light (linear), or
    OKLab's coordinates (perceptual).
    """

    type: Literal["gradient"] = tag("gradient")
    style: Literal["linear", "radial", "angle", "reflected", "diamond"] = "linear"
    angle: Annotated[float, Strict(), AfterValidator(finite)] = 0.0
    scale: Annotated[float, Strict(), AfterValidator(between(0.01, 100))] = 1.0
    offset: Point = (0.0, 0.0)
    reverse: Flag = False
    smoothness: Unit = 1.0
    interpolation: Interpolation = "classic"
    stops: Annotated[tuple[ColorStop, ...], Field(min_length=2)]
    opacity_stops: Annotated[tuple[OpacityStop, ...], Field(min_length=2)] | None = None
    dither: Flag = False
    snap: Flag = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_ascending([stop.offset for stop in self.stops])
        if self.opacity_stops is not None:
            check_ascending([stop.offset for stop in self.opacity_stops], "opacity_stops")
            translucent = next((stop.color for stop in self.stops if len(stop.color) == 9), None)
            if translucent is not None:
                raise ValueError(f"beside opacity_stops colors are #rrggbb (given: {translucent!r})")
        return self


Frame = Annotated[int, Strict(), AfterValidator(between(0, 9999))]
"""Which frame of an animation, or page of a TIFF, counted from 0."""


def check_frame(source: Any) -> None:
    """Refuse a frame of what has none: only picture files have."""
    if source.frame and all(getattr(source, name) is None for name in ("path", "asset_id", "data")):
        raise ValueError(
            f"frame: {source.frame} is not allowed here: only path, asset_id and data have frames"
        )


class PictureSource(Model):
    """Where a picture comes from: exactly one of a local path, an asset of the same tenant and env, the
    base64 of an image file, or a part of a Photoshop file. `frame`: of an animation or pages the one that is
    taken, counted from 0."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    data: Annotated[str, Strict(), Field(min_length=1)] | None = None
    psd: PsdPart | None = None
    frame: Frame = 0

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "data", "psd")
        check_frame(self)
        return self


class PatternFill(Model):
    """A picture repeated over the painted box. One copy's top-left corner lies at `offset`, in pixels of the
    box from its top-left corner; `scale` multiplies the picture's size.

    Enlarged, it is sampled as other pictures are (cubic), or as Photoshop does (linear): between the two
    nearest pixels, of which the first lie on one another.
    """

    type: Literal["pattern"] = tag("pattern")
    source: PictureSource
    scale: Annotated[float, Strict(), AfterValidator(between(0.01, 100))] = 1.0
    offset: Point = (0.0, 0.0)
    sampling: Literal["cubic", "linear"] = "cubic"
