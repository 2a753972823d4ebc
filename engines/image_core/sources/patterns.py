"""Patterns among the paints of text and shapes: where they are named, their pictures, their pixels.

A pattern's pixels are those of the plan's steps for the patterns of raster layers, evaluated here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.composition.fills import PatternFill, PictureSource
from engines.image_core.composition.shapes import Shape
from engines.image_core.models import Layer, TextLayer, VectorLayer
from engines.image_core.numbers.fixed import Plane
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.fills import repeated
from engines.image_core.reference.evaluate import evaluate_step

__all__ = ["NO_PICTURES", "PatternPictures", "PatternPixels", "by_content", "painted_patterns"]

PatternPictures: TypeAlias = Mapping[PictureSource, DecodedImage]
"""What the sources of patterns are decoded to."""

NO_PICTURES: PatternPictures = MappingProxyType({})


def painted_patterns(layer: Layer) -> Iterator[tuple[str, PatternFill]]:
    """The patterns that a layer's text, shapes and shapes of masks are painted with, with the names of their
    fields."""
    for name, paint in _paints(layer):
        if isinstance(paint, PatternFill):
            yield name, paint


def _paints(layer: Layer) -> Iterator[tuple[str, object]]:
    for name, mask in layer.named_masks:
        yield from _of_shapes(f"{name}.vector", mask.vector or ())
    match layer:
        case TextLayer():
            yield "color", layer.color
            if layer.background is not None:
                yield "background.fill", layer.background.fill
            for index, run in enumerate(layer.runs or ()):
                yield f"runs[{index}].color", run.color
                if run.background is not None:
                    yield f"runs[{index}].background.fill", run.background.fill
        case VectorLayer():
            yield from _of_shapes("shapes", layer.shapes or ())


def _of_shapes(field: str, shapes: Sequence[Shape]) -> Iterator[tuple[str, object]]:
    for index, shape in enumerate(shapes):
        yield f"{field}[{index}].fill", shape.fill
        if shape.stroke is not None:
            yield f"{field}[{index}].stroke.color", shape.stroke.color


def by_content(description: Any, pictures: PatternPictures) -> Any:
    """What a layer's fields are as JSON, with the pictures of patterns by their content hashes, whatever
    names them."""
    if isinstance(description, list):
        return [by_content(part, pictures) for part in description]
    if not isinstance(description, dict):
        return description
    if description.get("type") == "pattern":
        picture = pictures[PictureSource.model_validate(description["source"])]
        return {**description, "source": picture.content_hash}
    return {name: by_content(part, pictures) for name, part in description.items()}


class PatternPixels:
    """A pattern over an area, made when the first part of it is asked for.

    Args:
        fill: the pattern.
        picture: its picture.
        to_pixels: from the pixels of the painted box, whose corner is at 0, 0, to those of the layer's
            parent.
        area: the parent's pixels that may be asked for.
    """

    def __init__(self, fill: PatternFill, picture: DecodedImage, to_pixels: Affine, area: Rect) -> None:
        self._fill = fill
        self._picture = picture
        self._to_pixels = to_pixels
        self._area = area

    def over(self, region: Rect) -> Plane:
        """The pixels of a region within the area: int32, shape (4, region.height, region.width), straight
        15-bit colour and alpha."""
        part = region.shift(-self._area.left, -self._area.top)
        return self._all[:, part.top : part.bottom, part.left : part.right].astype(np.int32)

    @cached_property
    def _all(self) -> NDArray[np.uint16]:
        placed = repeated(self._fill, self._picture, self._to_pixels, self._area)
        if placed is None:
            return np.zeros((4, self._area.height, self._area.width), np.uint16)
        return evaluate_step(placed.image).astype(np.uint16, copy=False)
