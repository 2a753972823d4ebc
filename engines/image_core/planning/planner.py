"""From a composition and its decoded sources to a plan: every float becomes an integer here, and only here.

The plan is a graph of `steps`; both backends evaluate it and nothing else, so its hash stands for the pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

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
    layer_label,
)
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.adjusting import lowered
from engines.image_core.planning.backdrop import Below, looks_below
from engines.image_core.planning.blend_gamma import mixed_by_gamma
from engines.image_core.planning.borders import bordered
from engines.image_core.planning.bounds import bounds_of
from engines.image_core.planning.clipping import STACKS_IN_STACKS, in_one, on_base
from engines.image_core.planning.decoded import DecodedLookup, Needed, Sources
from engines.image_core.planning.edges import framed, has_edges
from engines.image_core.planning.effect_layers import Boxes
from engines.image_core.planning.effects import Given, has_effects, with_effects
from engines.image_core.planning.entries import Compose, Coverage, Start
from engines.image_core.planning.fills import is_fill, place_fill
from engines.image_core.planning.filtering import filter_reach, filtered, needs_pixels, pointwise
from engines.image_core.planning.fitting import is_picture, place_picture, place_solid
from engines.image_core.planning.identity import digest
from engines.image_core.planning.keeping import described
from engines.image_core.planning.masks import coverage
from engines.image_core.planning.needed import (
    blend_of,
    group_affine,
    inner_area,
    is_through,
    needed_areas,
    window_in,
)
from engines.image_core.planning.options import opacity15, options
from engines.image_core.planning.placement import Placed, TooLargeError, check_size, place_image
from engines.image_core.planning.stacking import (
    Adjusting,
    Content,
    Drawn,
    Group,
    Image,
    compose,
    union,
)
from engines.image_core.planning.steps import RGBA, Raster, color15
from engines.image_core.planning.tiling import place_tiled
from engines.image_core.runtime.caching import Cache, CacheCounts

__all__ = ["PIXEL_RULES", "Plan", "Sources", "make_plan"]

PIXEL_RULES = 2
"""The version of the pixel rules; it enters every pipeline hash and changes whenever any pixel would."""

_NOTHING: RGBA = (0, 0, 0, 0)


@dataclass(frozen=True)
class Plan:
    """All that decides the pixels.

    Attributes:
        root: the canvas.
        pipeline_hash: SHA-256 hex digest of the tree, the content hashes of its sources (which include the
            versions of the libraries that decoded or rasterised them), the pixel-rule version, and what
            becomes of a canvas that has a colour space of its own.
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
    background = color15(composition.background_color)
    drawn = planner.drawn((), composition.layers, Below(canvas, background))
    root = compose(drawn, canvas, background, composition.bit_depth)
    finish = () if sources.finish is None else ("canvas", sources.finish.content_hash)
    return Plan(root, digest(("pixel rules", PIXEL_RULES, root, *finish)))


