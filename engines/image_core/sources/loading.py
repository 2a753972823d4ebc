"""From a composition to what its layers draw: bytes fetched, decoded, shaped and rasterised.

Only layers that may show are looked at. An equal layer of an earlier composition has left its recipe: what it
draws is found where it is kept. The others are made side by side on a pool of threads: decoders and resvg's
process work outside the interpreter's lock. What several layers share is made once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from engines.image_core.composition.fills import PatternFill, PictureSource
from engines.image_core.composition.sources import Font
from engines.image_core.errors import SourceError
from engines.image_core.models import (
    FontSource,
    ImageComposition,
    Layer,
    LayerPath,
    PlacedLayer,
    RasterLayer,
    TextLayer,
    VectorLayer,
    layer_label,
)
from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.adjusting import lookups_of
from engines.image_core.planning.bounds import bounded_layers
from engines.image_core.planning.decoded import DecodedImage, DecodedMask, LayerBox
from engines.image_core.planning.edges import has_edges
from engines.image_core.planning.effects import patterns_of, strokes_of
from engines.image_core.planning.keeping import layer_key
from engines.image_core.planning.needed import needed_areas
from engines.image_core.planning.placement import TooLargeError, picture_part
from engines.image_core.planning.planner import Sources
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.runtime.limits import Budget
from engines.image_core.runtime.processors import thread_pool
from engines.image_core.sources.boxes import box_ring, box_shape
from engines.image_core.sources.cropping import check_focus, checked_crop
from engines.image_core.sources.describing import Describer
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.keeping import Pieces, Recipe, SourceCache
from engines.image_core.sources.outlines import stroked
from engines.image_core.sources.patterns import PatternPictures, painted_patterns
from engines.image_core.sources.profiles import canvas_finish, read_space
from engines.image_core.sources.raster.icc import DamagedProfiles
from engines.image_core.sources.reading import Reading, Store
from engines.image_core.sources.source import Source, hashed
from engines.image_core.sources.text.families import FontFolder

__all__ = ["load_sources"]

_T = TypeVar("_T")


def load_sources(
    composition: ImageComposition,
    files: FileRoot,
    store: Store | None,
    cache: SourceCache,
    tally: CacheCounts,
    budget: Budget | None = None,
    fonts: FontFolder | None = None,
    damaged_profiles: DamagedProfiles = "error",
) -> Sources:
    """Everything that the composition's layers draw.

    Assets and artifacts are read each time, files where they may have changed; what they decode to is looked
    for in the cache. The budget is what they may cost, by default that of `DEFAULT_LIMITS`. Families of
    fonts are those of the folder and the built-in one. Pictures whose embedded profiles cannot be used are
    errors, or taken as sRGB and noted.

    Raises:
        SourceError: a source is missing, not allowed, damaged, too large, or draws what it must not; the
            message names the layer, of several the lowest, or `color_profile`.
        CompositionError: a font family is not known, a crop leaves its picture, or the time is over.
    """
    fonts = fonts or FontFolder()
    budget = budget or Budget()
    return _Loader(composition, files, store, cache, tally, budget, fonts, damaged_profiles).load()


@dataclass(frozen=True)
class _Wanted:
    """A layer that may show, and what its recipe is found by, if it can have one."""

    path: LayerPath
    layer: Layer
    seen: Rect
    area: Rect
    known_by: Hashable | None
    bounded: bool


@dataclass(frozen=True)
class _Drawn:
    pieces: Pieces[Any]
    box: LayerBox | None
    bounds: Rect | None


class _Loader:
    def __init__(
        self,
        composition: ImageComposition,
        files: FileRoot,
        store: Store | None,
        cache: SourceCache,
        tally: CacheCounts,
        budget: Budget,
        fonts: FontFolder,
        damaged_profiles: DamagedProfiles,
    ) -> None:
        self._composition = composition
        self._canvas = composition.width, composition.height
        self._files = files
        self._cache = cache
        self._tally = tally
        self._budget = budget
        reading = Reading(files, store, fonts, budget.limits)
        self._space = read_space(composition.color_profile, files, reading, cache.spaces)
        self._describer = Describer(self._canvas, reading, budget, self._space, damaged_profiles)
        # What this composition draws: held to the end, whatever the cache drops.
        self._held = Cache(sys.maxsize, lambda _: 0)

    def load(self) -> Sources:
        areas = needed_areas(self._composition)
        layers = [(path, layer) for path, layer in self._composition.walk() if path in areas]
        keys = {path: layer_key(layer) for path, layer in layers}
        bounded = bounded_layers(layers)
        wanted = [
            _Wanted(
                path, layer, areas[path].seen, areas[path].drawn,
                self._known_by(layer, keys[path], areas[path].drawn, path in bounded), path in bounded,
            )
            for path, layer in layers
        ]  # fmt: skip
        drawn = {one.path: found for one in wanted if (found := self._found(one))}
        missing = [one for one in wanted if one.path not in drawn]
        made = _side_by_side([partial(self._made, one) for one in missing])
        drawn.update({one.path: drew for one, drew in zip(missing, made, strict=True)})
        pieces = {path: one.pieces for path, one in drawn.items()}
        return Sources(
            {path: one.image for path, one in pieces.items() if one.image},
            {path: one.masks for path, one in pieces.items() if one.masks},
            areas,
            keys,
            {path: one.lookups for path, one in pieces.items() if one.lookups},
            {path: one.box for path, one in drawn.items() if one.box},
            {path: one.patterns for path, one in pieces.items() if one.patterns},
            {path: one.bounds for path, one in drawn.items() if one.bounds},
            {path: one.shape for path, one in pieces.items() if one.shape},
            {path: one.ring for path, one in pieces.items() if one.ring},
            {path: one.outlines for path, one in pieces.items() if one.outlines},
            canvas_finish(self._space, self._composition.output_profile),
            tuple(_notes(layers, pieces)),
        )

    def _known_by(self, layer: Layer, key: bytes, area: Rect, bounded: bool) -> Hashable | None:
        """All that decides what a layer draws; None where that has to be read to be known.

        Files are looked at before they are read: one that changes meanwhile is another one the next time.
        """
        paths = _files_of(layer)
        if paths is None:
            return None
        try:
            versions = [
                *(self._files.version(path, "") for path in paths),
                *map(self._describer.family_version, _families_of(layer)),
            ]
        except SourceError:  # whoever reads the file tells it
            return None
        space = self._space and self._space.digest
        return None if None in versions else (key, space, self._canvas, area, bounded, *versions)

    def _found(self, wanted: _Wanted) -> _Drawn | None:
        """What an equal layer drew before, if all of it is still kept."""
        recipe = self._cache.recipe(wanted.known_by)
        if recipe is None:
            return None
        try:
            pieces = recipe.keys.map(self._cache.sources.found)
        except KeyError:
            return None
        self._tally.hits += len(list(recipe.keys))
        image = self._cropped(wanted, _boxed(pieces.image, recipe.image_box))
        pieces = replace(pieces, image=image)
        return self._counted(wanted, _Drawn(pieces, recipe.layer_box, recipe.bounds))

    def _made(self, wanted: _Wanted) -> _Drawn:
        """What a layer draws, and the recipe for the next that is equal."""
        layer, label = wanted.layer, layer_label(wanted.path, wanted.layer)
        self._budget.check_time(label)
        try:
            painted = self._painted(layer, label)
            pictures = {source: self._once(pattern) for source, pattern in painted.items()}
            pictured = self._describer.image(layer, wanted.area, label, pictures)
            image_box = pictured.box if pictured else None
            image = _boxed(self._once(pictured) if pictured else None, image_box)
            image = self._cropped(wanted, image)
            layer_box = self._layer_box(layer, image, label)
            described = self._described(wanted, label, pictured, image, layer_box, pictures)
            described = replace(described, painted=tuple(painted.values()))
            pieces = replace(described.map(self._once), image=image)
            bounds = self._describer.bounds(layer, image, label) if wanted.bounded else None
        except TooLargeError as error:
            raise SourceError(f"{label}: {error}") from error
        except MemoryError as error:
            raise SourceError(f"{label}: there is not enough memory for what it draws") from error
        if wanted.known_by is not None:
            keys = described.map(lambda source: source.key)
            self._cache.recipes.keep(wanted.known_by, Recipe(keys, image_box, layer_box, bounds))
        return self._counted(wanted, _Drawn(pieces, layer_box, bounds))

    def _cropped(self, wanted: _Wanted, image: DecodedImage | None) -> DecodedImage | None:
        """What of its picture a layer shows.

        Raises:
            CompositionError: its crop leaves the picture, or a box of its focus lies outside of it.
        """
        layer, label = wanted.layer, layer_label(wanted.path, wanted.layer)
        if image is None or not isinstance(layer, RasterLayer):
            return image
        if layer.crop is not None:
            self._budget.count(image.content_hash, image.nbytes, label)
            area = checked_crop(layer.crop, image, label)
            key = hashed("crop", image.content_hash, *vars(area).values())
            image = self._once(Source(key, partial(picture_part, image, area)))
        check_focus(layer.focus, image, label)
        return image

    def _described(
        self,
        wanted: _Wanted,
        label: str,
        pictured: Source[DecodedImage | None] | None,
        image: DecodedImage | None,
        layer_box: LayerBox | None,
        pictures: PatternPictures,
    ) -> Pieces[Source[Any]]:
        """All sources of a layer, whose image has been made, but the pictures of its paints."""
        layer, describer = wanted.layer, self._describer
        shape, ring = self._framing(layer, image, wanted.area, label)
        masks = (
            describer.mask(mask, f"{label}, {name}", wanted.area, layer_box, pictures)
            for name, mask in layer.named_masks
        )
        lookups = (describer.lookup(one, f"{label}, lookup") for one in lookups_of(layer))
        patterns = (describer.pattern(fill, f"{label}, {name}.source") for name, fill in patterns_of(layer))
        strokes = self._strokes(layer, wanted.seen, label, pictures)
        return Pieces(pictured, shape, ring, tuple(masks), tuple(lookups), tuple(patterns), tuple(strokes))

    def _layer_box(self, layer: Layer, image: DecodedImage | None, label: str) -> LayerBox | None:
        """The layer's own box, where it has a mask that lies in it or a filter that goes by its edges."""
        if not isinstance(layer, PlacedLayer):
            return None
        if has_edges(layer) or any(mask.linked for mask in layer.all_masks):
            return self._describer.box(layer, image, label)
        return None

    def _framing(
        self, layer: Layer, image: DecodedImage | None, area: Rect, label: str
    ) -> tuple[Source[DecodedMask] | None, Source[DecodedMask] | None]:
        """What rounded corners leave of a layer, and where its border lies; None where it has none."""
        if not isinstance(layer, RasterLayer) or not (any(layer.radii) or layer.border):
            return None, None
        box = self._describer.box(layer, image, label)
        return box_shape(layer, box, area), box_ring(layer, box, area)

    def _painted(self, layer: Layer, label: str) -> dict[PictureSource, Source[DecodedImage]]:
        """The pictures of the patterns that a layer's text or shapes are painted with."""
        return {
            fill.source: self._describer.pattern(fill, f"{label}, {name}.source")
            for name, fill in painted_patterns(layer)
        }

    def _strokes(
        self, layer: Layer, seen: Rect, label: str, pictures: PatternPictures
    ) -> Iterator[Source[DecodedMask]]:
        """The strokes along a layer's outlines."""
        if isinstance(layer, TextLayer | VectorLayer):
            for name, effect in strokes_of(layer):
                clock = self._budget.clock(f"{label}, {name}")
                outlines = self._describer.outlines(layer, label, pictures)
                yield stroked(outlines, effect, seen, f"{label}, {name}", clock)

    def _counted(self, wanted: _Wanted, drawn: _Drawn) -> _Drawn:
        for source in drawn.pieces:
            self._budget.count(source.content_hash, source.nbytes, layer_label(wanted.path, wanted.layer))
        return drawn

    def _once(self, source: Source[_T]) -> _T:
        def kept() -> _T:
            return self._cache.sources.once(source.key, source.make, self._tally)

        return self._held.once(source.key, kept, CacheCounts())


