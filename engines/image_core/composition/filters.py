"""Filters of a layer: what looks at neighbouring pixels, and adjustments."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, Strict

from engines.image_core.composition.adjustments import AnyAdjustment
from engines.image_core.composition.fields import BlurRadius, Model, between, tag
from engines.image_core.runtime.limits import MAX_FILTERS

__all__ = ["BlurFilter", "Edges", "Filter", "SharpenFilter", "check_filters"]


Edges: TypeAlias = Literal["transparent", "extend", "mirror"]
"""What a filter sees around a layer's box: nothing, its border's pixels again, or its reflection."""


class BlurFilter(Model):
    """Gaussian blur; radius is the standard deviation in pixels.

    With `edges` other than transparent the layer's box keeps its edge: nothing of it is seen outside, and
    what is opaque stays opaque.
    """

    type: Literal["blur"] = tag("blur")
    radius: BlurRadius
    edges: Edges = "transparent"


class SharpenFilter(Model):
    """Unsharp mask: differences from a blur of `radius` above `threshold` (8-bit steps) grow by `amount`.
    `edges` are those of the blur."""

    type: Literal["sharpen"] = tag("sharpen")
    radius: BlurRadius = 2.0
    amount: Annotated[float, Strict(), AfterValidator(between(0, 5))] = 1.0
    threshold: Annotated[int, Strict(), AfterValidator(between(0, 255))] = 0
    edges: Edges = "transparent"


Filter = Annotated[BlurFilter | SharpenFilter | AnyAdjustment, Field(discriminator="type")]
"""What is done to a layer's pixels, one after the other: blurs, sharpening, adjustments of its own colour."""


def check_filters(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """Refuse more than a layer may have."""
    if len(filters) > MAX_FILTERS:
        raise ValueError(f"{len(filters)} filters are too many: allowed are {MAX_FILTERS} a layer")
    return filters
