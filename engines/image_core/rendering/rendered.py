"""What a renderer makes of a composition: its plan, and its image with how it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import numpy as np
import PIL.Image
from numpy.typing import DTypeLike, NDArray

from engines.image_core.export import (
    Effort,
    ExportOptions,
    Format,
    Subsampling,
    encode,
    format_of,
    parse_options,
    pixel_hash,
)
from engines.image_core.models import ImageComposition
from engines.image_core.planning.decoded import Finish
from engines.image_core.planning.planner import Plan
from engines.image_core.runtime.writing import check_writable, write_file
from engines.image_core.sources.text.measuring import TextMeasure

__all__ = ["Planned", "RenderedImage"]


@dataclass(frozen=True)
class Planned:
    """A composition whose sources are decoded and whose pixels are decided, but not drawn yet.

    timings and cache as in `RenderedImage`, so far; texts tells what its `text` is; finish is what becomes of
    the canvas, None where it is the picture; notes as in `RenderedImage`.
    """

    composition: ImageComposition
    plan: Plan
    timings: dict[str, float]
    cache: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: Callable[[], dict[str, TextMeasure]] = field(default=dict, repr=False)
    finish: Finish | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RenderedImage:
    """The pixels of a composition and how they were made.

    Attributes:
        pixels: uint8, shape (height, width, 4), straight RGBA, read-only; sRGB, or values of `icc_profile`.
        pipeline_hash: SHA-256 hex digest of everything that decided the pixels.
        layers_count: layers of the composition, groups and what is inside them included.
        backend: "gl" or "numpy".
        device: what it ran on, in the driver's words.
        reason: why this backend was taken; a fallback says so here.
        timings: milliseconds by stage: decode, plan, upload, compile, compose, compose_general, readback. A
            stack whose shape is new to a device is drawn by a general program: compose is 0 then, and else
            compose_general. Where the canvas has a colour space of its own, convert is what bringing it to
            sRGB took.
        cache: for "sources" (decoded pictures, drawn text and drawings) and "layers" (ready to be
            composited: uploaded, resampled, filtered), how many the renderer had ("hits"), how many it made
            ("misses"), and what is kept ("bytes").
        texts: tells what `text` is.
        icc_profile: the ICC profile of the space that the pixels are values of, which files carry; None for
            sRGB.
        notes: what is to be known of how pictures were read, each naming its layer: profiles that were
            ignored, where the renderer was told to. The log has them as warnings.
    """

    pixels: NDArray[np.uint8]
    pipeline_hash: str
    layers_count: int
    backend: Literal["gl", "numpy"]
    device: str
    reason: str
    timings: dict[str, float]
    cache: dict[str, dict[str, int]]
    texts: Callable[[], dict[str, TextMeasure]] = field(default=dict, repr=False)
    icc_profile: bytes | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()

    @cached_property
    def text(self) -> dict[str, TextMeasure]:
        """What each text layer takes, by its place such as "layers[2]": its size, its lines, and the fonts of
        their runs. Measured when it is asked for, by the renderer, with the fonts that there are then.

        Raises:
            SourceError: a font is no longer there.
        """
        return self.texts()

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @cached_property
    def pixel_hash(self) -> str:
        """SHA-256 hex digest of the size and the RGBA bytes; the same on every backend and device."""
        return pixel_hash(self.pixels)

    def encode(self, options: ExportOptions | Format | str) -> bytes:
        """A file of a format, as the function `encode` makes it, with the pixels' profile.

        Raises:
            ExportError: no such format, or the format cannot hold this picture.
        """
        return encode(self.pixels, options, self.icc_profile)

    def to_png(self, effort: Effort = "fast") -> bytes:
        """A PNG file, which keeps every byte: see `PngOptions`.

        Raises:
            ExportError: a setting is not allowed.
        """
        return self.encode(parse_options("png", effort=effort))

    def to_webp(
        self, quality: int | None = None, lossless: bool = False, effort: Effort = "balanced"
    ) -> bytes:
        """A WEBP file: lossy of quality 0..100, by default 90, or lossless with every byte kept.

        See `WebpOptions`.

        Raises:
            ExportError: a setting is not allowed, or the picture is too large for WEBP.
        """
        return self.encode(parse_options("webp", quality=quality, lossless=lossless, effort=effort))

    def to_jpeg(
        self,
        quality: int = 90,
        subsampling: Subsampling = "4:4:4",
        matte: str | None = None,
        effort: Effort = "balanced",
    ) -> bytes:
        """A JPEG file of quality 1..100; a picture with transparency needs a matte, "#rrggbb", to lie on.

        See `JpegOptions`.

        Raises:
            ExportError: a setting is not allowed, or the picture has transparency and there is no matte.
        """
        return self.encode(
            parse_options("jpeg", quality=quality, subsampling=subsampling, matte=matte, effort=effort)
        )

    def to_avif(self, quality: int = 75, effort: Effort = "balanced") -> bytes:
        """An AVIF file of quality 0..100, with its alpha: see `AvifOptions`.

        Raises:
            ExportError: a setting is not allowed.
        """
        return self.encode(parse_options("avif", quality=quality, effort=effort))

    def save(self, path: str | PathLike[str], **settings: Any) -> None:
        """Write a file in the format of its suffix, .png, .webp, .jpg or .avif, over one that is there.

        Args:
            path: its name.
            settings: of the format's options, such as quality=80: see `PngOptions`, `WebpOptions`,
                `JpegOptions` and `AvifOptions`.

        Raises:
            ExportError: the suffix is of no format, a setting is not allowed, the format cannot hold this
                picture, or the file cannot be written.
        """
        name = Path(path)
        options = parse_options(format_of(str(name)), **settings)
        check_writable(name)
        write_file(name, self.encode(options))

    def to_pil(self) -> PIL.Image.Image:
        """A PIL image of mode RGBA with pixels of its own, and the ICC profile where there is one."""
        image = PIL.Image.fromarray(self.pixels)
        if self.icc_profile is not None:
            image.info["icc_profile"] = self.icc_profile
        return image

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """The pixels for `np.asarray(image)`: read-only and not copied, unless a copy is asked for or another
        dtype needs one.

        Raises:
            ValueError: there is to be no copy, and another dtype needs one.
        """
        return np.array(self.pixels, dtype=dtype, copy=copy)

    def _repr_png_(self) -> bytes:
        return self.to_png()
