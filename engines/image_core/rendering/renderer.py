"""Rendering: a composition in, pixels out, on an open backend."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Self, TypeVar, get_args, overload

import numpy as np
from numpy.typing import NDArray

from engines.image_core.backend import (
    Backend,
    BackendChoice,
    Evaluated,
    NumpyBackend,
    log,
    open_backend,
)
from engines.image_core.conformance import Suite, all_cases
from engines.image_core.errors import CompositionError, DeviceError, ImageCoreError
from engines.image_core.models import ImageComposition, TextLayer, layer_label
from engines.image_core.planning.decoded import Finish
from engines.image_core.planning.keeping import plan_cache
from engines.image_core.planning.lengths import check_resolved, resolved
from engines.image_core.planning.planner import make_plan
from engines.image_core.rendering.admission import admit, too_long
from engines.image_core.rendering.canvases import Canvases, Drawing
from engines.image_core.rendering.health import DeviceWatch, RendererHealth
from engines.image_core.rendering.pipeline import Pipeline
from engines.image_core.rendering.rendered import Planned, RenderedImage
from engines.image_core.rendering.self_test import trusted
from engines.image_core.runtime.caching import CacheCounts
from engines.image_core.runtime.limits import DEFAULT_LIMITS, Budget, Clock, RenderLimits
from engines.image_core.runtime.processors import cores
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.keeping import SourceCache
from engines.image_core.sources.loading import load_sources
from engines.image_core.sources.raster.icc import DamagedProfiles
from engines.image_core.sources.reading import Reading, Store
from engines.image_core.sources.text.families import FontFolder
from engines.image_core.sources.text.measuring import TextMeasure, measure_text

__all__ = ["CACHE_BYTES", "Renderer"]

T = TypeVar("T")

CACHE_BYTES = 256 << 20
"""What each of a renderer's caches may hold unless it is told otherwise."""


