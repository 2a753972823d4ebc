"""The composition: what a caller writes, checked once, frozen afterwards.

Every model forbids unknown fields. Numbers are strict (no "1.5" for 1.5) and finite; nothing is clamped.
`ImageComposition` reports the first fault as one `CompositionError` line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    Strict,
    Tag,
    ValidationError,
    model_validator,
)

from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fields import (
    CanvasSide,
    Color,
    Coordinate,
    Flag,
    Identifier,
    Length,
    Model,
    Scale,
    Unit,
    between,
    exactly_one,
    explain,
    finite,
)
from engines.image_core.composition.filters import BlurFilter, Filter, SharpenFilter, check_filters
from engines.image_core.composition.masks import Mask
from engines.image_core.composition.shapes import Fill, Paint, Shape
from engines.image_core.errors import CompositionError
from engines.image_core.runtime.limits import MAX_GROUP_DEPTH, MAX_TEXT

__all__ = [
    "Adjustments",
    "BlendMode",
    "BlurFilter",
    "Filter",
    "Font",
    "FontSource",
    "GroupLayer",
    "ImageComposition",
    "Layer",
    "LayerBase",
    "LayerPath",
    "Mask",
    "RasterLayer",
    "RasterSource",
    "SharpenFilter",
    "TextLayer",
    "Transform",
    "VectorLayer",
    "layer_label",
]

LayerPath = tuple[int, ...]
"""Where a layer sits: (2, 0) is the first child of the third layer."""


class RasterSource(Model):
    """Where a raster layer's pixels come from: exactly one of a local path, an asset of the same tenant
    and env, a paint, or the base64 of an image file."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    color: Fill | None = None
    data: Annotated[str, Strict(), Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "color", "data")
        return self


