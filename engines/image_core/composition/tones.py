"""Adjustments of tones: each channel by itself, or all of them by the luminosity."""

from __future__ import annotations

import itertools
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.fields import Flag, Model, Unit, between, tag
from engines.image_core.composition.fills import ColorStop, Interpolation, check_ascending

__all__ = [
    "BrightnessContrast",
    "Curves",
    "Exposure",
    "GradientMap",
    "Invert",
    "Levels",
    "LevelsRange",
    "Posterize",
    "Threshold",
]

Byte = Annotated[int, Strict(), AfterValidator(between(0, 255))]
Gamma = Annotated[float, Strict(), AfterValidator(between(0.01, 9.99))]
Percent = Annotated[float, Strict(), AfterValidator(between(-100, 100))]


class Invert(Model):
    """Each channel becomes its complement: 1 - v."""

    type: Literal["invert"] = tag("invert")


class Posterize(Model):
    """Each channel has so many levels, evenly spaced from 0 to 1."""

    type: Literal["posterize"] = tag("posterize")
    levels: Annotated[int, Strict(), AfterValidator(between(2, 255))] = 4


class Threshold(Model):
    """White where the luminosity is the level or more, black elsewhere."""

    type: Literal["threshold"] = tag("threshold")
    level: Annotated[int, Strict(), AfterValidator(between(1, 255))] = 128


class BrightnessContrast(Model):
    """Photoshop's brightness and contrast. `legacy` adds the brightness and scales about the middle: contrast
    is then -100 to 100, and brightness -100 to 100 steps of 8 bits."""

    type: Literal["brightness-contrast"] = tag("brightness-contrast")
    brightness: Annotated[float, Strict(), AfterValidator(between(-150, 150))] = 0.0
    contrast: Percent = 0.0
    legacy: Flag = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.legacy and abs(self.brightness) > 100:
            raise ValueError(f"brightness {self.brightness:g} is not allowed: legacy allows -100 to 100")
        if not self.legacy and self.contrast < -50:
            raise ValueError(f"contrast {self.contrast:g} is not allowed: allowed is -50 to 100")
        return self


class LevelsRange(Model):
    """What of the input becomes black and white, the middle's gamma, and what they become in the output."""

    input_black: Annotated[int, Strict(), AfterValidator(between(0, 253))] = 0
    input_white: Annotated[int, Strict(), AfterValidator(between(2, 255))] = 255
    gamma: Gamma = 1.0
    output_black: Byte = 0
    output_white: Byte = 255

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.input_white < self.input_black + 2:
            raise ValueError(
                f"input_white {self.input_white} is not allowed: allowed is input_black + 2 or more"
            )
        return self


class Levels(Model):
    """Levels of each channel, and then those of all three (`rgb`)."""

    type: Literal["levels"] = tag("levels")
    rgb: LevelsRange = LevelsRange()
    red: LevelsRange = LevelsRange()
    green: LevelsRange = LevelsRange()
    blue: LevelsRange = LevelsRange()


def _ascending(points: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    for before, after in itertools.pairwise(points):
        if before[0] >= after[0]:
            raise ValueError(f"points must come in ascending order: {after[0]} follows {before[0]}")
    return points


CurvePoints = Annotated[
    tuple[tuple[Byte, Byte], ...], Field(min_length=2, max_length=19), AfterValidator(_ascending)
]
IDENTITY = ((0, 0), (255, 255))


class Curves(Model):
    """A smooth curve through points [input, output] for each channel, and then one for all (`rgb`)."""

    type: Literal["curves"] = tag("curves")
    rgb: CurvePoints = IDENTITY
    red: CurvePoints = IDENTITY
    green: CurvePoints = IDENTITY
    blue: CurvePoints = IDENTITY


class Exposure(Model):
    """Linear light times 2^exposure, plus the offset, to the power 1 / gamma."""

    type: Literal["exposure"] = tag("exposure")
    exposure: Annotated[float, Strict(), AfterValidator(between(-20, 20))] = 0.0
    offset: Annotated[float, Strict(), AfterValidator(between(-0.5, 0.5))] = 0.0
    gamma: Gamma = 1.0


class GradientMap(Model):
    """The gradient's colour at the luminosity: its start for black, its end for white. Its fields mean what
    they do in a gradient fill."""

    type: Literal["gradient-map"] = tag("gradient-map")
    stops: Annotated[tuple[ColorStop, ...], Field(min_length=2)]
    reverse: Flag = False
    smoothness: Unit = 1.0
    interpolation: Interpolation = "classic"

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_ascending([stop.offset for stop in self.stops])
        for stop in self.stops:
            if len(stop.color) > 7 and not stop.color.endswith("ff"):
                raise ValueError(f"color {stop.color!r} is not allowed: allowed are opaque colors")
        return self
