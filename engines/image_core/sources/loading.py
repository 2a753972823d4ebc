"""From a composition to what its layers draw: bytes fetched, decoded, shaped and rasterised.

Only layers that may show are looked at. An equal layer of an earlier composition has left its recipe: what it
draws is found where it is kept. The others are made side by side on a pool of threads: decoders and resvg's
process work outside the interpreter's lock. What several layers share is made once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from engines.image_core.composition.fills import PatternFill
from engines.image_core.errors import SourceError
from engines.image_core.models import (
    FontSource,
    ImageComposition,
    Layer,
    LayerPath,
    Mask,
    PlacedLayer,
    RasterLayer,
    TextLayer,
    layer_label,
)
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.adjusting import lookups_of
from engines.image_core.planning.decoded import DecodedImage, DecodedLookup, DecodedMask, LayerBox
from engines.image_core.planning.keeping import layer_key
from engines.image_core.planning.needed import needed_areas
from engines.image_core.planning.placement import TooLargeError
from engines.image_core.planning.planner import Sources
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.runtime.limits import Budget
from engines.image_core.runtime.processors import thread_pool
from engines.image_core.sources.describing import Describer, Source, Store
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.keeping import Recipe, SourceCache

__all__ = ["load_sources"]

_T = TypeVar("_T")


def load_sources(
    composition: ImageComposition,
    files: FileRoot,
    store: Store | None,
    cache: SourceCache,
    tally: CacheCounts,
    budget: Budget | None = None,
) -> Sources:
    """Everything that the composition's layers draw.

    Assets and artifacts are read each time, files where they may have changed; what they decode to is looked
    for in the cache. The budget is what they may cost, by default that of `DEFAULT_LIMITS`.

    Raises:
        SourceError: a source is missing, not allowed, damaged, too large, or draws what it must not; the
            message names the layer, of several the lowest.
        CompositionError: a font family is not known, or the time is over.
    """
    return _Loader(composition, files, store, cache, tally, budget or Budget()).load()


@dataclass(frozen=True)
class _Wanted:
    """A layer that may show, and what its recipe is found by, if it can have one."""

    path: LayerPath
    layer: Layer
    area: Rect
    known_by: Hashable | None


@dataclass(frozen=True)
class _Drawn:
    image: DecodedImage | None
    masks: tuple[DecodedMask, ...]
    lookups: tuple[DecodedLookup, ...]
    box: LayerBox | None


class _Loader:
    def __init__(
        self,
        composition: ImageComposition,
        files: FileRoot,
        store: Store | None,
        cache: SourceCache,
        tally: CacheCounts,
        budget: Budget,
    ) -> None:
        self._composition = composition
        self._canvas = composition.width, composition.height
        self._files = files
        self._cache = cache
        self._tally = tally
        self._budget = budget
        self._describer = Describer(self._canvas, files, store, budget)
        # What this composition draws: held to the end, whatever the cache drops.
        self._held = Cache(sys.maxsize, lambda _: 0)

    def load(self) -> Sources:
        areas = needed_areas(self._composition)
        layers = [(path, layer) for path, layer in self._composition.walk() if path in areas]
        keys = {path: layer_key(layer) for path, layer in layers}
        wanted = [
            _Wanted(path, layer, areas[path].drawn, self._known_by(layer, keys[path], areas[path].drawn))
            for path, layer in layers
        ]
        drawn = {one.path: found for one in wanted if (found := self._found(one))}
        missing = [one for one in wanted if one.path not in drawn]
        made = _side_by_side([partial(self._made, one) for one in missing])
        drawn.update({one.path: drew for one, drew in zip(missing, made, strict=True)})
        images = {path: source.image for path, source in drawn.items() if source.image}
        masks = {path: source.masks for path, source in drawn.items() if source.masks}
        lookups = {path: source.lookups for path, source in drawn.items() if source.lookups}
        boxes = {path: source.box for path, source in drawn.items() if source.box}
        return Sources(images, masks, areas, keys, lookups, boxes)

    def _known_by(self, layer: Layer, key: bytes, area: Rect) -> Hashable | None:
        """All that decides what a layer draws; None where that has to be read to be known.

        Files are looked at before they are read: one that changes meanwhile is another one the next time.
        """
        paths = _files_of(layer)
        if paths is None:
            return None
        try:
            versions = [self._files.version(path, "") for path in paths]
        except SourceError:  # whoever reads the file tells it
            return None
        return None if None in versions else (key, self._canvas, area, *versions)

    def _found(self, wanted: _Wanted) -> _Drawn | None:
        """What an equal layer drew before, if all of it is still kept."""
        recipe = self._cache.recipe(wanted.known_by)
        if recipe is None:
            return None
        try:
            image = None if recipe.image is None else self._kept(recipe.image)
            masks = tuple(map(self._kept, recipe.masks))
            lookups = tuple(map(self._kept, recipe.lookups))
        except KeyError:
            return None
        self._tally.hits += (recipe.image is not None) + len(masks) + len(lookups)
        image = _boxed(image, recipe.box)
        return self._counted(wanted, _Drawn(image, masks, lookups, recipe.layer_box))

    def _made(self, wanted: _Wanted) -> _Drawn:
        """What a layer draws, and the recipe for the next that is equal."""
        layer, label = wanted.layer, layer_label(wanted.path, wanted.layer)
        self._budget.check_time(label)
        try:
            pictured = self._describer.image(layer, wanted.area, label)
            box = pictured.box if pictured else None
            image = _boxed(self._once(pictured) if pictured else None, box)
            layer_box = self._layer_box(layer, image, label)
            masking = [
                self._describer.mask(mask, f"{label}, {name}", wanted.area, layer_box)
                for name, mask in _named_masks(layer)
            ]
            masks = tuple(map(self._once, masking))
            tables = [self._describer.lookup(one, f"{label}, lookup") for one in lookups_of(layer)]
            lookups = tuple(map(self._once, tables))
        except TooLargeError as error:
            raise SourceError(f"{label}: {error}") from error
        except MemoryError as error:
            raise SourceError(f"{label}: there is not enough memory for what it draws") from error
        if wanted.known_by is not None:
            recipe = Recipe(_key(pictured), _keys(masking), box, _keys(tables), layer_box)
            self._cache.recipes.keep(wanted.known_by, recipe)
        return self._counted(wanted, _Drawn(image, masks, lookups, layer_box))

    def _layer_box(self, layer: Layer, image: DecodedImage | None, label: str) -> LayerBox | None:
        """The layer's own box, where it has a mask that lies in it."""
        if isinstance(layer, PlacedLayer) and any(mask.linked for mask in layer.all_masks):
            return self._describer.box(layer, image, label)
        return None

    def _counted(self, wanted: _Wanted, drawn: _Drawn) -> _Drawn:
        for source in (drawn.image, *drawn.masks, *drawn.lookups):
            if source is not None:
                label = layer_label(wanted.path, wanted.layer)
                self._budget.count(source.content_hash, source.nbytes, label)
        return drawn

    def _kept(self, key: str) -> Any:
        return self._cache.sources.found(key)

    def _once(self, source: Source[_T]) -> _T:
        def kept() -> _T:
            return self._cache.sources.once(source.key, source.make, self._tally)

        return self._held.once(source.key, kept, CacheCounts())


