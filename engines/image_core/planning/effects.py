"""Layer effects as layers: paints that planes made of a layer's shape show, below it, in it and above it.

From bottom to top: blurred backdrops; then, as Photoshop has them, shadows, outer glows, the layer, pattern,
gradient and colour overlays, satin, inner glows, inner shadows, strokes, bevels. Of several of one type the
later lie above the earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from engines.image_core.composition import effects as told
from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fills import PatternFill
from engines.image_core.composition.options import BitDepth
from engines.image_core.models import AdjustmentLayer, Layer, PlacedLayer
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.backdrop import Below, panes
from engines.image_core.planning.blend_gamma import mixed_by_gamma
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.effect_layers import Boxes, EffectLayers
from engines.image_core.planning.effect_planes import EffectPlanes, plane_reach
from engines.image_core.planning.options import Options, fill15
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.shapes import Shape, everywhere, shape_of
from engines.image_core.planning.stacking import Drawn, Group, Image, clipped, compose, passed_through
from engines.image_core.planning.steps import Opaque

__all__ = ["Given", "effect_reach", "has_effects", "patterns_of", "with_effects"]

_ORDER = (
    told.DropShadow, told.Shadow, told.OuterGlow, told.PatternOverlay, told.GradientOverlay,
    told.ColorOverlay, told.Satin, told.InnerGlow, told.InnerShadow, told.StrokeEffect, told.Bevel,
)  # fmt: skip

_INTERIOR = told.PatternOverlay, told.GradientOverlay, told.ColorOverlay, told.Satin, told.InnerGlow
"""What `blend_interior_effects` blends with the layer first."""

_Pictured: TypeAlias = tuple[told.Painted, DecodedImage | None]
"""An effect, and its pattern's picture."""


@dataclass(frozen=True)
class Given:
    """What a layer's effects are made for.

    Attributes:
        need: the parent's pixels that are wanted.
        below: what the layer lies on, where one of its effects shows that.
        bit_depth: the composition's.
        boxes: what gradients and patterns are aligned with.
        pictures: those of `patterns_of` the layer.
    """

    need: Rect
    below: Below
    bit_depth: BitDepth
    boxes: Boxes
    pictures: tuple[DecodedImage, ...]


def has_effects(layer: Layer) -> TypeGuard[PlacedLayer]:
    """Whether a layer has effects; an adjustment cannot."""
    return not isinstance(layer, AdjustmentLayer) and bool(layer.effects)


def effect_reach(layer: PlacedLayer) -> int:
    """How many pixels beyond an area the layer's effects may read of it."""
    return max(map(plane_reach, layer.effects), default=0)


def patterns_of(layer: Layer) -> list[tuple[str, PatternFill]]:
    """The patterns of a layer's effects, in their order, with the names of their fields."""
    if not has_effects(layer):
        return []
    found = [(index, told.pattern_of(effect)) for index, effect in enumerate(layer.effects)]
    return [(f"effects[{index}].{one[0]}", one[1]) for index, one in found if one is not None]


def with_effects(layer: PlacedLayer, base: Drawn, run: Drawn, given: Given) -> Drawn | None:
    """A layer, and what is clipped to it, with the layer's effects; None where nothing of it shows.

    Args:
        layer: the layer.
        base: the layer as it is planned.
        run: the same with what is clipped to it.
        given: all else.
    """
    need, bit_depth = given.need, given.bit_depth
    kept = None if base.options is None else _only_channels(base.options)
    shape = (
        shape_of(base, bit_depth)
        if layer.transparency_shapes_layer
        else everywhere(base.mask, need.expand(effect_reach(layer)))
    )
    if shape is None:
        return None
    plain = _plain(layer, run)
    made = EffectLayers(EffectPlanes(shape, need, plain), given.boxes, kept)
    for effect, picture in _bottom_first(layer, given.pictures):
        made.add(effect, picture)
    made.finish()
    whole = replace(run, opacity=fill15(layer, run.blend))
    interior = made.interior if layer.blend_interior_effects else []
    inside = [*made.inside] if layer.blend_interior_effects else [*made.interior, *made.inside]
    if interior:
        whole = clipped(whole, tuple(interior))
    if inside and plain:
        whole = clipped(whole, tuple(inside))
    elif inside:
        whole = _within(layer, shape, whole, tuple(inside), kept, bit_depth)
    if layer.blend_gamma is not None:
        whole = mixed_by_gamma(whole, layer.blend_gamma, bit_depth) or whole
    shown = [] if made.planes.seen.empty or not whole.opacity else [whole]
    first, second = (made.around, shown) if plain else (shown, made.around)
    lowest = panes(layer, shape, kept, need, given.below, bit_depth)
    drawn = [*lowest, *made.below, *first, *second, *made.above]
    if not drawn:
        return None
    return passed_through(tuple(drawn), opacity=round_fraction(Fraction(layer.opacity) * ONE))


def _bottom_first(layer: PlacedLayer, pictures: tuple[DecodedImage, ...]) -> list[_Pictured]:
    """The effects in the order in which they lie, with their pictures."""
    waiting = iter(pictures)
    pairs = [
        (effect, None if told.pattern_of(effect) is None else next(waiting, None))
        for effect in layer.effects
        if not isinstance(effect, told.BackdropBlur)
    ]
    return sorted(pairs, key=lambda pair: _ORDER.index(type(pair[0])))


def _plain(layer: PlacedLayer, run: Drawn) -> bool:
    """Whether a layer hides what lies below its shape, as far as that is there: then what lies in it may be
    clipped to it, and what lies around it may lie below it."""
    normal = run.blend is BlendMode.NORMAL and run.options is None
    return layer.fill_opacity == 1 and normal and layer.transparency_shapes_layer


def _within(
    layer: PlacedLayer,
    shape: Shape,
    run: Drawn,
    inside: tuple[Drawn, ...],
    kept: Options | None,
    bit_depth: BitDepth,
) -> Drawn:
    """A layer whose fill or mode does not hold for its effects: onto the backdrop goes its colour, as if it
    were everywhere, and its effects; and what has become of it is mixed back by the layer's shape. Where its
    transparency is not its shape, it goes onto the backdrop as it is."""
    entries = inside
    if run.opacity and layer.transparency_shapes_layer:
        area = shape.area
        alone = replace(run, opacity=ONE, blend=BlendMode.NORMAL, options=None)
        whole = compose((alone,), area, (0, 0, 0, 0), bit_depth)
        color = Image(Placed(Opaque(whole), area.left, area.top), ())
        entries = Drawn(color, None, run.opacity, run.blend, run.options), *inside
    elif run.opacity:
        entries = run, *inside
    depth = 1 + max(item.content.depth for item in entries)
    content = Group(entries, "backdrop", (), 0, 0, shape.area, shape.area, depth)
    return Drawn(content, shape.coverage(), ONE, BlendMode.NORMAL, kept)


def _only_channels(options: Options) -> Options | None:
    """Of a layer's options what holds for its effects as well: the channels that stay."""
    return Options(kept=options.kept) if any(options.kept) else None
