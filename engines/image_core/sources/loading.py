"""From a composition to what its layers draw: bytes fetched, decoded, shaped and rasterised.

Only layers that may show are looked at, side by side on a pool of threads: decoders and resvg's process work
outside the interpreter's lock. What several layers share is decoded once, and what a cache holds not at all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import wait
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Protocol, TypeVar

from engines.image_core.composition.shapes import RectShape
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import (
    FontSource,
    ImageComposition,
    Layer,
    LayerPath,
    Mask,
    RasterLayer,
    RasterSource,
    TextLayer,
    VectorLayer,
    layer_label,
)
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedImage, DecodedMask
from engines.image_core.planning.fitting import box_size, jpeg_factor, layer_affine, solid_area
from engines.image_core.planning.placement import TooLargeError
from engines.image_core.planning.planner import Sources, needed_areas
from engines.image_core.runtime.caching import Cache, Tally
from engines.image_core.runtime.limits import Budget
from engines.image_core.runtime.processors import thread_pool
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.raster.decoding import decode_image, decode_mask, jpeg_size
from engines.image_core.sources.text.drawing import rasterise_text, text_hash
from engines.image_core.sources.text.fonts import LoadedFont, family_font, load_font
from engines.image_core.sources.vector.drawing import rasterise_shapes, shapes_hash
from engines.image_core.sources.vector.selections import coverage_hash, rasterise_selection
from engines.image_core.sources.vector.svg import rasterise_svg, svg_size

__all__ = ["Store", "load_sources", "source_cache"]

_T = TypeVar("_T")

_ENTRY_BYTES = 1024
"""What a cached source takes beside its pixels, at most about."""


class Store(Protocol):
    """Where assets and mask artifacts come from, for one tenant and env. Called from several threads."""

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """The bytes of an asset; a SourceError that begins with the label when there is none."""

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """The bytes of a `mask` artifact; a SourceError that begins with the label when there is none."""


def source_cache(max_bytes: int) -> Cache:
    """A cache for `load_sources`: pictures by the SHA-256 of their files, drawings by what describes them."""
    return Cache(max_bytes, _size)


def load_sources(
    composition: ImageComposition,
    files: FileRoot,
    store: Store | None,
    cache: Cache,
    tally: Tally,
    budget: Budget | None = None,
) -> Sources:
    """Everything that the composition's layers draw.

    Files, assets and artifacts are read each time; what they decode to is looked for in the cache. The budget
    is what they may cost, by default that of `DEFAULT_LIMITS`.

    Raises:
        SourceError: a source is missing, not allowed, damaged, too large, or draws what it must not; the
            message names the layer, of several the lowest.
        CompositionError: a font family is not known, or the time is over.
    """
    return _Loader(composition, files, store, cache, tally, budget or Budget()).load()


class _Loader:
    def __init__(
        self,
        composition: ImageComposition,
        files: FileRoot,
        store: Store | None,
        cache: Cache,
        tally: Tally,
        budget: Budget,
    ) -> None:
        self._composition = composition
        self._files = files
        self._store = store
        self._cache = cache
        self._tally = tally
        self._budget = budget
        # What this composition names more than once: held to the end, whatever the cache drops.
        self._named = Cache(sys.maxsize, lambda _: 0)

    def load(self) -> Sources:
        areas = needed_areas(self._composition)
        layers = [(path, layer) for path, layer in self._composition.walk() if path in areas]
        loaded = _side_by_side(partial(self._loaded, path, layer, areas[path]) for path, layer in layers)
        images = {path: image for (path, _), (image, _) in zip(layers, loaded, strict=True) if image}
        masks = {path: mask for (path, _), (_, mask) in zip(layers, loaded, strict=True) if mask}
        return Sources(images, masks)

    def _loaded(
        self, path: LayerPath, layer: Layer, area: Rect
    ) -> tuple[DecodedImage | None, DecodedMask | None]:
        label = layer_label(path, layer)
        self._budget.check_time(label)
        try:
            image = self._image(layer, area, label)
            mask = self._mask(layer.mask, f"{label}, mask") if layer.mask else None
        except TooLargeError as error:
            raise SourceError(f"{label}: {error}") from error
        except MemoryError as error:
            raise SourceError(f"{label}: there is not enough memory for what it draws") from error
        for source in (image, mask):
            if source is not None:
                self._budget.count(source.content_hash, source.pixels.nbytes, label)
        return image, mask

    def _image(self, layer: Layer, area: Rect, label: str) -> DecodedImage | None:
        match layer:
            case RasterLayer() if layer.source.color is not None:
                return self._painted(layer, area, label)
            case RasterLayer():
                return self._picture(layer, f"{label}, source")
            case TextLayer():
                font = self._font(layer, label)
                key = text_hash(layer, font, area)
                return self._once(key, lambda: rasterise_text(layer, font, area, label))
            case VectorLayer() if layer.svg is not None:
                return self._drawing(layer, layer.svg, label)
            case VectorLayer():
                size = Fraction(self._composition.width), Fraction(self._composition.height)
                return self._shapes(layer, layer_affine(layer.transform, *size), area, label)
        return None

    def _painted(self, layer: RasterLayer, area: Rect, label: str) -> DecodedImage | None:
        """A paint as a rectangle, unless the plan can fill whole pixels with it."""
        assert layer.source.color is not None
        canvas = self._composition.width, self._composition.height
        if isinstance(layer.source.color, str) and solid_area(layer, canvas) is not None:
            return None
        width = layer.width if layer.width is not None else float(canvas[0])
        height = layer.height if layer.height is not None else float(canvas[1])
        rect = RectShape(type="rect", x=0, y=0, width=width, height=height, fill=layer.source.color)
        drawing = VectorLayer(type="vector", shapes=(rect,))
        affine = layer_affine(layer.transform, Fraction(width), Fraction(height))
        return self._shapes(drawing, affine, area, label)

    def _shapes(self, layer: VectorLayer, affine: Affine, area: Rect, label: str) -> DecodedImage | None:
        key = shapes_hash(layer, affine, area)
        return self._once(key, lambda: rasterise_shapes(layer, affine, area, label, self._budget))

    def _drawing(self, layer: VectorLayer, svg: str, label: str) -> DecodedImage:
        """An SVG at the scale it is shown at; the plan turns and places it."""
        own = svg_size(svg, label, self._budget.limits)
        width, height = box_size(layer, *own, own)
        scale_x = abs(Fraction(layer.transform.scale))
        scale_y = scale_x if layer.transform.scale_y is None else abs(Fraction(layer.transform.scale_y))
        size = max(1, round_fraction(width * scale_x)), max(1, round_fraction(height * scale_y))
        key = _hashed("svg", svg, *size)
        image = self._once(key, lambda: rasterise_svg(svg, *size, label, self._budget))
        return replace(image, box=(width, height))

    def _picture(self, layer: RasterLayer, label: str) -> DecodedImage:
        """A picture file, a JPEG at the fraction of its size that is enough for this layer."""
        key, read = self._file_of(layer.source, label)
        data = self._named.once(f"file {key}", read, Tally())
        size = jpeg_size(data, label, self._budget.limits)
        canvas = self._composition.width, self._composition.height
        factor = jpeg_factor(layer, *size, canvas) if size else 1
        return self._named.once(
            f"picture {factor} {key}", lambda: self._decoded(data, factor, label), Tally()
        )

    def _file_of(self, source: RasterSource, label: str) -> tuple[str, Callable[[], bytes]]:
        if source.data is not None:
            data = source.data
            return f"data {data}", lambda: _from_base64(data, label)
        return self._bytes_of(source.path, source.asset_id, label)

    def _decoded(self, data: bytes, factor: int, label: str) -> DecodedImage:
        key = _hashed("picture", factor, _sha256(data))
        return self._once(key, lambda: decode_image(data, label, factor, self._budget.limits))

    def _font(self, layer: TextLayer, label: str) -> LoadedFont:
        if isinstance(layer.font, FontSource):
            key, read = self._bytes_of(layer.font.path, layer.font.asset_id, f"{label}, font")
            data = self._named.once(f"font {key}", read, Tally())
            return load_font(data, label, weight=layer.weight, italic=layer.italic)
        return family_font(layer.font, label, weight=layer.weight, italic=layer.italic)

    def _mask(self, mask: Mask, label: str) -> DecodedMask:
        size = self._composition.width, self._composition.height
        if mask.selection is not None:
            selection = mask.selection
            key = coverage_hash(selection, *size)
            try:
                return self._once(key, lambda: rasterise_selection(selection, *size, self._budget))
            except (SourceError, CompositionError) as error:
                raise type(error)(f"{label}: {error}") from error
        data = self._named.once(
            f"mask {mask.path!r} {mask.mask_artifact_id!r}", self._mask_bytes(mask, label), Tally()
        )
        key = _hashed("mask", _sha256(data), *size)
        return self._once(key, lambda: decode_mask(data, *size, label, self._budget.limits))

    def _mask_bytes(self, mask: Mask, label: str) -> Callable[[], bytes]:
        artifact_id = mask.mask_artifact_id
        if artifact_id is not None:
            return lambda: self._stored(label).read_mask(artifact_id, label)
        return self._bytes_of(mask.path, None, label)[1]

    def _bytes_of(
        self, path: str | None, asset_id: str | None, label: str
    ) -> tuple[str, Callable[[], bytes]]:
        """What names some bytes, and how to read them."""
        if path is not None:
            return f"path {path}", lambda: self._files.read(path, label)
        assert asset_id is not None
        return f"asset {asset_id}", lambda: self._stored(label).read_asset(asset_id, label)

    def _stored(self, label: str) -> Store:
        if self._store is None:
            raise SourceError(
                f"{label}: assets and artifacts need a media store: render with ImageCoreService"
                " or image-core register"
            )
        return self._store

    def _once(self, key: str, make: Callable[[], _T]) -> _T:
        return self._cache.once(key, make, self._tally)


def _side_by_side(jobs: Iterable[Callable[[], _T]]) -> list[_T]:
    """What the jobs return, in their order; of the errors of several, that of the first of them."""
    pool = thread_pool("sources")
    futures = [pool.submit(job) for job in jobs]
    try:
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()
        wait(futures)


def _size(source: DecodedImage | DecodedMask | None) -> int:
    return _ENTRY_BYTES + (source.pixels.nbytes if source else 0)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hashed(*parts: object) -> str:
    """A key of the parts' representations: strings, numbers, and what is made of them."""
    return _sha256(repr(parts).encode())


def _from_base64(data: str, label: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise SourceError(f"{label}: data is not base64: {error}") from error
