"""What layers draw in all, seen or not: what gradients and patterns of effects are aligned with."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction

from engines.image_core.composition.effects import Effect, GradientOverlay, PatternOverlay, StrokeEffect
from engines.image_core.models import GroupLayer, Layer, LayerBase, LayerPath
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import Sources
from engines.image_core.planning.effects import has_effects
from engines.image_core.planning.needed import group_affine
from engines.image_core.planning.placement import outward
from engines.image_core.planning.stacking import union

__all__ = ["bounded_layers", "bounds_of"]


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


def bounds_of(
    path: LayerPath, layer: LayerBase, canvas: Rect, sources: Sources, shown: Container[LayerPath]
) -> Rect:
    """The parent's pixels that a layer draws, where that was asked for; of a group, those of its layers.

    shown: the paths of all layers that may show.
    """
    if not isinstance(layer, GroupLayer):
        return sources.bounds.get(path, Rect(0, 0, 0, 0))
    inside = union(
        bounds_of((*path, index), inner, canvas, sources, shown)
        for index, inner in enumerate(layer.layers)
        if (*path, index) in shown
    )
    edges = map(Fraction, (inside.left, inside.top, inside.right, inside.bottom))
    return inside if inside.empty else outward(group_affine(layer, canvas).bounds(*edges))
