"""The box of a picture or a paint, as it is written: rounded corners and a border."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Strict, Tag

from engines.image_core.composition.fields import Color, Length, Model, between
from engines.image_core.runtime.limits import MAX_CANVAS

__all__ = ["Border", "CornerRadius"]

Radius = Annotated[float, Strict(), AfterValidator(between(0, MAX_CANVAS))]


def _radius_tag(value: Any) -> str:
    return "four radii" if isinstance(value, list | tuple) else "one radius"


CornerRadius = Annotated[
    Annotated[Radius, Tag("one radius")]
    | Annotated[tuple[Radius, Radius, Radius, Radius], Tag("four radii")],
    Discriminator(_radius_tag),
]
"""The radius of all corners, or those of the top left, top right, bottom right and bottom left one."""


class Border(Model):
    """A ring in one colour along the inside of a layer's box, `width` pixels of the box wide.

    It lies on the picture and shows where that does. Its outer edge has the radii of the box's corners, its
    inner edge those less the width, at least 0.
    """

    width: Length
    color: Color
