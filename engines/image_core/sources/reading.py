"""Reads what layers name: files, assets and artifacts, each once for a composition."""

from __future__ import annotations

import base64
import binascii
import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Protocol

from engines.image_core.composition.fills import PictureSource
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.composition.sources import Font
from engines.image_core.composition.type import TextStyle
from engines.image_core.errors import SourceError
from engines.image_core.models import FontSource, Mask, RasterSource, TextLayer, VectorLayer
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.text.builtin_fonts import builtin_files
from engines.image_core.sources.text.families import Families, FontFolder
from engines.image_core.sources.text.font_files import one_font
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.sources.vector.svg_fonts import SvgFonts

if TYPE_CHECKING:
    from psd_tools import PSDImage

__all__ = ["File", "Reading", "Store"]


class Store(Protocol):
    """Where assets and mask artifacts come from, for one tenant and env. Called from several threads."""

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """The bytes of an asset; a SourceError that begins with the label when there is none."""

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """The bytes of a `mask` artifact; a SourceError that begins with the label when there is none."""


@dataclass(frozen=True)
class File:
    """Bytes that were read."""

    data: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


class Reading:
    """Reads for one composition. Called from several threads."""

    def __init__(
        self, files: FileRoot, store: Store | None, fonts: FontFolder, limits: RenderLimits = DEFAULT_LIMITS
    ) -> None:
        self._files = files
        self._store = store
        self._fonts = fonts
        self._limits = limits
        self._read = Cache(sys.maxsize, lambda _: 0)

    def picture(self, source: RasterSource | PictureSource, label: str) -> File:
        """A picture's file, by whatever names it."""
        if source.data is not None:
            data = source.data
            return self._once(f"data {data}", lambda: _from_base64(data, label))
        return self.bytes_of(source.path, source.asset_id, label)

    def document(self, file: File, label: str) -> PSDImage:
        """A Photoshop file, parsed once."""
        from engines.image_core.sources.psd.opening import open_document

        key = "document", file.digest
        return self._read.once(key, lambda: open_document(file.data, label, self._limits), CacheCounts())

    def part(self, psd: PsdPart, label: str) -> File:
        """The Photoshop file that a part is of."""
        return self.bytes_of(psd.path, psd.asset_id, label)

    def fonts(self, layer: TextLayer, label: str) -> list[tuple[LoadedFont, ...]]:
        """For each run of a text, its fonts in order. The first has the weight, slant and axes that are asked
        for; those that stand in for it are as near to them as they can be."""
        return [
            tuple(self._font(font, style, label, exact=not number) for number, font in enumerate(style.fonts))
            for _, style in layer.styled
        ]

    def _font(self, font: Font, style: TextStyle, label: str, *, exact: bool) -> LoadedFont:
        weight, italic, axes = style.weight, style.italic, style.axes
        if isinstance(font, FontSource):
            data = self.bytes_of(font.path, font.asset_id, f"{label}, font").data
            index = font.index
            return load_font(data, label, weight=weight, italic=italic, axes=axes, index=index, exact=exact)
        families = self.families(label)
        find = partial(families.font, font, label, weight=weight, italic=italic, axes=axes, exact=exact)
        key = "family", font, weight, italic, tuple(sorted(axes.items())), exact
        return self._read.once(key, find, CacheCounts())

    def svg_fonts(self, layer: VectorLayer, label: str) -> SvgFonts:
        """Those of the text of a layer's SVG: of each that it names, all styles."""
        if layer.fonts is None:
            return builtin_svg_fonts()
        files: dict[bytes, None] = {}
        for font in layer.fonts:
            if isinstance(font, FontSource):
                data = self.bytes_of(font.path, font.asset_id, f"{label}, font").data
                files[one_font(data, font.index, label)] = None
            else:
                find = partial(self.families(label).files, font, label)
                files |= dict.fromkeys(self._read.once(("files", font), find, CacheCounts()))
        return SvgFonts(tuple(files))

    def families(self, label: str) -> Families:
        """The families known by name: for all of the composition as they are when the first is asked for."""
        return self._read.once("families", lambda: self._fonts.families(label), CacheCounts())

    def mask(self, mask: Mask, label: str) -> File:
        """A mask's file or artifact."""
        artifact_id = mask.mask_artifact_id
        if artifact_id is None:
            return self.bytes_of(mask.path, None, label)
        return self._once(f"mask {artifact_id}", lambda: self._stored(label).read_mask(artifact_id, label))

    def bytes_of(self, path: str | None, asset_id: str | None, label: str, *most: int) -> File:
        """A file or an asset. most: how many bytes it may have, where that is less than files may have."""
        if path is not None:
            return self._once(f"path {path}", lambda: self._files.read(path, label, *most))
        assert asset_id is not None
        return self._once(f"asset {asset_id}", lambda: self._stored(label).read_asset(asset_id, label))

    def _stored(self, label: str) -> Store:
        if self._store is None:
            raise SourceError(
                f"{label}: assets and artifacts need a media store: render with ImageCoreService"
                " or image-core register"
            )
        return self._store

    def _once(self, name: str, read: Callable[[], bytes]) -> File:
        """What a name stands for, read for the first layer that names it."""
        return self._read.once(name, lambda: File(read()), CacheCounts())


@lru_cache
def builtin_svg_fonts() -> SvgFonts:
    """The built-in family."""
    return SvgFonts(tuple(builtin_files().values()))


def _from_base64(data: str, label: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise SourceError(f"{label}: data is not base64: {error}") from error
