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
from engines.image_core.steps import Blur, Compose, Image, Raster, Resample, Sharpen, Smooth, Solid, Warp

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
        match image:
            case Raster():
                return self._uploaded(image)
            case Compose():
                return compose(self._session, image, self._image, "rgba15")
            case Sharpen():
                return self._sharpened(image, known)
            case Resample() | Warp() | Blur() | Smooth():
                return self._spatial(image, known)
            case Solid():
                raise TypeError("a Solid has no pixels; compose it")

    def _uploaded(self, image: Raster) -> Texture:
        started = time.perf_counter()
        texture = self._session.textures.upload(image.image.pixels, "rgba8")
        self._upload_seconds += time.perf_counter() - started
        return texture

    def _spatial(self, image: Resample | Warp | Blur | Smooth, known: Mapping[int, Texture]) -> Texture:
        shared = known.get(id(image.source))
        source = shared or self._image(image.source, known)
        try:
            match image:
                case Resample():
                    return spatial.resample(self._session, image, source)
                case Warp():
                    return spatial.warp(self._session, image, source)
                case Blur():
                    return spatial.blur(self._session, image, source)
                case Smooth():
                    return spatial.smooth(self._session, image, source)
        finally:
            if shared is None:
                self._session.textures.release(source)

    def _sharpened(self, image: Sharpen, known: Mapping[int, Texture]) -> Texture:
        source = self._image(image.source, known)
        try:
            smoothed = self._image(image.smooth, {id(image.source): source})
            try:
                return spatial.sharpen(self._session, image, source, smoothed)
            finally:
                self._session.textures.release(smoothed)
        finally:
            self._session.textures.release(source)