class _Planner:
    """Plans one composition: its canvas, its sources and the area that each layer must draw."""

    def __init__(
        self,
        canvas: Rect,
        bit_depth: BitDepth,
        sources: Sources,
        areas: Mapping[LayerPath, Needed],
        kept: Cache | None,
    ) -> None:
        self.canvas = canvas
        self.bit_depth = bit_depth
        self.sources = sources
        self.areas = areas
        self.kept = kept

    def drawn(self, prefix: LayerPath, layers: tuple[Layer, ...], below: Below) -> tuple[Drawn, ...]:
        """The layers that show something over `below`, bottom first; a base and those clipped to it: one."""
        found: list[Drawn] = []
        for run in clip_runs(layers):
            (first, bottom), *others = run
            path = (*prefix, first)
            under = below.over(found) if any(looks_below(layer) for _, layer in run) else below
            base = self._shown(path, bottom, len(run) > 1, under)
            if base is not None:
                above = self._above(prefix, others, base, under)
                item = self._effected(path, bottom, base, in_one(base, above, self.bit_depth), under)
                found += () if item is None else (item,)
        return tuple(found)

    def _above(
        self, prefix: LayerPath, others: Sequence[tuple[int, Layer]], base: Drawn, below: Below
    ) -> tuple[Drawn, ...]:
        """Those of the layers clipped to a base that show something. below: what the base lies on."""
        above: tuple[Drawn, ...] = ()
        for index, layer in others:
            path = (*prefix, index)
            under = on_base(base, above, below, self.bit_depth) if looks_below(layer) else below
            item = self._shown(path, layer, True, under)
            effected = None if item is None else self._effected(path, layer, item, item, under)
            above += () if effected is None else (effected,)
        return above

    def _effected(self, path: LayerPath, layer: Layer, base: Drawn, run: Drawn, below: Below) -> Drawn | None:
        """A layer, and what is clipped to it, with its effects; None where nothing of it shows."""
        if not has_effects(layer):
            return self._mixed(layer, run)
        boxes = Boxes(bounds_of(path, layer, self.canvas, self.sources, self.areas), self.canvas)
        pictures, outlines = self.sources.patterns.get(path, ()), self.sources.outlines.get(path, ())
        given = Given(self.areas[path].seen, below, self.bit_depth, boxes, pictures, outlines)
        with _told_of(path, layer):
            return with_effects(layer, base, run, given)

    def _mixed(self, layer: Layer, run: Drawn) -> Drawn | None:
        """A layer, and what is clipped to it, by the layer's gamma, if it has one."""
        if isinstance(layer, AdjustmentLayer) or layer.blend_gamma is None:
            return run
        return mixed_by_gamma(run, layer.blend_gamma, self.bit_depth)

    def _shown(self, path: LayerPath, layer: Layer, in_run: bool, below: Below) -> Drawn | None:
        """A layer planned, without its effects; None where nothing of it shows.

        in_run: it is a base or clipped to one. below: what it lies on.
        """
        if path not in self.areas:
            return None
        with _told_of(path, layer):
            return self._item(layer, path, is_through(layer, in_run), below)

    def _item(self, layer: Layer, path: LayerPath, through: bool, below: Below) -> Drawn | None:
        """A layer planned, or as one that is equal was; None where nothing of it shows.

        A group that is passed through and shows what is below it is not kept: it is another over another
        backdrop. One that is isolated depends on where the canvas ends, and on nothing else around it.
        """
        looks = isinstance(layer, GroupLayer) and looks_below(layer)
        if self.kept is None or path not in self.sources.keys or (looks and through):
            return self._planned(layer, path, through, below)
        window = below.seen_through if looks else None
        sources = described(layer, path, self.sources)
        decided_by = (self.canvas, self.bit_depth, self.areas[path], through, window, *sources)
        return self.kept.once(decided_by, lambda: self._planned(layer, path, through, below), CacheCounts())

    def _planned(self, layer: Layer, path: LayerPath, through: bool, below: Below) -> Drawn | None:
        shown = self._seen(layer, path)
        content = self._content(layer, path, shown, through, below)
        if content is None or content.area.intersect(shown).empty:
            return None
        mask = self._mask(layer, path, content.area.intersect(shown))
        blend = blend_of(layer)
        item = Drawn(content, mask, opacity15(layer, blend), blend, options(layer, blend))
        return bordered(item, layer, self.sources.rings.get(path))

    def _seen(self, layer: Layer, path: LayerPath) -> Rect:
        """What is wanted of a layer after its filters: what is seen, and what its effects read around it."""
        area = self.areas[path].drawn
        return area if isinstance(layer, AdjustmentLayer) else area.expand(-filter_reach(layer))

    def _content(
        self, layer: Layer, path: LayerPath, shown: Rect, through: bool, below: Below
    ) -> Content | None:
        if isinstance(layer, AdjustmentLayer):
            return Adjusting(lowered(layer.adjust, *self._lookups(path)))
        if isinstance(layer, GroupLayer):
            return self._group(layer, path, shown, through, below)
        placed = self._placed(layer, path)
        return None if placed is None else self._filtered(layer, path, placed, shown)

    def _mask(self, layer: Layer, path: LayerPath, seen: Rect) -> Coverage | None:
        """What of a layer its masks and its corners show, at least where it is seen."""
        linked = any(mask.linked for mask in layer.all_masks)
        box, shape = self.sources.boxes.get(path) if linked else None, self.sources.shapes.get(path)
        decoded = self.sources.masks.get(path, ())
        if box is None:
            return coverage(layer.all_masks, decoded, self.canvas, shape=shape)
        check_size(seen)
        return coverage(layer.all_masks, decoded, seen, box.to_parent, shape)

    def _lookups(self, path: LayerPath) -> tuple[DecodedLookup, ...]:
        return self.sources.lookups.get(path, ())

    def _placed(self, layer: Layer, path: LayerPath) -> Placed | None:
        need = self.areas[path].drawn
        size = (self.canvas.width, self.canvas.height)
        image = self.sources.images.get(path)
        if isinstance(layer, RasterLayer) and is_fill(layer):
            return place_fill(layer, image, size, need)
        if image is None:
            return place_solid(layer, size, need)
        if isinstance(layer, RasterLayer) and layer.tile is not None:
            return place_tiled(layer, image, size, need)
        if is_picture(layer):
            return place_picture(layer, image, size, need)
        return Placed(Raster(image), image.x, image.y)

    def _group(
        self, group: GroupLayer, path: LayerPath, shown: Rect, through: bool, below: Below
    ) -> Image | Group | None:
        """A group put together: as entries of its own where it is only moved, else as an image.

        One that holds what shows its backdrop is an image too, which that backdrop is a part of.
        """
        affine, need = group_affine(group, self.canvas), self.areas[path].drawn
        inner = inner_area(group, need, self.canvas)
        if through and affine.whole_move is not None:
            inside = below.moved(*affine.whole_move)
        else:
            inside = Below(window_in(group, below.seen_through, self.canvas))
        drawn = self.drawn(path, group.layers, inside)
        if not drawn:
            return None
        painted = union(item.content.painted for item in drawn).intersect(inner)
        area = union(item.content.area for item in drawn).intersect(inner) if through else painted
        if area.empty:
            return None
        depth = 1 + max(item.content.depth for item in drawn)
        stacks = depth <= STACKS_IN_STACKS and not needs_pixels(group) and not looks_below(group)
        if affine.whole_move is not None and (through or stacks):
            x, y = affine.whole_move
            start: Start = "backdrop" if through else "nothing"
            ops = pointwise(group, self._lookups(path))
            return Group(drawn, start, ops, x, y, area.shift(x, y), painted.shift(x, y), depth)
        check_size(area)
        placed = Placed(compose(drawn, area, _NOTHING, self.bit_depth), area.left, area.top)
        turned = place_image(placed, affine, None, need)
        return None if turned is None else self._filtered(group, path, turned, shown)

    def _filtered(self, layer: PlacedLayer, path: LayerPath, placed: Placed, shown: Rect) -> Image | None:
        check_size(placed.area)
        frame = framed(self.sources.boxes[path]) if has_edges(layer) else None
        result = filtered(layer, placed, shown, self._lookups(path), frame)
        if result is None:
            return None
        check_size(result[0].area)
        return Image(*result)


@contextmanager
def _told_of(path: LayerPath, layer: LayerBase) -> Iterator[None]:
    """Have an image that would be too large told with the layer it is made of."""
    try:
        yield
    except TooLargeError as error:
        raise CompositionError(f"{layer_label(path, layer)}: {error}") from error
