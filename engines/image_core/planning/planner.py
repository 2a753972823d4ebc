"""From a composition and its decoded sources to a plan: every float becomes an integer here, and only here.

The plan is a graph of `steps`; both backends evaluate it and nothing else, so its hash stands for the pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeGuard

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.layers import clip_runs
from engines.image_core.composition.options import BitDepth
from engines.image_core.errors import CompositionError
from engines.image_core.models import (
    AdjustmentLayer,
    GroupLayer,
    ImageComposition,
    Layer,
    LayerBase,
    LayerPath,
    PlacedLayer,
    RasterLayer,
    VectorLayer,
    layer_label,
)
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.adjusting import lowered
from engines.image_core.planning.blend_gamma import mixed_by_gamma
from engines.image_core.planning.decoded import DecodedLookup, Sources
from engines.image_core.planning.effect_layers import Boxes
from engines.image_core.planning.effects import effect_reach, has_effects, with_effects
from engines.image_core.planning.entries import Compose, Coverage, Start
from engines.image_core.planning.fills import is_fill, place_fill
from engines.image_core.planning.filtering import filtered, needs_pixels, pointwise
from engines.image_core.planning.fitting import place_picture, solid_area
from engines.image_core.planning.identity import digest
from engines.image_core.planning.keeping import described
from engines.image_core.planning.masks import coverage
from engines.image_core.planning.needed import blend_of, group_affine, inner_area, needed_areas
from engines.image_core.planning.options import opacity15, options
from engines.image_core.planning.placement import Placed, TooLargeError, check_size, outward, place_image
from engines.image_core.planning.stacking import (
    Adjusting,
    Content,
    Drawn,
    Group,
    Image,
    clipped,
    compose,
    union,
)
from engines.image_core.planning.steps import ONE, RGBA, MaskRaster, Raster, Solid, color15
from engines.image_core.runtime.caching import Cache, CacheCounts

__all__ = ["PIXEL_RULES", "Plan", "Sources", "make_plan"]

PIXEL_RULES = 2
"""The version of the pixel rules; it enters every pipeline hash and changes whenever any pixel would."""

_NOTHING: RGBA = (0, 0, 0, 0)
STACKS_IN_STACKS = 8
"""How deep groups lie in groups as stacks, each a level of its own; what holds more is an image. (The general
program of the GL backend has fewer levels: deeper stacks wait for a program of their own.)"""


@dataclass(frozen=True)
class Plan:
    """All that decides the pixels.

    Attributes:
        root: the canvas.
        pipeline_hash: SHA-256 hex digest of the tree, the content hashes of its sources (which include the
            versions of the libraries that decoded or rasterised them) and the pixel-rule version.
    """

    root: Compose
    pipeline_hash: str


def make_plan(composition: ImageComposition, sources: Sources, kept: Cache | None = None) -> Plan:
    """Plan a composition.

    Layers that are invisible, wholly transparent or off the canvas are dropped here.

    Args:
        composition: what to plan.
        sources: what its layers draw.
        kept: a `plan_cache`: what equal layers of earlier compositions were planned to.
    """
    canvas = Rect(0, 0, composition.width, composition.height)
    areas = needed_areas(composition) if sources.areas is None else sources.areas
    planner = _Planner(canvas, composition.bit_depth, sources, areas, kept)
    drawn = planner.drawn((), composition.layers, canvas)
    root = compose(drawn, canvas, color15(composition.background_color), composition.bit_depth)
    return Plan(root, digest(("pixel rules", PIXEL_RULES, root)))


class _Planner:
    """Plans one composition: its canvas, its sources and the area that each layer must draw."""

    def __init__(
        self,
        canvas: Rect,
        bit_depth: BitDepth,
        sources: Sources,
        areas: Mapping[LayerPath, Rect],
        kept: Cache | None,
    ) -> None:
        self.canvas = canvas
        self.bit_depth = bit_depth
        self.sources = sources
        self.areas = areas
        self.kept = kept

    def drawn(self, prefix: LayerPath, layers: tuple[Layer, ...], seen: Rect) -> tuple[Drawn, ...]:
        """The layers that show something in `seen`, bottom first; a base and what is clipped to it as one."""
        found = []
        for run in clip_runs(layers):
            (first, bottom), *others = run
            base = self._shown((*prefix, first), bottom, seen, len(run) > 1)
            if base is not None:
                above = tuple(self._above(prefix, others, seen))
                whole = self._clipped(base, above) if above else base
                found.append(self._effected((*prefix, first), bottom, base, whole, seen))
        return tuple(item for item in found if item is not None)

    def _above(self, prefix: LayerPath, others: Sequence[tuple[int, Layer]], seen: Rect) -> Iterator[Drawn]:
        """Those of the layers clipped to a base that show something."""
        for index, layer in others:
            item = self._shown((*prefix, index), layer, seen, True)
            effected = None if item is None else self._effected((*prefix, index), layer, item, item, seen)
            if effected is not None:
                yield effected

    def _effected(self, path: LayerPath, layer: Layer, base: Drawn, run: Drawn, seen: Rect) -> Drawn | None:
        """A layer, and what is clipped to it, with its effects; None where nothing of it shows."""
        if not has_effects(layer):
            return self._mixed(layer, run)
        boxes = Boxes(self._bounds(path, layer), self.canvas)
        pictures, outlines = self.sources.patterns.get(path, ()), self.sources.outlines.get(path, ())
        try:
            return with_effects(layer, base, run, seen, self.bit_depth, boxes, pictures, outlines)
        except TooLargeError as error:
            raise CompositionError(f"{layer_label(path, layer)}: {error}") from error

    def _mixed(self, layer: Layer, run: Drawn) -> Drawn | None:
        """A layer, and what is clipped to it, by the layer's gamma, if it has one."""
        if isinstance(layer, AdjustmentLayer) or layer.blend_gamma is None:
            return run
        return mixed_by_gamma(run, layer.blend_gamma, self.bit_depth)

    def _bounds(self, path: LayerPath, layer: LayerBase) -> Rect:
        """The parent's pixels that a layer draws, seen or not, where that is asked for; of a group, those of
        its layers that may show."""
        if not isinstance(layer, GroupLayer):
            return self.sources.bounds.get(path, Rect(0, 0, 0, 0))
        affine = group_affine(layer, self.canvas)
        inner = ((*path, index) for index in range(len(layer.layers)))
        inside = union(self._bounds(one, layer.layers[one[-1]]) for one in inner if one in self.areas)
        edges = map(Fraction, (inside.left, inside.top, inside.right, inside.bottom))
        return inside if inside.empty else outward(affine.bounds(*edges))

    def _clipped(self, base: Drawn, above: tuple[Drawn, ...]) -> Drawn:
        item = clipped(base, above)
        content = item.content
        if content.depth <= STACKS_IN_STACKS or (isinstance(content, Group) and content.start == "backdrop"):
            return item
        area = content.area
        whole = replace(item, opacity=ONE, blend=BlendMode.NORMAL, options=None)
        image = Placed(compose((whole,), area, _NOTHING, self.bit_depth), area.left, area.top)
        return replace(item, content=Image(image, ()))

    def _shown(self, path: LayerPath, layer: Layer, seen: Rect, in_run: bool) -> Drawn | None:
        """A layer planned; None where nothing of it shows. in_run: it is a base or clipped to one."""
        if path not in self.areas:
            return None
        shown = seen.intersect(self.canvas) if layer.held_to_canvas else seen
        isolated = in_run and not layer.clip
        if has_effects(layer):
            shown, isolated = shown.expand(effect_reach(layer)), True
        try:
            return self._item(layer, path, shown, isolated)
        except TooLargeError as error:
            raise CompositionError(f"{layer_label(path, layer)}: {error}") from error

    def _item(self, layer: Layer, path: LayerPath, shown: Rect, isolated: bool) -> Drawn | None:
        """A layer planned, or as one that is equal was; None where nothing of it shows."""
        if self.kept is None or path not in self.sources.keys:
            return self._planned(layer, path, shown, isolated)
        sources = described(layer, path, self.sources)
        decided_by = (self.canvas, self.bit_depth, shown, self.areas[path], isolated, *sources)
        return self.kept.once(decided_by, lambda: self._planned(layer, path, shown, isolated), CacheCounts())

    def _planned(self, layer: Layer, path: LayerPath, shown: Rect, isolated: bool) -> Drawn | None:
        content = self._content(layer, path, shown, isolated)
        if content is None or content.area.intersect(shown).empty:
            return None
        mask = self._mask(layer, path, content.area.intersect(shown))
        blend = blend_of(layer)
        item = Drawn(content, mask, opacity15(layer, blend), blend, options(layer, blend))
        return self._bordered(item, layer, path)

    def _content(self, layer: Layer, path: LayerPath, shown: Rect, isolated: bool) -> Content | None:
        if isinstance(layer, AdjustmentLayer):
            return Adjusting(lowered(layer.adjust, *self._lookups(path)))
        if isinstance(layer, GroupLayer):
            return self._group(layer, path, shown, isolated)
        placed = self._placed(layer, path)
        return None if placed is None else _filtered(layer, placed, shown, self._lookups(path))

    def _mask(self, layer: Layer, path: LayerPath, seen: Rect) -> Coverage | None:
        """What of a layer its masks and its corners show, at least where it is seen."""
        box, shape = self.sources.boxes.get(path), self.sources.shapes.get(path)
        decoded = self.sources.masks.get(path, ())
        if box is None:
            return coverage(layer.all_masks, decoded, self.canvas, shape=shape)
        check_size(seen)
        return coverage(layer.all_masks, decoded, seen, box.to_parent, shape)

    def _bordered(self, item: Drawn, layer: Layer, path: LayerPath) -> Drawn:
        """A layer with its border, which is clipped to it as a layer in one colour."""
        ring = self.sources.rings.get(path)
        if not isinstance(layer, RasterLayer) or layer.border is None or ring is None:
            return item
        color = color15(layer.border.color)
        mask = Coverage(MaskRaster(ring), ring.x, ring.y)
        area = mask.area
        image = Placed(Solid(area.width, area.height, color), area.left, area.top)
        return clipped(item, (Drawn(Image(image, ()), mask, ONE, BlendMode.NORMAL),))

    def _lookups(self, path: LayerPath) -> tuple[DecodedLookup, ...]:
        return self.sources.lookups.get(path, ())

    def _placed(self, layer: Layer, path: LayerPath) -> Placed | None:
        need = self.areas[path]
        size = (self.canvas.width, self.canvas.height)
        image = self.sources.images.get(path)
        if isinstance(layer, RasterLayer) and is_fill(layer):
            return place_fill(layer, image, size, need)
        if image is None:
            return _solid(layer, size, need)
        if is_picture(layer):
            return place_picture(layer, image, size, need)
        return Placed(Raster(image), image.x, image.y)

    def _group(self, group: GroupLayer, path: LayerPath, shown: Rect, isolated: bool) -> Image | Group | None:
        """A group put together: as entries of its own where it is only moved, else as an image."""
        inner = inner_area(group, self.areas[path], self.canvas)
        drawn = self.drawn(path, group.layers, inner)
        if not drawn:
            return None
        through = group.through and not isolated
        painted = union(item.content.painted for item in drawn).intersect(inner)
        area = union(item.content.area for item in drawn).intersect(inner) if through else painted
        if area.empty:
            return None
        affine = group_affine(group, self.canvas)
        depth = 1 + max(item.content.depth for item in drawn)
        moved = affine.whole_move is not None and not needs_pixels(group)
        if affine.whole_move is not None and moved and (through or depth <= STACKS_IN_STACKS):
            x, y = affine.whole_move
            start: Start = "backdrop" if through else "nothing"
            ops = pointwise(group, self._lookups(path))
            return Group(drawn, start, ops, x, y, area.shift(x, y), painted.shift(x, y), depth)
        check_size(area)
        placed = Placed(compose(drawn, area, _NOTHING, self.bit_depth), area.left, area.top)
        turned = place_image(placed, affine, None, self.areas[path])
        return None if turned is None else _filtered(group, turned, shown, self._lookups(path))


def _filtered(
    layer: PlacedLayer, placed: Placed, shown: Rect, lookups: tuple[DecodedLookup, ...]
) -> Image | None:
    check_size(placed.area)
    result = filtered(layer, placed, shown, lookups)
    if result is None:
        return None
    check_size(result[0].area)
    return Image(*result)


def is_picture(layer: Layer) -> TypeGuard[RasterLayer | VectorLayer]:
    """Whether the layer's source has pixels of its own that the plan must place."""
    if isinstance(layer, RasterLayer):
        return layer.source.color is None
    return isinstance(layer, VectorLayer) and layer.svg is not None


def _solid(layer: Layer, canvas: tuple[int, int], need: Rect) -> Placed | None:
    if not isinstance(layer, RasterLayer) or not isinstance(layer.source.color, str):
        return None
    area = solid_area(layer, canvas)
    area = area.intersect(need) if area else Rect(0, 0, 0, 0)
    color = color15(layer.source.color)
    if area.empty or color[3] == 0:
        return None
    return Placed(Solid(area.width, area.height, color), area.left, area.top)