class Renderer:
    """Renders compositions on one backend; safe to call from several threads.

    Args:
        backend: "gl", "numpy", or "auto" (a GPU, else llvmpipe, else NumPy; the result says which and why).
            With "auto" a driver that is met for the first time has to pass a self-test.
        root: the folder that `path` sources may name files in; None allows no local files.
        device_index: which OpenGL device, counted from 0 with hardware first.
        cache_bytes: how much memory may be kept for the sources of later compositions, as much again for
            what their layers were planned to, which are mostly the same pictures, as much again (the
            device's, for "gl") for their layers, see `RenderedImage.cache`, and as much again for the last
            few pictures: of one that differs from these in a part, that part is drawn. 0 keeps nothing.
            The pixels are the same.
        limits: what one composition may cost, see `RenderLimits`.
        warm: have the device's programs compiled now, which takes some seconds, and not by the first renders.
        fonts: a folder of fonts whose families texts may name, see `FontFolder`; without it they name the
            built-in one.
        damaged_profiles: what becomes of a picture whose embedded colour profile is damaged or made for other
            pixels: "error" refuses it, "ignore" takes its colours as sRGB, and the result's notes and the log
            say so.

    Attributes:
        limits: what one composition may cost.

    Raises:
        BackendUnavailableError: the backend that was asked for cannot run here.
        CompositionError: there is no such damaged_profiles.
        SourceError: there is no such folder of fonts.
    """

    def __init__(
        self,
        backend: BackendChoice = "auto",
        root: str | PathLike[str] | None = None,
        device_index: int = 0,
        *,
        cache_bytes: int = CACHE_BYTES,
        limits: RenderLimits = DEFAULT_LIMITS,
        warm: bool = False,
        fonts: str | PathLike[str] | None = None,
        damaged_profiles: DamagedProfiles = "error",
    ) -> None:
        if damaged_profiles not in get_args(DamagedProfiles):
            raise CompositionError(
                f"damaged_profiles: {damaged_profiles!r} is not allowed: allowed is error or ignore"
            )
        self._sources = SourceCache(cache_bytes)
        self._plans = plan_cache(cache_bytes)
        self._canvases = Canvases(cache_bytes)
        self.limits = limits
        self._files = FileRoot(None if root is None else Path(root))
        self._fonts = FontFolder(fonts)
        self._damaged_profiles = damaged_profiles
        self._backend = open_backend(backend, device_index, cache_bytes)
        fell_back = "unavailable" if backend == "auto" and self._backend.name == "numpy" else None
        if backend == "auto" and self._backend.name == "gl":
            self._backend = trusted(self._backend, cache_bytes)
            fell_back = "self_test" if self._backend.name == "numpy" else None
        if warm:
            self._backend.warm()
        self._may_fall_back = backend == "auto" and self._backend.name == "gl"
        self._watch = DeviceWatch(fell_back, self._may_fall_back)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the device and the caches; closing twice does nothing."""
        self._sources.clear()
        self._plans.clear()
        self._canvases.clear()
        self._backend.close()

    @property
    def health(self) -> RendererHealth:
        """How the device fares and what is held, for an operator; it waits for no render."""
        backend = self._backend
        return RendererHealth(
            state=self._watch.state,
            backend=backend.name,
            device=backend.device,
            reason=self._watch.failure or backend.reason,
            fallbacks=self._watch.fallbacks,
            held_bytes={
                "device": backend.held_bytes,
                "layers": backend.kept_bytes,
                "sources": self._sources.held_bytes,
                "plans": self._plans.held_bytes,
                "canvases": self._canvases.held_bytes,
            },
        )

    def check_device(self) -> bool:
        """Draw one small picture of the self-test, and note in `health` whether the device drew what NumPy
        draws.

        A device that failed is so found to work again although nobody asks it for pictures. It waits for
        what the device does at the moment.
        """
        case = next(iter(all_cases("self-test")))
        try:
            drawn = Suite(self._backend).draw(case)
            if not np.array_equal(drawn, Suite(NumpyBackend("to compare with")).draw(case)):
                raise DeviceError(f"{self._backend.device} drew {case.name} wrong: see image-core doctor")
        except DeviceError as error:
            self._watch.failed(error, drawing=False)
            return False
        self._watch.drew()
        return True

    def plan(self, composition: ImageComposition, store: Store | None = None) -> Planned:
        """Decode a composition's sources and decide its pixels.

        Args:
            composition: what to draw.
            store: where asset ids and mask artifact ids are looked up; without one they are errors.

        Raises:
            SourceError: a source is missing, not allowed, damaged or too large; the message names the layer.
            CompositionError: it passes a limit of the renderer's.
        """
        started = time.perf_counter()
        tally, budget = CacheCounts(), Budget(self.limits)
        admit(composition, self.limits)
        composition = resolved(composition)
        sources = load_sources(
            composition, self._files, store, self._sources, tally, budget, self._fonts, self._damaged_profiles
        )
        for note in sources.notes:
            log.warning("%s", note)
        decoded = time.perf_counter()
        plan = make_plan(composition, sources, self._plans)
        budget.check_time("the canvas")
        planned = time.perf_counter()
        timings = {"decode": 1000 * (decoded - started), "plan": 1000 * (planned - decoded)}
        cache = {"sources": tally.counted(self._sources.held_bytes)}
        return Planned(
            composition,
            plan,
            timings,
            cache,
            lambda: self.measure_all(composition, store),
            sources.finish,
            sources.notes,
        )

    def measure(self, layer: TextLayer, store: Store | None = None, label: str = "text") -> TextMeasure:
        """What a text takes, without drawing it: the size it is shrunk to, its lines and their boxes, and the
        fonts of its runs.

        Args:
            layer: the text.
            store: where asset ids of fonts are looked up; without one they are errors.
            label: how errors name the layer.

        Raises:
            SourceError: a font is missing, not allowed or damaged, or the fonts lack a character.
            CompositionError: the text does not fit and must, is longer than the renderer's limits allow, or
                has percentages, which are parts of a canvas.
        """
        if len(layer.characters) > self.limits.text_length:
            raise CompositionError(too_long(label, "text", layer.characters, self.limits.text_length))
        check_resolved(layer, label)
        fonts = Reading(self._files, store, self._fonts).fonts(layer, label)
        return measure_text(layer, fonts, label)

    def measure_all(
        self, composition: ImageComposition, store: Store | None = None
    ) -> dict[str, TextMeasure]:
        """What each text layer of a composition takes, by its place such as "layers[2]". Arguments and errors
        as of `measure`."""
        return {
            layer_label(path): self.measure(layer, store, layer_label(path, layer))
            for path, layer in resolved(composition).walk()
            if isinstance(layer, TextLayer)
        }

    def draw(self, planned: Planned) -> RenderedImage:
        """Evaluate a plan.

        Where the backend was left to us ("auto") and the device fails, NumPy draws the same pixels, and the
        result's reason and the log say so.

        Raises:
            DeviceError: the GPU or its driver failed.
            CompositionError: it takes longer than the renderer's limits allow.
        """
        drawing = self._canvases.drawing(planned.plan, planned.finish)
        clock = partial(self._clock, planned)
        return self._drawn(planned, drawing, lambda: self._backend.evaluate(drawing.plan, clock))

    def begin(self, planned: Planned) -> Callable[[], RenderedImage]:
        """Hand a plan to the device without waiting for it.

        Returns:
            A function to be called once, which waits and does what `draw` does, a fallback included. What is
            begun before, a GPU works on while the pixels are copied.
        """
        drawing = self._canvases.drawing(planned.plan, planned.finish)
        try:
            collect = self._backend.begin(drawing.plan, partial(self._clock, planned))
        except DeviceError as error:
            failure = error

            def collect() -> Evaluated:
                raise failure

        return lambda: self._drawn(planned, drawing, collect)

    def _clock(self, planned: Planned) -> Clock:
        """Started when it is drawn: what it has waited meanwhile does not count."""
        return Budget(self.limits, sum(planned.timings.values()) / 1000).clock("the canvas")

    def _drawn(self, planned: Planned, drawing: Drawing, evaluate: Callable[[], Evaluated]) -> RenderedImage:
        backend: Backend = self._backend
        try:
            evaluated = evaluate()
            self._watch.drew()
        except DeviceError as error:
            self._watch.failed(error)
            if not self._may_fall_back:
                raise
            log.warning("rendering falls back from OpenGL to NumPy: %s", error)
            backend = NumpyBackend(f"OpenGL failed ({error})")
            evaluated = backend.evaluate(drawing.plan, partial(self._clock, planned))
        pixels, took = _finished(evaluated.pixels, planned.finish)
        return RenderedImage(
            pixels=self._canvases.finished(drawing, pixels),
            pipeline_hash=planned.plan.pipeline_hash,
            layers_count=sum(1 for _ in planned.composition.walk()),
            backend=backend.name,
            device=backend.device,
            reason=backend.reason,
            timings={**planned.timings, **evaluated.timings, **took},
            cache={**planned.cache, "layers": evaluated.layers},
            texts=planned.texts,
            icc_profile=None if planned.finish is None else planned.finish.icc_profile,
            notes=planned.notes,
        )

    def render(self, composition: ImageComposition) -> RenderedImage:
        """Decode, plan and draw a composition.

        Raises:
            SourceError: a source is missing, not allowed or damaged; the message names the layer.
            DeviceError: the GPU or its driver failed, and the backend was asked for by name.
        """
        return self.draw(self.plan(composition))

    @overload
    def render_many(
        self,
        compositions: Iterable[ImageComposition],
        then: None = None,
        *,
        store: Store | None = None,
        workers: int | None = None,
    ) -> Iterator[RenderedImage]: ...

    @overload
    def render_many(
        self,
        compositions: Iterable[ImageComposition],
        then: Callable[[RenderedImage], T],
        *,
        failed: Callable[[ImageCoreError], T] | None = None,
        store: Store | None = None,
        workers: int | None = None,
    ) -> Iterator[T]: ...

    def render_many(
        self,
        compositions: Iterable[ImageComposition],
        then: Callable[[RenderedImage], Any] | None = None,
        *,
        failed: Callable[[ImageCoreError], Any] | None = None,
        store: Store | None = None,
        workers: int | None = None,
    ) -> Iterator[Any]:
        """Render compositions in order, the next ones decoded and the last ones encoded meanwhile.

        Threads decode and plan ahead, the device draws, and threads do what is to be done with each image; on
        a GPU one image is composited while another is copied back. At most `workers` + 2 compositions are in
        flight, so that memory is bounded however many there are: `compositions` is read only as results are
        asked for. Closing the iterator early drops what is in flight; the renderer stays open.

        Args:
            compositions: read in order, once.
            then: called with each image on one of several threads, such as `RenderedImage.to_png`; what it
                returns is the result. Without it the image is.
            failed: called with the error of a composition; what it returns is the result in its place.
                Without it the error is raised.
            store: as for `plan`.
            workers: how many threads, by default one a core.

        Yields:
            The results, in the order of the compositions.

        Raises:
            ImageCoreError: what `render` raises for one composition, or reading `compositions`; raised after
                all results before it, and nothing comes after it.
        """
        pipeline: Pipeline[Any] = Pipeline(
            lambda composition: self.plan(composition, store),
            self.begin,
            then or (lambda image: image),
            workers or cores(),
        )
        with pipeline:
            for future in pipeline.run(compositions):
                try:
                    result = future.result()
                except ImageCoreError as error:
                    if failed is None:
                        raise
                    result = failed(error)
                yield result


def _finished(canvas: NDArray[np.uint8], finish: Finish | None) -> tuple[NDArray[np.uint8], dict[str, float]]:
    """What a canvas or a part of it becomes, and how many milliseconds that took, where it was converted."""
    if finish is None or finish.convert is None:
        return canvas, {}
    started = time.perf_counter()
    pixels = finish.convert(canvas)
    return pixels, {"convert": 1000 * (time.perf_counter() - started)}