def _key(source: Source[Any] | None) -> str | None:
    return source.key if source else None


def _keys(sources: Sequence[Source[Any]]) -> tuple[str, ...]:
    return tuple(source.key for source in sources)


def _named_masks(layer: Layer) -> Iterator[tuple[str, Mask]]:
    """The layer's masks with the names of their fields."""
    if layer.mask is not None:
        yield "mask", layer.mask
    for index, mask in enumerate(layer.masks):
        yield f"masks[{index}]", mask


def _boxed(image: DecodedImage | None, box: tuple[Fraction, Fraction] | None) -> DecodedImage | None:
    return replace(image, box=box) if image and box else image


def _files_of(layer: Layer) -> list[str] | None:
    """The files that a layer names; None where it names what is in a store as well. What an id stands for
    there is for its tenant alone to see, so that the store is asked each time."""
    paths, ids = [], []
    for mask in layer.all_masks:
        paths.append(mask.path)
        ids.append(mask.mask_artifact_id)
    if isinstance(layer, RasterLayer):
        paths.append(layer.source.path)
        ids.append(layer.source.asset_id)
        if isinstance(layer.source.color, PatternFill):
            paths.append(layer.source.color.source.path)
            ids.append(layer.source.color.source.asset_id)
    if isinstance(layer, TextLayer) and isinstance(layer.font, FontSource):
        paths.append(layer.font.path)
        ids.append(layer.font.asset_id)
    for lookup in lookups_of(layer):
        paths.append(lookup.path)
        ids.append(lookup.asset_id)
    return [path for path in paths if path is not None] if not any(ids) else None


def _side_by_side(jobs: Sequence[Callable[[], _T]]) -> list[_T]:
    """What the jobs return, in their order; of the errors of several, that of the first of them."""
    if len(jobs) == 1:  # a thread would only be waited for
        return [jobs[0]()]
    pool = thread_pool("sources")
    futures = [pool.submit(job) for job in jobs]
    try:
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()
        wait(futures)
