"""Where layers' pixels come from, and where they are placed."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag, model_validator

from engines.image_core.composition.fields import (
    Coordinate,
    Identifier,
    Model,
    Scale,
    between,
    exactly_one,
    finite,
)
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.composition.shapes import Paint

__all__ = ["DEFAULT_FONT", "Font", "FontSource", "RasterSource", "Transform"]


class RasterSource(Model):
    """Where a raster layer's pixels come from: exactly one of a local path, an asset of the same tenant
    and env, a paint, the base64 of an image file, or a part of a Photoshop file."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    color: Paint | None = None
    data: Annotated[str, Strict(), Field(min_length=1)] | None = None
    psd: PsdPart | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "color", "data", "psd")
        return self


class FontSource(Model):
    """A font file: exactly one of a local path or an asset of the same tenant and env, and of a collection
    which of its fonts, counted from 0."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    index: Annotated[int, Strict(), AfterValidator(between(0, 65535))] = 0

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id")
        return self


def _font_tag(value: Any) -> str:
    return "a font name" if isinstance(value, str) else "a font file"


Font = Annotated[
    Annotated[str, Strict(), Field(min_length=1), Tag("a font name")]
    | Annotated[FontSource, Tag("a font file")],
    Discriminator(_font_tag),
]
"""A family by name, or a font file."""

DEFAULT_FONT = "Source Sans Pro"


Anchor = Literal[
    "top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom", "bottom-right"
]


class Transform(Model):
    """Places a layer: its anchor point lands on (x, y) in the parent's pixels, scaled and then rotated
    clockwise by `rotation` degrees about that point. `scale_y` defaults to `scale`.

    The anchor is a point of the layer's box: a corner, the middle of a side ("top", "left") or the center."""

    x: Coordinate = 0.0
    y: Coordinate = 0.0
    scale: Scale = 1.0
    scale_y: Scale | None = None
    rotation: Annotated[float, Strict(), AfterValidator(finite)] = 0.0
    anchor: Anchor = "top-left"
