"""Rendering: a composition in, pixels out, on an open backend."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from engines.image_core.backend import Backend, BackendChoice, NumpyBackend, log, open_backend
from engines.image_core.caching import Tally
from engines.image_core.errors import DeviceError
from engines.image_core.export import Effort, Subsampling, encode, parse_options, pixel_hash
from engines.image_core.models import ImageComposition
from engines.image_core.plan import Plan, make_plan
from engines.image_core.resolve import Store, load_sources, source_cache
from engines.image_core.sources.files import FileRoot

__all__ = ["CACHE_BYTES", "Planned", "RenderedImage", "Renderer"]

CACHE_BYTES = 256 << 20
"""What each of a renderer's two caches may hold unless it is told otherwise."""


@dataclass(frozen=True)
class Planned:
    """A composition whose sources are decoded and whose pixels are decided, but not drawn yet.

    timings and cache as in `RenderedImage`, so far.
    """

    composition: ImageComposition
    plan: Plan
    timings: dict[str, float]
    cache: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RenderedImage:
    """The pixels of a composition and how they were made.

    Attributes:
        pixels: uint8, shape (height, width, 4), straight RGBA, read-only.
        pipeline_hash: SHA-256 hex digest of everything that decided the pixels.
        layers_count: layers of the composition, groups and what is inside them included.
        backend: "gl" or "numpy".
        device: what it ran on, in the driver's words.
        reason: why this backend was taken; a fallback says so here.
        timings: milliseconds by stage: decode, plan, upload, compose, readback.
        cache: for "sources" (decoded pictures, drawn text and drawings) and "layers" (ready to be
            composited: uploaded, resampled, filtered), how many the renderer had ("hits"), how many it made
            ("misses"), and what is kept ("bytes").
    """

    pixels: NDArray[np.uint8]
    pipeline_hash: str
    layers_count: int
    backend: Literal["gl", "numpy"]
    device: str
    reason: str
    timings: dict[str, float]
    cache: dict[str, dict[str, int]]

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

    def to_png(self, effort: Effort = "fast") -> bytes:
        """A PNG file, which keeps every byte: see `PngOptions`.

        Raises:
            ExportError: a setting is not allowed.
        """
        return encode(self.pixels, parse_options("png", effort=effort))

    def to_webp(
        self, quality: int | None = None, lossless: bool = False, effort: Effort = "balanced"
    ) -> bytes:
        """A WEBP file: lossy of quality 0..100, by default 90, or lossless with every byte kept.

        See `WebpOptions`.

        Raises:
            ExportError: a setting is not allowed, or the picture is too large for WEBP.
        """
        return encode(self.pixels, parse_options("webp", quality=quality, lossless=lossless, effort=effort))

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
        return encode(
            self.pixels,
            parse_options("jpeg", quality=quality, subsampling=subsampling, matte=matte, effort=effort),
        )

    def to_avif(self, quality: int = 75, effort: Effort = "balanced") -> bytes:
        """An AVIF file of quality 0..100, with its alpha: see `AvifOptions`.

        Raises:
            ExportError: a setting is not allowed.
        """
        return encode(self.pixels, parse_options("avif", quality=quality, effort=effort))

    def _repr_png_(self) -> bytes:
        return self.to_png()


class Renderer:
    """Renders compositions on one backend; safe to call from several threads.

    Args:
        backend: "gl", "numpy", or "auto" (a GPU, else llvmpipe, else NumPy; the result says which and why).
        root: the folder that `path` sources may name files in; None allows no local files.
        device_index: which OpenGL device, counted from 0 with hardware first.
        cache_bytes: how much memory may be kept for the sources of later compositions, and as much again (the
            device's, for "gl") for their layers, see `RenderedImage.cache`; 0 keeps nothing. The pixels are
            the same.

    Raises:
        BackendUnavailableError: the backend that was asked for cannot run here.
    """

    def __init__(
        self,
        backend: BackendChoice = "auto",
        root: str | PathLike[str] | None = None,
        device_index: int = 0,
        *,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._sources = source_cache(cache_bytes)
        self._files = FileRoot(None if root is None else Path(root))
        self._backend = open_backend(backend, device_index, cache_bytes)
        self._may_fall_back = backend == "auto" and self._backend.name == "gl"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the device and the caches; closing twice does nothing."""
        self._sources.clear()
        self._backend.close()

    def plan(self, composition: ImageComposition, store: Store | None = None) -> Planned:
        """Decode a composition's sources and decide its pixels.

        Args:
            composition: what to draw.
            store: where asset ids and mask artifact ids are looked up; without one they are errors.

        Raises:
            SourceError: a source is missing, not allowed or damaged; the message names the layer.
        """
        started = time.perf_counter()
        tally = Tally()
        sources = load_sources(composition, self._files, store, self._sources, tally)
        decoded = time.perf_counter()
        plan = make_plan(composition, sources)
        planned = time.perf_counter()
        timings = {"decode": 1000 * (decoded - started), "plan": 1000 * (planned - decoded)}
        return Planned(composition, plan, timings, {"sources": tally.counted(self._sources.held_bytes)})

    def draw(self, planned: Planned) -> RenderedImage:
        """Evaluate a plan.

        Where the backend was left to us ("auto") and the device fails, NumPy draws the same pixels, and the
        result's reason and the log say so.

        Raises:
            DeviceError: the GPU or its driver failed.
        """
        backend: Backend = self._backend
        try:
            evaluated = backend.evaluate(planned.plan)
        except DeviceError as error:
            if not self._may_fall_back:
                raise
            log.warning("rendering falls back from OpenGL to NumPy: %s", error)
            backend = NumpyBackend(f"OpenGL failed ({error})")
            evaluated = backend.evaluate(planned.plan)
        pixels = evaluated.pixels
        pixels.setflags(write=False)
        return RenderedImage(
            pixels=pixels,
            pipeline_hash=planned.plan.pipeline_hash,
            layers_count=sum(1 for _ in planned.composition.walk()),
            backend=backend.name,
            device=backend.device,
            reason=backend.reason,
            timings={**planned.timings, **evaluated.timings},
            cache={**planned.cache, "layers": evaluated.layers},
        )

    def render(self, composition: ImageComposition) -> RenderedImage:
        """Decode, plan and draw a composition.

        Raises:
            SourceError: a source is missing, not allowed or damaged; the message names the layer.
            DeviceError: the GPU or its driver failed, and the backend was asked for by name.
        """
        return self.draw(self.plan(composition))
