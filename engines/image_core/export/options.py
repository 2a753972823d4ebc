"""Formats and what may be chosen about each: frozen models, whose faults are one `ExportError` line."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Strict,
    ValidationError,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler

from engines.image_core.composition.colors import canonical_color
from engines.image_core.composition.faults import explain
from engines.image_core.composition.fields import Flag, Model
from engines.image_core.composition.guessing import guess
from engines.image_core.errors import ExportError

__all__ = [
    "AvifOptions",
    "Effort",
    "ExportOptions",
    "Format",
    "JpegOptions",
    "PngOptions",
    "Subsampling",
    "WebpOptions",
    "format_of",
    "parse_format",
    "parse_options",
]

Effort = Literal["fast", "balanced", "small"]
"""Time for bytes: "fast" takes the least time, "small" gives the smallest file."""

Subsampling = Literal["4:4:4", "4:2:0"]
"""Colour for every pixel, or for every second one of every second row."""


class Format(StrEnum):
    """A file format that pixels can be written in."""

    PNG = "png"
    WEBP = "webp"
    JPEG = "jpeg"
    AVIF = "avif"

    @property
    def content_type(self) -> str:
        """The media type, such as image/png."""
        return f"image/{self.value}"


def _whole(low: int, high: int) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"allowed is a whole number, {low} to {high}")
        return value

    return BeforeValidator(check)


def _opaque_color(value: str) -> str:
    color = canonical_color(value)
    if len(color) == 9:
        raise ValueError("allowed is a color without transparency")
    return color


class _Options(Model):
    format: ClassVar[Format]
    effort: Effort = "balanced"

    @property
    def key(self) -> str:
        """A name for these options: the format, and the settings that are not its defaults."""
        changed = self.model_dump(exclude_defaults=True)
        settings = ",".join(f"{name}={value}" for name, value in sorted(changed.items()))
        return f"{self.format}:{settings}" if settings else self.format.value

    @model_validator(mode="wrap")
    @classmethod
    def _one_line(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise ExportError(explain(error, data, cls, cls.format.value)) from None


class PngOptions(_Options):
    """PNG, which keeps every byte. Invalid options raise `ExportError`.

    Attributes:
        effort: "fast" filters every row alike; "balanced" chooses a filter by row and compresses more;
            "small" also takes a palette or grey where they hold the picture exactly, the smallest of all.
    """

    format = Format.PNG
    effort: Effort = "fast"


class WebpOptions(_Options):
    """WEBP, at most 16383 pixels a side. Invalid options raise `ExportError`.

    Attributes:
        quality: 0 (smallest) to 100 (best) of the lossy coding; alpha is always kept exactly.
        lossless: keep every byte, colours under alpha 0 included; such a file takes no quality.
        effort: libwebp's method.
    """

    format = Format.WEBP
    quality: Annotated[int, _whole(0, 100)] = 90
    lossless: Flag = False

    @model_validator(mode="after")
    def _check_quality(self) -> Self:
        if self.lossless and "quality" in self.model_fields_set:
            raise ExportError(f"{self.format}: a lossless file takes no quality")
        return self


class JpegOptions(_Options):
    """JPEG, without transparency, at most 65500 pixels a side. Invalid options raise `ExportError`.

    Attributes:
        quality: 1 (smallest) to 100 (best).
        subsampling: "4:4:4" keeps colour at full resolution; "4:2:0" halves it in both directions.
        matte: "#rrggbb", the colour that a picture with transparency is laid on; without it such a picture is
            an error. An opaque picture needs none.
        effort: "balanced" counts symbols for its Huffman codes, "small" is progressive.
    """

    format = Format.JPEG
    quality: Annotated[int, _whole(1, 100)] = 90
    subsampling: Subsampling = "4:4:4"
    matte: Annotated[str, Strict(), AfterValidator(_opaque_color)] | None = None


class AvifOptions(_Options):
    """AVIF, 4:2:0, at most 65536 pixels a side. Invalid options raise `ExportError`.

    Attributes:
        quality: 0 (smallest) to 100 (best), of colour and of alpha; not even 100 keeps every byte.
        effort: libaom's speed.
    """

    format = Format.AVIF
    quality: Annotated[int, _whole(0, 100)] = 75


ExportOptions = PngOptions | WebpOptions | JpegOptions | AvifOptions

_OPTIONS: dict[Format, type[ExportOptions]] = {
    Format.PNG: PngOptions,
    Format.WEBP: WebpOptions,
    Format.JPEG: JpegOptions,
    Format.AVIF: AvifOptions,
}


def format_of(name: str) -> Format:
    """The format that the suffix of a file's name stands for.

    Raises:
        ExportError: it stands for none.
    """
    suffix = PurePath(name).suffix.removeprefix(".").lower()
    suffix = "jpeg" if suffix == "jpg" else suffix
    if suffix not in set(Format):
        *most, last = (".jpg" if format is Format.JPEG else f".{format}" for format in Format)
        allowed = f"{', '.join(most)} or {last}"
        near = guess(suffix, Format) or ":"
        raise ExportError(f"output {name!r}: its suffix is not of a format{near} allowed is {allowed}")
    return Format(suffix)


def parse_format(format: Format | str) -> Format:
    """A format by its name.

    Raises:
        ExportError: no such format.
    """
    try:
        return Format(format)
    except ValueError:
        allowed = ", ".join(list(Format)[:-1])
        raise ExportError(
            f"format: {format!r} is not allowed{guess(format, Format) or ':'}"
            f" allowed is {allowed} or {list(Format)[-1]}"
        ) from None


def parse_options(format: Format | str, **settings: Any) -> ExportOptions:
    """The options of a format from settings by name; one that is None is left at its default.

    Raises:
        ExportError: no such format, it has no such setting, or a value is not allowed.
    """
    chosen = parse_format(format)
    model = _OPTIONS[chosen]
    given = {name: value for name, value in settings.items() if value is not None}
    for name in given:
        if name not in model.model_fields:
            known = ", ".join(model.model_fields)
            near = guess(name, model.model_fields) or ":"
            raise ExportError(f"{name}: {chosen} has no such setting{near} it has {known}")
    return model(**given)