def _notes(
    layers: Sequence[tuple[LayerPath, Layer]], pieces: Mapping[LayerPath, Pieces[Any]]
) -> Iterator[str]:
    """What is to be told of the layers' pictures, lowest first."""
    for path, layer in layers:
        for note in dict.fromkeys(getattr(piece, "note", "") for piece in pieces[path]):
            if note:
                yield f"{layer_label(path, layer)}: {note}"


def _boxed(image: DecodedImage | None, box: tuple[Fraction, Fraction] | None) -> DecodedImage | None:
    return replace(image, box=box) if image and box else image


def _files_of(layer: Layer) -> list[str] | None:
    """The files that a layer names; None where it names what is in a store as well. What an id stands for
    there is for its tenant alone to see, so that the store is asked each time."""
    if any(mask.mask_artifact_id for mask in layer.all_masks):
        return None
    named: list[Any] = [*layer.all_masks, *lookups_of(layer)]
    named += [pattern.source for _, pattern in (*patterns_of(layer), *painted_patterns(layer))]
    if isinstance(layer, RasterLayer):
        named.append(layer.source)
        if isinstance(layer.source.color, PatternFill):
            named.append(layer.source.color.source)
    named += [font for font in _fonts_of(layer) if isinstance(font, FontSource)]
    named += [source.psd for source in named if getattr(source, "psd", None)]
    if any(getattr(source, "asset_id", None) for source in named):
        return None
    return sorted({source.path for source in named if source.path is not None})


def _families_of(layer: Layer) -> list[str]:
    """The families of fonts that a layer names."""
    return sorted({font for font in _fonts_of(layer) if isinstance(font, str)})


def _fonts_of(layer: Layer) -> list[Font]:
    """The fonts that a layer names."""
    match layer:
        case TextLayer():
            return [font for _, style in layer.styled for font in style.fonts]
        case VectorLayer():
            return list(layer.fonts or ())
    return []


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
