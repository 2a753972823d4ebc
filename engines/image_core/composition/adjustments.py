"""Colour adjustments of a layer."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Strict

from engines.image_core.composition.fields import Model, ToFour, between

__all__ = ["Adjustments"]


class Adjustments(Model):
    """Colour adjustments, applied in this order; the defaults change nothing."""

    exposure: Annotated[float, Strict(), AfterValidator(between(-10, 10))] = 0.0
    brightness: ToFour = 1.0
    contrast: ToFour = 1.0
    saturation: ToFour = 1.0
    gamma: Annotated[float, Strict(), AfterValidator(between(0.1, 10))] = 1.0
    sharpness: ToFour = 1.0
