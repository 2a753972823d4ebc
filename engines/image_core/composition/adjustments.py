"""Colour adjustments: the short ones of any layer, and those by type of adjustment layers and filters."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, Strict

from engines.image_core.composition.fields import Model, ToFour, between
from engines.image_core.composition.tints import (
    BlackAndWhite,
    ChannelMixer,
    ColorBalance,
    ColorLookup,
    HueSaturation,
    PhotoFilter,
    SelectiveColor,
    Vibrance,
)
from engines.image_core.composition.tones import (
    BrightnessContrast,
    Curves,
    Exposure,
    GradientMap,
    Invert,
    Levels,
    Posterize,
    Threshold,
)

__all__ = ["ADJUSTMENTS", "Adjustment", "Adjustments", "AnyAdjustment", "Invert", "Posterize"]


class Adjustments(Model):
    """Colour adjustments, applied in this order; the defaults change nothing."""

    exposure: Annotated[float, Strict(), AfterValidator(between(-10, 10))] = 0.0
    brightness: ToFour = 1.0
    contrast: ToFour = 1.0
    saturation: ToFour = 1.0
    gamma: Annotated[float, Strict(), AfterValidator(between(0.1, 10))] = 1.0
    sharpness: ToFour = 1.0


AnyAdjustment: TypeAlias = (
    BlackAndWhite
    | BrightnessContrast
    | ChannelMixer
    | ColorBalance
    | ColorLookup
    | Curves
    | Exposure
    | GradientMap
    | HueSaturation
    | Invert
    | Levels
    | PhotoFilter
    | Posterize
    | SelectiveColor
    | Threshold
    | Vibrance
)

ADJUSTMENTS = AnyAdjustment.__args__
"""Their classes."""

Adjustment: TypeAlias = Annotated[AnyAdjustment, Field(discriminator="type")]
"""What an adjustment layer does to the colour of what lies below it, or a filter to its layer's own."""
