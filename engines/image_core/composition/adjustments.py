"""Colour adjustments: the short ones that any layer has, and those of adjustment layers."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, Strict

from engines.image_core.composition.fields import Model, ToFour, between

__all__ = ["Adjustment", "Adjustments", "Invert", "Posterize"]


class Adjustments(Model):
    """Colour adjustments, applied in this order; the defaults change nothing."""

    exposure: Annotated[float, Strict(), AfterValidator(between(-10, 10))] = 0.0
    brightness: ToFour = 1.0
    contrast: ToFour = 1.0
    saturation: ToFour = 1.0
    gamma: Annotated[float, Strict(), AfterValidator(between(0.1, 10))] = 1.0
    sharpness: ToFour = 1.0


class Invert(Model):
    """Each channel becomes its complement: 1 - v."""

    type: Literal["invert"]


class Posterize(Model):
    """Each channel has so many levels, evenly spaced from 0 to 1."""

    type: Literal["posterize"]
    levels: Annotated[int, Strict(), AfterValidator(between(2, 255))] = 4


Adjustment: TypeAlias = Annotated[Invert | Posterize, Field(discriminator="type")]
"""What an adjustment layer does to the colour of what lies below it."""
