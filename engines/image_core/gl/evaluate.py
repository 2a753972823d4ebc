"""Evaluates a plan on a device: the same tree as `reference/evaluate.py`, the same bytes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engines.image_core.gl import spatial
from engines.image_core.gl.compose import compose
from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Texture
from engines.image_core.plan import Plan
from engines.image_core.steps import Blur, Compose, Image, Raster, Resample, Sharpen, Smooth, Warp

__all__ = ["evaluate"]

_NOTHING: Mapping[int, Texture] = MappingProxyType({})


def evaluate(session: Session, plan: Plan) -> tuple[NDArray[np.uint8], dict[str, float]]:
    """The pixels of a plan: uint8 (height, width, 4), straight RGBA; and milliseconds by stage.

    Called in the device's thread.
    """
    return _Evaluation(session).run(plan)


class _Evaluation:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._upload_seconds = 0.0

    def run(self, plan: Plan) -> tuple[NDArray[np.uint8], dict[str, float]]:
        started = time.perf_counter()
        target = compose(self._session, plan.root, self._image, "rgba8")
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
        return pixels, {stage: 1000 * value for stage, value in seconds.items()}

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
                return self._uploaded(image)
            case Compose():
                return compose(self._session, image, self._image, "rgba15")
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

    def _uploaded(self, image: Raster) -> Texture:
        started = time.perf_counter()
        texture = self._session.textures.upload(image.image.pixels, "rgba8")
        self._upload_seconds += time.perf_counter() - started
        return texture
