"""What of its parent's pixels each layer must draw: what is seen of it, and what is read around that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.effects import Effect, GradientOverlay, PatternOverlay, StrokeEffect
from engines.image_core.composition.layers import clip_runs
from engines.image_core.models import (
    PASS_THROUGH,
    AdjustmentLayer,
    GroupLayer,
    ImageComposition,
    Layer,
    LayerPath,
    PlacedLayer,
)
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.effects import effect_reach, has_effects
from engines.image_core.planning.filtering import filter_reach
from engines.image_core.planning.fitting import layer_affine
from engines.image_core.planning.options import opacity15
from engines.image_core.planning.placement import area_read

__all__ = ["blend_of", "bounded_layers", "group_affine", "inner_area", "needed_areas", "read_around"]


def needed_areas(composition: ImageComposition) -> dict[LayerPath, Rect]:
    """For each layer that may show, the area of its parent's pixels that it must draw: what is seen of it and
    what its filters read around that."""
    canvas = Rect(0, 0, composition.width, composition.height)
    return dict(_needed((), composition.layers, canvas, canvas))


def bounded_layers(layers: Sequence[tuple[LayerPath, Layer]]) -> set[LayerPath]:
    """The layers whose bounds are asked for: those with a gradient or a pattern among their effects, and all
    that lie in such a group. Parents come before what is in them."""
    bounded: set[LayerPath] = set()
    for path, layer in layers:
        within = any(path[:length] in bounded for length in range(1, len(path)))
        if within or (has_effects(layer) and any(map(_aligned, layer.effects))):
            bounded.add(path)
    return bounded


def _aligned(effect: Effect) -> bool:
    """Whether a paint of an effect is aligned with the layer."""
    match effect:
        case GradientOverlay() | PatternOverlay():
            return effect.align == "layer"
        case StrokeEffect():
            return not isinstance(effect.color, str)
    return False


def _needed(
    prefix: LayerPath, layers: tuple[Layer, ...], seen: Rect, canvas: Rect
) -> Iterator[tuple[LayerPath, Rect]]:
    for run in clip_runs(layers):
        for index, layer in run:
            shown = seen.intersect(canvas) if layer.held_to_canvas else seen
            if not layer.visible or not _shows(layer) or shown.empty:
                if layer.clip:
                    continue
                break  # what is clipped to it does not show either
            path = (*prefix, index)
            area = shown if isinstance(layer, AdjustmentLayer) else shown.expand(read_around(layer))
            yield path, area
            if isinstance(layer, GroupLayer):
                yield from _needed(path, layer.layers, inner_area(layer, area, canvas), canvas)


def _shows(layer: Layer) -> bool:
    """Whether there may be something to see of a layer: of its fill or of its effects."""
    return (has_effects(layer) and layer.opacity > 0) or opacity15(layer, blend_of(layer)) != 0


def read_around(layer: PlacedLayer) -> int:
    """How many pixels beyond an area the layer's filters and effects may read."""
    return filter_reach(layer) + effect_reach(layer)


def inner_area(group: GroupLayer, area: Rect, canvas: Rect) -> Rect:
    """The area of a group's own space that shows in an area of its parent's."""
    return area_read(group_affine(group, canvas), area)


def group_affine(group: GroupLayer, canvas: Rect) -> Affine:
    """From a group's own space, whose box is the canvas, to its parent's pixels."""
    return layer_affine(group.transform, Fraction(canvas.width), Fraction(canvas.height))


def blend_of(layer: Layer) -> BlendMode:
    """A layer's mode; that of a group that is passed through has no meaning."""
    return BlendMode.NORMAL if layer.blend_mode == PASS_THROUGH else layer.blend_mode
