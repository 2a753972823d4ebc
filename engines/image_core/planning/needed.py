"""What of its parent's pixels each layer must draw: what is seen of it, what its filters and effects read
around that, and what is read of it by layers above it that show their backdrop."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from engines.image_core.composition.blending import BlendMode
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
from engines.image_core.planning.backdrop import backdrop_reach, read_within
from engines.image_core.planning.decoded import Needed
from engines.image_core.planning.effects import effect_reach, has_effects
from engines.image_core.planning.entries import EVERYWHERE
from engines.image_core.planning.filtering import filter_reach
from engines.image_core.planning.fitting import layer_affine
from engines.image_core.planning.options import opacity15
from engines.image_core.planning.placement import area_read

__all__ = ["blend_of", "group_affine", "inner_area", "is_through", "needed_areas", "window_in"]


def needed_areas(composition: ImageComposition) -> dict[LayerPath, Needed]:
    """For each layer that may show, what of its parent's pixels it is needed in."""
    canvas = Rect(0, 0, composition.width, composition.height)
    return dict(_needed((), composition.layers, canvas, canvas, canvas))


_Found: TypeAlias = Generator[tuple[LayerPath, Needed], None, Rect]
"""Layers with what they are needed in; what is returned is what is seen or read of what lies below them."""


def _needed(prefix: LayerPath, layers: tuple[Layer, ...], seen: Rect, canvas: Rect, window: Rect) -> _Found:
    """From the top down, for what is read of a layer is known from those above it. window: see `Below`."""
    for run in reversed([*clip_runs(layers)]):
        if not _may_show(run[0][1], seen, canvas):
            continue  # what is clipped to it does not show either
        for index, layer in reversed(run):
            if _may_show(layer, seen, canvas):
                seen = yield from _layer_needed((*prefix, index), layer, seen, canvas, window, len(run) > 1)
    return seen


def _layer_needed(
    path: LayerPath, layer: Layer, seen: Rect, canvas: Rect, window: Rect, in_run: bool
) -> _Found:
    shown = _shown(layer, seen, canvas)
    area = shown if isinstance(layer, AdjustmentLayer) else shown.expand(_reach(layer))
    yield path, Needed(seen, area)
    if isinstance(layer, GroupLayer):
        inner, within = inner_area(layer, area, canvas), window_in(layer, window, canvas)
        below = yield from _needed(path, layer.layers, inner, canvas, within)
        move = group_affine(layer, canvas).whole_move
        if move is not None and is_through(layer, in_run):
            seen = seen.union(below.shift(*move))
    reach = backdrop_reach(layer)
    return seen if reach is None else seen.union(read_within(shown.expand(reach), window))


def _shown(layer: Layer, seen: Rect, canvas: Rect) -> Rect:
    return seen.intersect(canvas) if layer.held_to_canvas else seen


def _may_show(layer: Layer, seen: Rect, canvas: Rect) -> bool:
    """Whether there may be something to see of a layer in an area."""
    return layer.visible and _shows(layer) and not _shown(layer, seen, canvas).empty


def _shows(layer: Layer) -> bool:
    """Whether there may be something to see of a layer: of its fill or of its effects."""
    return (has_effects(layer) and layer.opacity > 0) or opacity15(layer, blend_of(layer)) != 0


def _reach(layer: PlacedLayer) -> int:
    """How many pixels beyond an area the layer's filters and effects may read."""
    return filter_reach(layer) + effect_reach(layer)


def is_through(layer: Layer, in_run: bool) -> TypeGuard[GroupLayer]:
    """Whether a layer is a group that its backdrop is passed through. in_run: it is a base of others, which
    is isolated, as what has effects is, or clipped to one."""
    alone = layer.clip or not in_run
    return isinstance(layer, GroupLayer) and layer.through and alone and not has_effects(layer)


def window_in(group: GroupLayer, window: Rect, canvas: Rect) -> Rect:
    """The window, see `Below`, of what lies in a group, in the group's own pixels: that of the group, but
    for one that is not only moved, or reads what is around the window."""
    move = group_affine(group, canvas).whole_move
    return EVERYWHERE if move is None or _reach(group) else window.shift(-move[0], -move[1])


def inner_area(group: GroupLayer, area: Rect, canvas: Rect) -> Rect:
    """The area of a group's own space that shows in an area of its parent's."""
    return area_read(group_affine(group, canvas), area)


def group_affine(group: GroupLayer, canvas: Rect) -> Affine:
    """From a group's own space, whose box is the canvas, to its parent's pixels."""
    return layer_affine(group.transform, Fraction(canvas.width), Fraction(canvas.height))


def blend_of(layer: Layer) -> BlendMode:
    """A layer's mode; that of a group that is passed through has no meaning."""
    return BlendMode.NORMAL if layer.blend_mode == PASS_THROUGH else layer.blend_mode