class FontSource(Model):
    """A font file: exactly one of a local path or an asset of the same tenant and env."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None

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


class Transform(Model):
    """Places a layer: its anchor point lands on (x, y) in the parent's pixels, scaled and then rotated
    clockwise by `rotation` degrees about that point. `scale_y` defaults to `scale`."""

    x: Coordinate = 0.0
    y: Coordinate = 0.0
    scale: Scale = 1.0
    scale_y: Scale | None = None
    rotation: Annotated[float, Strict(), AfterValidator(finite)] = 0.0
    anchor: Literal["top-left", "center"] = "top-left"


PLANNED = frozenset({"id", "name", "visible", "opacity", "blend_mode", "adjustments", "filters", "mask"})
"""Fields that what a layer draws does not depend on: the plan applies them, or they only name it."""


class LayerBase(Model):
    """The fields every layer has."""

    id: str | None = None
    name: str | None = None
    visible: Flag = True
    transform: Transform = Transform()
    opacity: Unit = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    adjustments: Adjustments = Adjustments()
    filters: Annotated[tuple[Filter, ...], AfterValidator(check_filters)] = ()
    mask: Mask | None = None

    def drawing(self, *but: str) -> dict[str, Any]:
        """All that decides what the layer draws, as JSON holds it: every field that is not in `PLANNED`.

        What is at its default is left out: a field added later changes no hash of what does not use it.

        Args:
            but: fields that the caller accounts for in another way.
        """
        return self.model_dump(mode="json", exclude={*PLANNED, *but}, exclude_defaults=True)


class RasterLayer(LayerBase):
    """A picture or a paint.

    With a fit, the picture is brought into a box of width x height (a missing side follows the picture's
    proportions, both missing is the canvas): cover crops, contain leaves margins, fill stretches. A paint
    fills width x height, by default the canvas.
    """

    type: Literal["raster"]
    source: RasterSource
    fit: Literal["none", "cover", "contain", "fill"] = "none"
    width: Length | None = None
    height: Length | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        paint = self.source.color is not None
        if paint and self.fit != "none":
            raise ValueError("fit is for pictures; a color source fills its width and height")
        if not paint and self.fit == "none" and (self.width is not None or self.height is not None):
            raise ValueError("width and height of a picture need fit cover, contain or fill")
        return self


class TextLayer(LayerBase):
    """Text in one font and paint. A gradient spans the box of the glyphs' ink.

    `box_width` wraps lines; `box_height` bounds them, with `auto_fit` shrinking the size until all fits.
    `line_height` is in multiples of the size, `letter_spacing` in pixels.
    """

    type: Literal["text"]
    text: Annotated[str, Strict(), Field(min_length=1, max_length=MAX_TEXT)]
    font: Font = "Source Sans Pro"
    weight: Annotated[int, Strict(), AfterValidator(between(1, 1000))] = 400
    italic: Flag = False
    size: Annotated[float, Strict(), AfterValidator(between(1, 4096))] = 48.0
    color: Paint = "#000000"
    align: Literal["left", "center", "right"] = "left"
    box_width: Length | None = None
    box_height: Length | None = None
    line_height: Annotated[float, Strict(), AfterValidator(between(0.1, 10))] = 1.2
    letter_spacing: Annotated[float, Strict(), AfterValidator(between(-1000, 1000))] = 0.0
    auto_fit: Flag = False
    missing_glyphs: Literal["error", "box"] = "error"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.auto_fit and (self.box_width is None or self.box_height is None):
            raise ValueError("auto_fit needs box_width and box_height")
        return self


class VectorLayer(LayerBase):
    """A drawing: an SVG document, or shapes painted in order. `width` and `height` size an SVG (a missing
    side follows its proportions, both missing is its own size); the box of shapes is the canvas."""

    type: Literal["vector"]
    svg: Annotated[str, Strict(), Field(min_length=1)] | None = None
    shapes: Annotated[tuple[Shape, ...], Field(min_length=1)] | None = None
    width: Length | None = None
    height: Length | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "svg", "shapes")
        if self.shapes is not None and (self.width is not None or self.height is not None):
            raise ValueError("width and height size an svg; shapes have their own coordinates")
        return self


class GroupLayer(LayerBase):
    """Layers composited in isolation (over transparency), then placed and blended as one layer. The group's
    box is the canvas."""

    type: Literal["group"]
    layers: tuple[Layer, ...]


Layer = Annotated[RasterLayer | TextLayer | VectorLayer | GroupLayer, Field(discriminator="type")]
GroupLayer.model_rebuild()


class ImageComposition(Model):
    """A canvas and its layers, bottom first. Constructing an invalid one raises `CompositionError`."""

    tenant_id: Identifier
    env: Identifier
    width: CanvasSide
    height: CanvasSide
    background_color: Color = "#00000000"
    layers: tuple[Layer, ...] = ()

    @model_validator(mode="after")
    def _check_depth(self) -> Self:
        depth = max((len(path) for path, _ in self.walk()), default=1)
        if depth > MAX_GROUP_DEPTH + 1:
            raise ValueError(f"groups nest {depth - 1} deep: allowed is {MAX_GROUP_DEPTH}")
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _one_line(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise CompositionError(explain(error, data)) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read a composition from JSON.

        Raises:
            CompositionError: the text is not JSON, or not a valid composition.
        """
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise CompositionError(explain(error, None)) from None

    def walk(self) -> Iterator[tuple[LayerPath, Layer]]:
        """All layers with their paths, parents before children, bottom first."""
        yield from _walk((), self.layers)


def _walk(prefix: LayerPath, layers: tuple[Layer, ...]) -> Iterator[tuple[LayerPath, Layer]]:
    for index, layer in enumerate(layers):
        yield (*prefix, index), layer
        if isinstance(layer, GroupLayer):
            yield from _walk((*prefix, index), layer.layers)


def layer_label(path: LayerPath, layer: LayerBase | None = None) -> str:
    """How messages name a layer: `layer "headline" (layers[3])`, or `layers[3]` when it has no name or id."""
    place = ".".join(f"layers[{index}]" for index in path)
    title = layer and (layer.name or layer.id)
    return f"layer {title!r} ({place})" if title else place
