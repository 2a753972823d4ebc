"""Evaluates a plan on a device: the same graph as `reference/evaluate.py`, the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeAlias

import moderngl
import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import DeviceError
from engines.image_core.gl import fills, planes, spatial
from engines.image_core.gl.compose import compose
from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.gl.warming import tiny_compositions
from engines.image_core.planning.entries import Compose
from engines.image_core.planning.evaluation import Evaluation
from engines.image_core.planning.planes import Alpha, Box, Combine, Grain, Grow, Map, Relief
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.remap import Remap
from engines.image_core.planning.steps import (
    Blur,
    Colored,
    Extend,
    Gradient,
    MaskRaster,
    Opaque,
    Raster,
    Resample,
    Sharpen,
    Smooth,
    Step,
    Tile,
    Warp,
)
from engines.image_core.runtime.caching import CacheCounts
from engines.image_core.runtime.limits import Clock, StartClock, untimed, without_a_clock

__all__ = ["EVALUATORS", "Drawn", "begin", "evaluate", "warm"]

Drawn: TypeAlias = tuple[NDArray[np.uint8], dict[str, float], CacheCounts]
"""Pixels, uint8 (height, width, 4), straight RGBA; milliseconds by stage; and which of a plan's layers and
masks were on the device."""


def evaluate(session: Session, plan: Plan, start_clock: StartClock = without_a_clock) -> Drawn:
    """The pixels of a plan. Called in the device's thread."""
    with _distrusting(session):
        return _Drawing(session, plan, start_clock()).run()


def begin(session: Session, plan: Plan, start_clock: StartClock = without_a_clock) -> Callable[[], Drawn]:
    """Hand a plan to the device without waiting for it. Called in the device's thread, as what it returns is,
    once: that waits and gives the pixels.

    What is begun before it is called, uploads and passes, the device does while the pixels are copied.
    """
    with _distrusting(session):
        collect = _Drawing(session, plan, start_clock()).begin()

    def collected() -> Drawn:
        with _distrusting(session):
            return collect()

    return collected


def warm(session: Session) -> None:
    """Compile what most plans need, so that the first need not wait for it. Called in the device's thread."""
    choice, session.choice = session.choice, "general"
    try:
        with _distrusting(session):
            for root in tiny_compositions():
                session.textures.release(_composed(session, root, _Textures(session)))
            session.textures.clear()
    finally:
        session.choice = choice


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
        if isinstance(error, MemoryError):
            raise DeviceError(f"there is no memory left: {error} ({device})", "memory") from error
        raise DeviceError(f"the driver failed: {error} ({device})") from error


EVALUATORS: Mapping[type[Step], Callable[..., Texture]] = MappingProxyType(
    {
        Gradient: fills.gradient,
        Colored: fills.colored,
        Tile: fills.tile,
        Extend: fills.extend,
        Resample: spatial.resample,
        Warp: spatial.warp,
        Remap: spatial.remap,
        Blur: spatial.blur,
        Smooth: spatial.smooth,
        Opaque: spatial.opaque,
        Sharpen: spatial.sharpen,
        Alpha: planes.alpha,
        Map: planes.map_plane,
        Combine: planes.combine,
        Box: planes.box,
        Grow: planes.grow,
        Relief: planes.relief,
        Grain: planes.grain,
    }
)
"""By step, a function of the session, the step and the textures of its inputs. Rasters are uploaded, and a
Compose takes what it reads by itself."""


class _Drawing:
    """One plan on its way: a canvas, and how long it took."""

    def __init__(self, session: Session, plan: Plan, clock: Clock) -> None:
        self._session = session
        self._root = plan.root
        self._clock = clock
        self._textures = _Textures(session)

    def run(self) -> Drawn:
        watch = _Watch(self._session, self._textures)
        target = self._composed()
        try:
            self._session.device.context.finish()
            stages = watch.composed()
            started = time.perf_counter()
            pixels = self._session.textures.read(target)
        finally:
            self._session.textures.release(target)
        return pixels, stages | {"readback": _since(started)}, self._textures.tally

    def begin(self) -> Callable[[], Drawn]:
        watch = _Watch(self._session, self._textures)
        target = self._composed()
        try:
            collect = self._session.readback.start(target)
        finally:
            self._session.textures.release(target)
        stages = watch.composed()

        def collected() -> Drawn:
            started = time.perf_counter()
            pixels = collect()
            return pixels, stages | {"readback": _since(started)}, self._textures.tally

        return collected

    def _composed(self) -> Texture:
        return _composed(self._session, self._root, self._textures, self._clock)


def _composed(session: Session, root: Compose, textures: _Textures, clock: Clock = untimed) -> Texture:
    """A canvas, which the caller releases."""
    evaluation = Evaluation(root, textures, clock)
    try:
        return compose(session, root, evaluation, "rgba8")
    finally:
        evaluation.clear()


class _Textures:
    """The values of an evaluation: textures, those that entries read kept for later plans."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.tally = CacheCounts()
        self.upload_seconds = 0.0

    def make(self, step: Step, inputs: list[Texture], evaluation: Evaluation[Texture]) -> Texture:
        """See `Values`."""
        match step:
            case Raster():
                return self._uploaded(step.image.pixels, "rgba8")
            case MaskRaster():
                return self._uploaded(step.mask.pixels, "mask")
            case Compose():
                return compose(self._session, step, evaluation, "rgba15")
        return EVALUATORS[type(step)](self._session, step, *inputs)

    def obtain(self, step: Step, digest: str, make: Callable[[], Texture]) -> Texture:
        """See `Values`."""
        texture = self._session.textures.kept(digest)
        self.tally.hits += texture is not None
        self.tally.misses += texture is None
        return texture or make()

    def drop(self, digest: str, value: Texture, *, read_by_compose: bool) -> None:
        """See `Values`."""
        if read_by_compose:
            self._session.textures.keep(digest, value)
        else:
            self._session.textures.release(value)

    def _uploaded(self, pixels: NDArray[np.uint8], format: Format) -> Texture:
        started = time.perf_counter()
        texture = self._session.textures.upload(pixels, format)
        self.upload_seconds += time.perf_counter() - started
        return texture


class _Watch:
    """Takes the time of a composition, and what of it are uploads and compiling."""

    def __init__(self, session: Session, textures: _Textures) -> None:
        self._session = session
        self._textures = textures
        self._compiled = session.programs.seconds
        self._general = session.passes["general"]
        self._started = time.perf_counter()

    def composed(self) -> dict[str, float]:
        """Milliseconds by stage. If the general program drew a pass, it is said of the whole composition."""
        uploaded = 1000 * self._textures.upload_seconds
        compiled = 1000 * (self._session.programs.seconds - self._compiled)
        rest = max(0.0, _since(self._started) - uploaded - compiled)
        general = self._session.passes["general"] > self._general
        return {
            "upload": uploaded,
            "compile": compiled,
            "compose": 0.0 if general else rest,
            "compose_general": rest if general else 0.0,
        }


def _since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
