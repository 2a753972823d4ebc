"""Evaluates a plan on a device: the same tree as `reference/evaluate.py`, the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import TypeAlias

import moderngl
import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import DeviceError
from engines.image_core.gl import spatial
from engines.image_core.gl.compose import compose
from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.identity import digest, image_digests
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import Blur, Compose, Image, Raster, Resample, Sharpen, Smooth, Warp
from engines.image_core.runtime.caching import Tally

__all__ = ["Drawn", "begin", "evaluate"]

_NOTHING: Mapping[int, Texture] = MappingProxyType({})

Drawn: TypeAlias = tuple[NDArray[np.uint8], dict[str, float], Tally]
"""Pixels, uint8 (height, width, 4), straight RGBA; milliseconds by stage; and which of a plan's layers and
masks were on the device."""


def evaluate(session: Session, plan: Plan) -> Drawn:
    """The pixels of a plan. Called in the device's thread."""
    with _distrusting(session):
        return _Evaluation(session, plan).run()


def begin(session: Session, plan: Plan) -> Callable[[], Drawn]:
    """Hand a plan to the device without waiting for it. Called in the device's thread, as what it returns is,
    once: that waits and gives the pixels.

    What is begun before it is called, uploads and passes, the device does while the pixels are copied.
    """
    with _distrusting(session):
        collect = _Evaluation(session, plan).begin()

    def collected() -> Drawn:
        with _distrusting(session):
            return collect()

    return collected


@contextmanager
def _distrusting(session: Session) -> Iterator[None]:
    """A device that failed is not trusted with what it held, and however it failed it is a DeviceError."""
    try:
        yield
    except (DeviceError, moderngl.Error, MemoryError) as error:
        session.textures.clear()
        session.device.forget_errors()
        if isinstance(error, DeviceError):
            raise
        device = session.device.info.renderer
        what = "the driver failed" if isinstance(error, moderngl.Error) else "there is no memory left"
        raise DeviceError(f"{what}: {error} ({device})") from error


class _Evaluation:
    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._root = plan.root
        self._digests = image_digests(plan.root)
        self._in_use: dict[str, Texture] = {}
        self._tally = Tally()
        self._upload_seconds = 0.0

    def run(self) -> Drawn:
        started = time.perf_counter()
        target = compose(self._session, self._root, self, "rgba8")
        try:
            self._session.device.context.finish()
            composed = time.perf_counter()
            pixels = self._session.textures.read(target)
        finally:
            self._session.textures.release(target)
        ended = time.perf_counter()
        seconds = {
            "upload": self._upload_seconds,
            "compose": composed - started - self._upload_seconds,
            "readback": ended - composed,
        }
        return pixels, _milliseconds(seconds), self._tally

    def begin(self) -> Callable[[], Drawn]:
        started = time.perf_counter()
        target = compose(self._session, self._root, self, "rgba8")
        try:
            collect = self._session.readback.start(target)
        finally:
            self._session.textures.release(target)
        submitted = time.perf_counter() - started - self._upload_seconds

        def collected() -> Drawn:
            waiting = time.perf_counter()
            pixels = collect()
            waited = time.perf_counter() - waiting
            seconds = {"upload": self._upload_seconds, "compose": submitted, "readback": waited}
            return pixels, _milliseconds(seconds), self._tally

        return collected

    def image(self, image: Image) -> AbstractContextManager[Texture]:
        """The texture of a layer's image, kept from an earlier render or made."""
        return self._held(self._digests[id(image)], lambda: self._image(image))

    def mask(self, mask: DecodedMask) -> AbstractContextManager[Texture]:
        """The texture of a mask, kept from an earlier render or uploaded."""
        return self._held(digest(mask), lambda: self._uploaded(mask.pixels, "mask"))

    @contextmanager
    def _held(self, key: str, make: Callable[[], Texture]) -> Iterator[Texture]:
        if key in self._in_use:  # by a layer whose pass ends no sooner
            self._tally.hits += 1
            yield self._in_use[key]
            return
        texture = self._session.textures.kept(key)
        self._tally.hits += texture is not None
        self._tally.misses += texture is None
        texture = texture or make()
        self._in_use[key] = texture
        try:
            yield texture
        finally:
            del self._in_use[key]
            self._session.textures.keep(key, texture)

    def _image(self, image: Image, known: Mapping[int, Texture] = _NOTHING) -> Texture:
        """The texture of an image, which the caller releases. known: textures by the id() of their image."""
        steps: list[Resample | Warp | Blur | Smooth | Sharpen] = []
        while id(image) not in known and isinstance(image, Resample | Warp | Blur | Smooth | Sharpen):
            steps.append(image)
            image = image.source
        shared = known.get(id(image))
        texture = shared or self._first(image)
        for step in reversed(steps):
            source = texture
            try:
                texture = self._applied(step, source)
            finally:
                if source is not shared:
                    self._session.textures.release(source)
        return texture

    def _first(self, image: Image) -> Texture:
        """The texture of an image that is not made of one other."""
        match image:
            case Raster():
                return self._uploaded(image.image.pixels, "rgba8")
            case Compose():
                return compose(self._session, image, self, "rgba15")
            case _:
                raise TypeError(f"a {type(image).__name__} has no pixels of its own")

    def _applied(self, step: Resample | Warp | Blur | Smooth | Sharpen, source: Texture) -> Texture:
        match step:
            case Resample():
                return spatial.resample(self._session, step, source)
            case Warp():
                return spatial.warp(self._session, step, source)
            case Blur():
                return spatial.blur(self._session, step, source)
            case Smooth():
                return spatial.smooth(self._session, step, source)
            case Sharpen():
                smoothed = self._image(step.smooth, {id(step.source): source})
                try:
                    return spatial.sharpen(self._session, step, source, smoothed)
                finally:
                    self._session.textures.release(smoothed)

    def _uploaded(self, pixels: NDArray[np.uint8], format: Format) -> Texture:
        started = time.perf_counter()
        texture = self._session.textures.upload(pixels, format)
        self._upload_seconds += time.perf_counter() - started
        return texture


def _milliseconds(seconds: Mapping[str, float]) -> dict[str, float]:
    return {stage: 1000 * value for stage, value in seconds.items()}
