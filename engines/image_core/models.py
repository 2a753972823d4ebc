"""The composition: what a caller writes, checked once, frozen afterwards.

Every model forbids unknown fields. Numbers are strict (no "1.5" for 1.5) and finite; nothing is clamped.
`ImageComposition` reports the first fault as one `CompositionError` line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from engines.image_core.composition.adjustments import Adjustment, Adjustments
from engines.image_core.composition.arrays import NO_JSON
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.color_profiles import OutputProfile, ProfileSource
from engines.image_core.composition.effects import BackdropBlur
from engines.image_core.composition.faults import explain
from engines.image_core.composition.fields import CanvasSide, Color, Identifier, Model
from engines.image_core.composition.filters import BlurFilter, Filter, SharpenFilter
from engines.image_core.composition.layer_base import LayerBase, PlacedLayer
from engines.image_core.composition.layers import (
    PASS_THROUGH,
    AdjustmentLayer,
    GroupLayer,
    Layer,
    LayerPath,
    RasterLayer,
    TextLayer,
    VectorLayer,
    check_clips,
    layer_label,
)
from engines.image_core.composition.masks import Mask
from engines.image_core.composition.options import BitDepth, BlendIf, BlendRange
from engines.image_core.composition.sources import Font, FontSource, RasterSource, Transform
from engines.image_core.errors import CompositionError
from engines.image_core.runtime.limits import MAX_BACKDROP_BLURS, MAX_GROUP_DEPTH

__all__ = [
    "PASS_THROUGH",
    "Adjustment",
    "AdjustmentLayer",
    "Adjustments",
    "BlendIf",
    "BlendMode",
    "BlendRange",
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
    "PlacedLayer",
    "ProfileSource",
    "RasterLayer",
    "RasterSource",
    "SharpenFilter",
    "TextLayer",
    "Transform",
    "VectorLayer",
    "layer_label",
]


class ImageComposition(Model):
    """A canvas and its layers, bottom first. Constructing an invalid one raises `CompositionError`.

    With a `bit_depth` of 8, what a layer makes of those below it is rounded to 8 bits before the next one, as
    in Photoshop's documents of 8 bits; with 16 it is 0 ... 2^15, as in those of 16.

    With a `color_profile` it is composited in that space, as Photoshop composites a document in its own:
    colours and parts of Photoshop files are values of it, pictures are converted to it, and the finished
    picture from it to sRGB, or with an `output_profile` of "keep" not at all.
    """

    _told_as = "composition"

    tenant_id: Identifier
    env: Identifier
    width: CanvasSide
    height: CanvasSide
    background_color: Color = "#00000000"
    bit_depth: BitDepth = 16
    color_profile: ProfileSource | None = None
    output_profile: OutputProfile = "srgb"
    layers: Annotated[tuple[Layer, ...], AfterValidator(check_clips)] = ()

    @model_validator(mode="after")
    def _check_depth(self) -> Self:
        depth = max((len(path) for path, _ in self.walk()), default=1)
        if depth > MAX_GROUP_DEPTH + 1:
            raise ValueError(f"groups nest {depth - 1} deep: allowed is {MAX_GROUP_DEPTH}")
        return self

    @model_validator(mode="after")
    def _check_backdrop_blurs(self) -> Self:
        placed = (layer for _, layer in self.walk() if isinstance(layer, PlacedLayer))
        count = sum(isinstance(effect, BackdropBlur) for layer in placed for effect in layer.effects)
        if count > MAX_BACKDROP_BLURS:
            raise ValueError(f"{count} backdrop blurs are too many: allowed are {MAX_BACKDROP_BLURS}")
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _one_line(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise CompositionError(explain(error, data, cls)) from None

    def model_dump_json(self, **options: Any) -> str:
        """As pydantic's.

        Raises:
            CompositionError: a layer draws a picture in memory.
        """
        self._check_no_arrays()
        return super().model_dump_json(**options)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """As pydantic's.

        Raises:
            CompositionError: it is to be JSON, and a layer draws a picture in memory.
        """
        if options.get("mode") == "json":
            self._check_no_arrays()
        return super().model_dump(**options)

    def _check_no_arrays(self) -> None:
        for path, layer in self.walk():
            if isinstance(layer, RasterLayer) and layer.source.array is not None:
                raise CompositionError(f"{layer_label(path, layer)}, source.array: {NO_JSON}")

    @classmethod
    def canvas(
        cls, width: int, height: int, *, tenant_id: str = "local", env: str = "local", **fields: Any
    ) -> Self:
        """An empty composition, to which `add` adds.

        Args:
            width, height: in pixels.
            tenant_id, env: whose it is, where artifacts and assets are kept; no pixel depends on them.
            fields: the others of a composition, such as background_color.

        Raises:
            CompositionError: a field is not there, or its value is not allowed.
        """
        return cls(tenant_id=tenant_id, env=env, width=width, height=height, **fields)

    def add(self, *layers: Layer) -> Self:
        """A composition with more layers on top, the last one topmost; this one stays as it is.

        Raises:
            CompositionError: it would not be valid, as with a clipped layer at the bottom.
        """
        for layer in layers:
            if isinstance(layer, list | tuple):
                raise CompositionError("add: a list is not allowed: give its layers one by one, add(*layers)")
        return type(self)(**{**dict(self), "layers": (*self.layers, *layers)})

    def walk(self) -> Iterator[tuple[LayerPath, Layer]]:
        """All layers with their paths, parents before children, bottom first."""
        yield from _walk((), self.layers)


def _walk(prefix: LayerPath, layers: tuple[Layer, ...]) -> Iterator[tuple[LayerPath, Layer]]:
    for index, layer in enumerate(layers):
        yield (*prefix, index), layer
        if isinstance(layer, GroupLayer):
            yield from _walk((*prefix, index), layer.layers)
