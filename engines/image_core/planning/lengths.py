"""Percentages of a parent's box as pixels: the one place that resolves them, before anything is planned.

The parent is the canvas, or the group that a layer lies in, whose box is the canvas too. A percentage becomes
the number that is nearest to its exact value: the layer is as if that number had been written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from engines.image_core.composition.fields import Coordinate, Length, share_of
from engines.image_core.composition.layers import check_passes_through
from engines.image_core.errors import CompositionError
from engines.image_core.models import (
    PASS_THROUGH,
    GroupLayer,
    ImageComposition,
    Layer,
    LayerPath,
    PlacedLayer,
    TextLayer,
    layer_label,
)

__all__ = ["check_resolved", "resolved"]

_Size: TypeAlias = tuple[int, int]

_SIDES = {"width": 0, "height": 1, "box_width": 0, "box_height": 1}
_PLACES = {"x": 0, "y": 1}
_LENGTH: TypeAdapter[float] = TypeAdapter(Length)
_COORDINATE: TypeAdapter[float] = TypeAdapter(Coordinate)


def resolved(composition: ImageComposition) -> ImageComposition:
    """The composition with pixels in place of all percentages; itself where there are none.

    Raises:
        CompositionError: a percentage is of so many pixels as may not be written.
    """
    size = composition.width, composition.height
    layers = _layers((), composition.layers, size)
    return composition if layers is composition.layers else composition.model_copy(update={"layers": layers})


def check_resolved(layer: TextLayer, label: str) -> None:
    """Refuse a text without a canvas whose box, or place, is a part of one."""
    for place, value, _, _ in _percentages(layer):
        raise CompositionError(f"{label}, {place}: {value!r} is a part of a canvas, and there is none")


def _layers(prefix: LayerPath, layers: tuple[Layer, ...], parent: _Size) -> tuple[Layer, ...]:
    """Layers of one parent; the same object where nothing is to be resolved."""
    changed = tuple(_layer((*prefix, index), layer, parent) for index, layer in enumerate(layers))
    return changed if any(new is not old for new, old in zip(changed, layers, strict=True)) else layers


def _layer(path: LayerPath, layer: Layer, parent: _Size) -> Layer:
    label = layer_label(path, layer)
    found = {
        place: _pixels(value, parent[axis], f"{label}, {place}", kind)
        for place, value, axis, kind in _percentages(layer)
    }
    own: dict[str, object] = {name: value for name, value in found.items() if "." not in name}
    moved = {name.partition(".")[2]: value for name, value in found.items() if "." in name}
    if moved and isinstance(layer, PlacedLayer):
        own["transform"] = layer.transform.model_copy(update=moved)
    if isinstance(layer, GroupLayer):
        inside = _layers(path, layer.layers, parent)
        own |= {} if inside is layer.layers else {"layers": inside}
    if not own:
        return layer
    made = layer.model_copy(update=own)
    if isinstance(made, GroupLayer) and made.blend_mode == PASS_THROUGH:
        try:
            check_passes_through(made)
        except ValueError as error:
            raise CompositionError(f"{label}: {error}") from error
    return made


def _percentages(layer: Layer) -> Iterator[tuple[str, str, int, TypeAdapter[float]]]:
    """The percentages among a layer's fields: each one's place, itself, its axis and what it may become."""
    if not isinstance(layer, PlacedLayer):
        return
    for name, axis in _SIDES.items():
        if isinstance(value := getattr(layer, name, None), str):
            yield name, value, axis, _LENGTH
    for name, axis in _PLACES.items():
        if isinstance(value := getattr(layer.transform, name), str):
            yield f"transform.{name}", value, axis, _COORDINATE


def _pixels(percentage: str, whole: int, label: str, kind: TypeAdapter[float]) -> float:
    length = float(share_of(percentage) * whole)
    try:
        return kind.validate_python(length)
    except ValidationError as error:
        told = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise CompositionError(f"{label}: {percentage!r} of {whole} pixels is {length:g}: {told}") from None
