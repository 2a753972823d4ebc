"""From a composition to what its layers draw: bytes fetched, decoded, shaped and rasterised.

Only layers that may show are looked at, and what several layers share is decoded once.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Protocol, TypeVar

from engines.image_core.decoded import DecodedImage, DecodedMask
from engines.image_core.errors import SourceError
from engines.image_core.fitting import solid_area
from engines.image_core.geometry import Rect, layer_affine
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
from engines.image_core.placement import TooLargeError
from engines.image_core.plan import Sources, needed_areas
from engines.image_core.rounding import round_fraction
from engines.image_core.selections import rasterise_selection
from engines.image_core.shapes import RectShape
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.fonts import LoadedFont, family_font, load_font
from engines.image_core.sources.raster import decode_image, decode_mask
from engines.image_core.sources.svg import rasterise_svg, svg_size
from engines.image_core.sources.text import rasterise_text
from engines.image_core.sources.vector import rasterise_shapes

__all__ = ["Store", "load_sources"]

_T = TypeVar("_T")


class Store(Protocol):
    """Where assets and mask artifacts come from, for one tenant and env."""

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """The bytes of an asset; a SourceError that begins with the label when there is none."""

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """The bytes of a `mask` artifact; a SourceError that begins with the label when there is none."""


def load_sources(composition: ImageComposition, files: FileRoot, store: Store | None) -> Sources:
    """Everything that the composition's layers draw.

    Raises:
        SourceError: a source is missing, not allowed, damaged, or draws what it must not; the message names
            the layer.
        CompositionError: a font family is not known.
    """
    return _Loader(composition, files, store).load()


class _Loader:
    def __init__(self, composition: ImageComposition, files: FileRoot, store: Store | None) -> None:
        self._composition = composition
        self._files = files
        self._store = store
        self._done: dict[tuple[str, ...], object] = {}

    def load(self) -> Sources:
        images: dict[LayerPath, DecodedImage] = {}
        masks: dict[LayerPath, DecodedMask] = {}
        areas = needed_areas(self._composition)
        for path, layer in self._composition.walk():
            if path not in areas:
                continue
            label = layer_label(path, layer)
            try:
                image = self._image(layer, areas[path], label)
            except TooLargeError as error:
                raise SourceError(f"{label}: {error}") from error
            if image is not None:
                images[path] = image
            if layer.mask is not None:
                masks[path] = self._mask(layer.mask, f"{label}, mask")
        return Sources(images, masks)

    def _image(self, layer: Layer, area: Rect, label: str) -> DecodedImage | None:
        match layer:
            case RasterLayer() if layer.source.color is not None:
                return self._painted(layer, area, label)
            case RasterLayer():
                return self._picture(layer.source, f"{label}, source")
            case TextLayer():
                return rasterise_text(layer, self._font(layer, label), area, label)
            case VectorLayer() if layer.svg is not None:
                return _drawing(layer, layer.svg, label)
            case VectorLayer():
                size = Fraction(self._composition.width), Fraction(self._composition.height)
                return rasterise_shapes(layer, layer_affine(layer.transform, *size), area, label)
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
        return rasterise_shapes(drawing, affine, area, label)

    def _picture(self, source: RasterSource, label: str) -> DecodedImage:
        if source.data is not None:
            data = source.data
            return self._once(("data", data), lambda: decode_image(_from_base64(data, label), label))
        key, read = self._bytes_of(source.path, source.asset_id, label)
        return self._once(("picture", *key), lambda: decode_image(read(), label))

    def _font(self, layer: TextLayer, label: str) -> LoadedFont:
        if isinstance(layer.font, FontSource):
            key, read = self._bytes_of(layer.font.path, layer.font.asset_id, f"{label}, font")
            data = self._once(("font", *key), read)
            return load_font(data, label, weight=layer.weight, italic=layer.italic)
        return family_font(layer.font, label, weight=layer.weight, italic=layer.italic)

    def _mask(self, mask: Mask, label: str) -> DecodedMask:
        size = self._composition.width, self._composition.height
        if mask.selection is not None:
            return rasterise_selection(mask.selection, *size)
        if mask.mask_artifact_id is not None:
            artifact_id = mask.mask_artifact_id
            data = self._once(
                ("mask", artifact_id), lambda: self._stored(label).read_mask(artifact_id, label)
            )
            return decode_mask(data, *size, label)
        _, read = self._bytes_of(mask.path, None, label)
        return decode_mask(read(), *size, label)

    def _bytes_of(
        self, path: str | None, asset_id: str | None, label: str
    ) -> tuple[tuple[str, str], Callable[[], bytes]]:
        """What names some bytes, and how to read them."""
        if path is not None:
            return ("path", path), lambda: self._files.read(path, label)
        assert asset_id is not None
        return ("asset", asset_id), lambda: self._stored(label).read_asset(asset_id, label)

    def _stored(self, label: str) -> Store:
        if self._store is None:
            raise SourceError(
                f"{label}: assets and artifacts need a media store: render with ImageCoreService"
                " or image-core register"
            )
        return self._store

    def _once(self, key: tuple[str, ...], make: Callable[[], _T]) -> _T:
        if key not in self._done:
            self._done[key] = make()
        return self._done[key]  # type: ignore[return-value]  # a key is used with one type of value


def _from_base64(data: str, label: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise SourceError(f"{label}: data is not base64: {error}") from error


def _drawing(layer: VectorLayer, svg: str, label: str) -> DecodedImage:
    """An SVG at the scale it is shown at; the plan turns and places it."""
    own_width, own_height = svg_size(svg, label)
    width = Fraction(layer.width) if layer.width is not None else None
    height = Fraction(layer.height) if layer.height is not None else None
    if width is None:
        width = own_width if height is None else height * own_width / own_height
    if height is None:
        height = width * own_height / own_width
    scale_x = abs(Fraction(layer.transform.scale))
    scale_y = scale_x if layer.transform.scale_y is None else abs(Fraction(layer.transform.scale_y))
    pixels_wide = max(1, round_fraction(width * scale_x))
    pixels_high = max(1, round_fraction(height * scale_y))
    image = rasterise_svg(svg, pixels_wide, pixels_high, label)
    return replace(image, box=(width, height))
