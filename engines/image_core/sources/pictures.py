"""Pictures as sources: files, and parts of Photoshop files, in the composition's colour space.

A file is known by its SHA-256, what is made of it by that, the space and the libraries that make it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PIL import features

from engines.image_core.composition.fills import PatternFill, PictureSource
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.errors import SourceError
from engines.image_core.models import RasterLayer, RasterSource
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.fitting import jpeg_factor
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.runtime.pixels import Pixels
from engines.image_core.sources.psd.knowing import decoder, is_document
from engines.image_core.sources.raster.converting import converted
from engines.image_core.sources.raster.decoding import decode_image, decode_pixels, jpeg_size
from engines.image_core.sources.raster.icc import (
    ColorSpace,
    Conversion,
    DamagedProfiles,
    from_srgb,
    unchanged,
)
from engines.image_core.sources.raster.opening import check_size
from engines.image_core.sources.reading import File, Reading
from engines.image_core.sources.source import Source, hashed

if TYPE_CHECKING:
    from psd_tools import PSDImage

__all__ = ["Pictures"]


class Pictures:
    """Tells the pictures of one composition.

    Args:
        canvas: its width and height.
        reading: reads its files.
        limits: what it may cost.
        space: the colour space that it has of its own.
        damaged_profiles: what becomes of pictures whose embedded profiles cannot be used.
    """

    def __init__(
        self,
        canvas: tuple[int, int],
        reading: Reading,
        limits: RenderLimits,
        space: ColorSpace | None,
        damaged_profiles: DamagedProfiles,
    ) -> None:
        self._canvas = canvas
        self._reading = reading
        self._limits = limits
        self._space = space
        self._damaged_profiles = damaged_profiles

    def of_layer(self, layer: RasterLayer, label: str) -> Source[Any]:
        """A layer's picture, a JPEG at the fraction of its size that is enough for this layer."""
        return self._named(layer.source, label, layer)

    def of_pattern(self, fill: PatternFill, label: str) -> Source[Any]:
        """A pattern's picture at its own size; the plan repeats and places it."""
        return self._named(fill.source, label)

    def drawn(self, source: Source[DecodedImage]) -> Source[Any]:
        """A drawing whose colours are sRGB, brought to the composition's space."""
        if self._space is None:
            return source
        convert = from_srgb("RGBA", self._space)
        key = hashed(
            "drawn in", source.key, self._space.digest, f"littlecms2 {features.version('littlecms2')}"
        )

        def make() -> DecodedImage:
            image = source.make()
            pixels = converted(image.pixels, convert)
            return replace(image, pixels=pixels, content_hash=hashed("drawn", image.content_hash, key))

        return Source(key, make, source.box)

    def _named(
        self, source: RasterSource | PictureSource, label: str, layer: RasterLayer | None = None
    ) -> Source[Any]:
        if isinstance(source, RasterSource) and source.array is not None:
            return self._pixels(source.array, label)
        if source.psd is None:
            return self._file(self._reading.picture(source, label), label, layer, source.frame)
        file = self._reading.part(source.psd, label)
        if not source.psd.part.startswith("files["):
            return self._part(file, source.psd, label)
        from engines.image_core.sources.psd.parts import part_bytes

        inner = part_bytes(self._reading.document(file, label), source.psd.part, label)
        return self._file(File(inner), label)

    def _file(self, file: File, label: str, layer: RasterLayer | None = None, frame: int = 0) -> Source[Any]:
        if is_document(file.data):
            if frame:
                raise SourceError(f"{label}: frame {frame} is not there: a Photoshop file has 1 frame")
            from engines.image_core.sources.psd.planes import managed

            return self._of_document(
                file, "merged", label, lambda document: managed(document, label, self._space), "managed"
            )
        size = jpeg_size(file.data, label, self._limits) if layer else None
        factor = jpeg_factor(layer, *size, self._canvas) if layer and size else 1
        damaged = self._damaged_profiles
        key = hashed("picture", factor, frame, damaged, file.digest, *self._in_space)

        def make() -> DecodedImage:
            return decode_image(
                file.data, label, factor, self._limits, self._space, frame=frame, damaged_profiles=damaged
            )

        return Source(key, make)

    def _pixels(self, pixels: Pixels, label: str) -> Source[Any]:
        check_size(pixels.width, pixels.height, label, self._limits)
        damaged = self._damaged_profiles
        key = hashed("pixels", damaged, pixels.digest, *self._in_space)
        return Source(key, lambda: decode_pixels(pixels, label, self._space, damaged))

    def _part(self, file: File, psd: PsdPart, label: str) -> Source[Any]:
        from engines.image_core.sources.psd.planes import part_conversion

        return self._of_document(
            file, psd.part, label, lambda document: part_conversion(document, self._space)
        )

    def _of_document(
        self,
        file: File,
        part: str,
        label: str,
        conversion: Callable[[PSDImage], Conversion],
        *how: str,
    ) -> Source[Any]:
        key = hashed("psd", decoder(), file.digest, part, *how, *self._in_space)

        def make() -> DecodedImage:
            from engines.image_core.sources.psd.parts import part_picture

            document = self._reading.document(file, label)
            pixels, convert = part_picture(document, part, label), conversion(document)
            if convert is not unchanged:
                pixels = converted(pixels, convert)
            pixels.setflags(write=False)
            return DecodedImage(pixels, key, opaque=bool((pixels[..., 3] == 255).all()))

        return Source(key, make)

    @property
    def _in_space(self) -> tuple[str, ...]:
        return () if self._space is None else (self._space.digest,)
