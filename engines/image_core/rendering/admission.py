"""Who may come in: a composition measured against a renderer's limits before anything is decoded."""

from __future__ import annotations

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import ImageComposition, TextLayer, VectorLayer, layer_label
from engines.image_core.runtime.limits import RenderLimits

__all__ = ["admit", "too_long"]


def admit(composition: ImageComposition, limits: RenderLimits) -> None:
    """Refuse a composition for what is written in it.

    Raises:
        CompositionError: its canvas, layers, depth or a text is too large.
        SourceError: an SVG document is too long.
    """
    width, height = composition.width, composition.height
    if width * height > limits.canvas_pixels:
        raise CompositionError(
            f"canvas: {width} x {height} is too large: allowed are {limits.canvas_pixels:,} pixels"
        )
    for number, (path, layer) in enumerate(composition.walk(), 1):
        label = layer_label(path, layer)
        if number > limits.layers:
            raise CompositionError(f"{label}: there are too many layers: allowed are {limits.layers:,}")
        if len(path) - 1 > limits.depth:
            raise CompositionError(f"{label}: groups nest {len(path) - 1} deep: allowed is {limits.depth}")
        if isinstance(layer, TextLayer) and len(layer.characters) > limits.text_length:
            raise CompositionError(too_long(label, "text", layer.characters, limits.text_length))
        if isinstance(layer, VectorLayer) and len(layer.svg or "") > limits.svg_length:
            raise SourceError(too_long(label, "svg", layer.svg or "", limits.svg_length))


def too_long(label: str, field: str, value: str, limit: int) -> str:
    """The line that says that a field of a layer is too long."""
    return f"{label}, {field}: {len(value):,} characters are too many: allowed are {limit:,}"
