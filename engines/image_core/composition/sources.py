"""Where layers' pixels come from, and where they are placed."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    Strict,
    Tag,
    model_serializer,
    model_validator,
)

from engines.image_core.composition.arrays import Array, file_as_base64, written_array
from engines.image_core.composition.fields import (
    Identifier,
    Model,
    Position,
    Scale,
    between,
    exactly_one,
    finite,
)
from engines.image_core.composition.fills import Frame, check_frame
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.composition.shapes import Paint

__all__ = ["DEFAULT_FONT", "Font", "FontSource", "RasterSource", "Transform"]


class RasterSource(Model):
    """Where a raster layer's pixels come from: exactly one of a local path, an asset of the same tenant
    and env, a paint, the base64 of an image file, a part of a Photoshop file, or, in Python, a picture in
    memory.

    `array` takes what `frozen_pixels` does, a NumPy array, a PIL image or an object that shares its memory as
    one, and copies it; an open binary file, or its bytes, become `data`. It is not written to JSON: trying is
    a `CompositionError`.

    `frame`: of an animation or pages the one that is taken, counted from 0.
    """

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    color: Paint | None = None
    data: Annotated[str, Strict(), Field(min_length=1)] | None = None
    psd: PsdPart | None = None
    array: Array = None
    frame: Frame = 0

    @classmethod
    def of(cls, picture: Any) -> Self:
        """The source that a picture is: a path (str or os.PathLike), or what `array` takes."""
        if isinstance(picture, str | os.PathLike):
            return cls(path=os.fspath(picture))
        return cls(array=picture)

    @model_validator(mode="before")
    @classmethod
    def _read_file(cls, given: Any) -> Any:
        """Have an open file in `array` count as its content."""
        if not isinstance(given, dict) or given.get("array") is None or given.get("data") is not None:
            return given
        data = file_as_base64(given["array"])
        return given if data is None else {**given, "array": None, "data": data}

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "color", "data", "psd", "array")
        check_frame(self)
        return self

    @model_serializer(mode="wrap")
    def _written(self, written: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        fields: dict[str, Any] = written(self)
        if self.array is not None:
            fields["array"] = written_array(self.array, info.context, to_json=info.mode == "json")
        return fields


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


NamedPoint: TypeAlias = Literal[
    "top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom", "bottom-right"
]
"""A point of a box: a corner, the middle of a side, or the centre."""


def point_tag(value: Any) -> str:
    """What tells a point of a box in numbers from one that is named."""
    return "a point" if isinstance(value, list | tuple) else "a name"


_Share = Annotated[float, Strict(), AfterValidator(between(-1000, 1000))]
Anchor = Annotated[
    Annotated[NamedPoint, Tag("a name")] | Annotated[tuple[_Share, _Share], Tag("a point")],
    Discriminator(point_tag),
]
"""A point of a box, by name or as fractions of its width and height."""


def point_of(named: NamedPoint) -> tuple[Fraction, Fraction]:
    """The same as fractions of the box's width and height."""
    parts = named.split("-")
    return _along(parts, "left", "right"), _along(parts, "top", "bottom")


def _along(parts: list[str], start: str, end: str) -> Fraction:
    return Fraction(0) if start in parts else Fraction(1) if end in parts else Fraction(1, 2)


class Transform(Model):
    """Places a layer: its anchor point lands on (x, y) in the parent's pixels, scaled and then rotated
    clockwise by `rotation` degrees about that point. `scale_y` defaults to `scale`.

    The anchor is a point of the layer's box: a corner, the middle of a side ("top", "left"), the center, or
    any (x, y) in fractions of the box. A percentage for x or y is one of the parent's width or height."""

    x: Position = 0.0
    y: Position = 0.0
    scale: Scale = 1.0
    scale_y: Scale | None = None
    rotation: Annotated[float, Strict(), AfterValidator(finite)] = 0.0
    anchor: Anchor = "top-left"
