"""The two ways to evaluate a plan, behind one interface, and the choice between them.

Both give the same bytes. "gl" needs OpenGL 4.3 through EGL (a GPU or Mesa's llvmpipe); "numpy" runs anywhere.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import BackendUnavailableError, DeviceError
from engines.image_core.planning.planner import Plan
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.runtime.limits import StartClock, without_a_clock

if TYPE_CHECKING:
    from engines.image_core.gl import Choice, Device, Drawn

__all__ = ["Backend", "BackendChoice", "Evaluated", "NumpyBackend", "log", "open_backend"]

BackendChoice: TypeAlias = Literal["auto", "gl", "numpy"]
STAGES = ("upload", "compile", "compose", "compose_general", "readback")
"""The stages of an evaluation, in order."""

CHOICES: tuple[BackendChoice, ...] = ("auto", "gl", "numpy")

log = logging.getLogger("image_core")


class Evaluated(NamedTuple):
    """What a backend made of a plan.

    Attributes:
        pixels: uint8 (height, width, 4), straight RGBA.
        timings: milliseconds for upload, compile (what the driver takes to accept programs: llvmpipe puts
            most work off to their first use), compose or, where the general program drew (see
            `gl/compose.py`), compose_general, and readback.
        layers: of the layers and masks that had to be made ready, how many the backend had kept from earlier
            plans ("hits"), how many it made ("misses"), and what it keeps now ("bytes").
    """

    pixels: NDArray[np.uint8]
    timings: dict[str, float]
    layers: dict[str, int]


class Backend(Protocol):
    """Evaluates plans. A clock is started when the work begins and called before each step: what it raises
    ends the work.

    Attributes:
        name: "gl" or "numpy".
        device: what it runs on, in the driver's words.
        reason: why it was chosen, for people.
    """

    name: Literal["gl", "numpy"]
    device: str
    reason: str

    @property
    def held_bytes(self) -> int:
        """Memory that it holds now, the device's for "gl"."""

    @property
    def kept_bytes(self) -> int:
        """The part of it that layers take which later plans may show."""

    def evaluate(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Evaluated:
        """The pixels of a plan."""

    def begin(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Callable[[], Evaluated]:
        """Start on a plan without waiting for it; what is returned is called once and gives the pixels.

        Several may be begun before the first is collected: a GPU then works on one while another is copied.
        """

    def warm(self) -> None:
        """Make ready what most plans need, so that the first need not wait for it."""

    def close(self) -> None:
        """Free what it holds; closing twice does nothing."""


class NumpyBackend:
    """The reference, on the CPU."""

    name: Literal["gl", "numpy"] = "numpy"

    def __init__(self, reason: str, cache_bytes: int = 0) -> None:
        self._layers = Cache(cache_bytes, lambda pixels: int(pixels.nbytes))
        self.device = f"NumPy {np.__version__}"
        self.reason = reason

    @property
    def held_bytes(self) -> int:
        """See `Backend`."""
        return self._layers.held_bytes

    @property
    def kept_bytes(self) -> int:
        """See `Backend`."""
        return self._layers.held_bytes

    def evaluate(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Evaluated:
        """See `Backend`.

        Raises:
            DeviceError: there is not enough memory.
        """
        from engines.image_core.reference import evaluate

        started = time.perf_counter()
        tally = CacheCounts()
        try:
            pixels = evaluate(plan, self._layers, tally, start_clock())
        except MemoryError as error:
            self._layers.clear()
            raise DeviceError(f"{self.device} ran out of memory: {error}", "memory") from error
        composed = 1000 * (time.perf_counter() - started)
        timings = dict.fromkeys(STAGES, 0.0) | {"compose": composed}
        return Evaluated(pixels, timings, tally.counted(self._layers.held_bytes))

    def begin(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Callable[[], Evaluated]:
        """See `Backend`: nothing is done before it is collected."""
        return partial(self.evaluate, plan, start_clock)

    def warm(self) -> None:
        """See `Backend`: there is nothing to make ready."""

    def close(self) -> None:
        """Drop the layers that are kept."""
        self._layers.clear()


class GLBackend:
    """Compute shaders on an open device."""

    name: Literal["gl", "numpy"] = "gl"

    def __init__(self, device: Device, reason: str, cache_bytes: int) -> None:
        from engines.image_core.gl import Session

        self._device = device
        self._session = device.run(lambda: Session(device, cache_bytes))
        self.device = str(device.info)
        self.reason = reason

    def evaluate(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Evaluated:
        """See `Backend`.

        Raises:
            DeviceError: the device or its driver failed.
        """
        from engines.image_core.gl import evaluate

        return self._evaluated(self._device.run(lambda: evaluate(self._session, plan, start_clock)))

    def begin(self, plan: Plan, start_clock: StartClock = without_a_clock) -> Callable[[], Evaluated]:
        """See `Backend`. The timings are then of handing the work over and of waiting for the pixels.

        Raises:
            DeviceError: the device or its driver failed; also raised by what is returned.
        """
        from engines.image_core.gl import begin

        collect = self._device.run(lambda: begin(self._session, plan, start_clock))
        return lambda: self._evaluated(self._device.run(collect))

    def prefer(self, choice: Choice) -> None:
        """Which programs composite from now on, see `Session`; nothing drawn by others is kept.

        The pixels are the same: this is for tests of a device, and for measurements.
        """
        self._session.choice = choice
        self._device.run(self._session.textures.clear)

    @property
    def held_bytes(self) -> int:
        """See `Backend`: all textures, those too that wait to be used again."""
        return self._session.textures.allocated_bytes

    @property
    def kept_bytes(self) -> int:
        """See `Backend`."""
        return self._session.textures.kept_bytes

    @property
    def peak_texture_bytes(self) -> int:
        """The most device memory that textures have taken at once."""
        return self._session.textures.peak_bytes

    def _evaluated(self, drawn: Drawn) -> Evaluated:
        pixels, timings, tally = drawn
        return Evaluated(pixels, timings, tally.counted(self._session.textures.kept_bytes))

    def warm(self) -> None:
        """See `Backend`: programs are compiled, some seconds of work.

        Raises:
            DeviceError: the device or its driver failed.
        """
        from engines.image_core.gl import warm

        self._device.run(lambda: warm(self._session))

    def close(self) -> None:
        """Free the context and all it holds."""
        if self._device.open:
            self._device.run(self._session.release)
            self._device.close()


def open_backend(choice: BackendChoice = "auto", device_index: int = 0, cache_bytes: int = 0) -> Backend:
    """Open a backend.

    Args:
        choice: "gl", "numpy", or "auto": a hardware device, else llvmpipe, else NumPy. What was taken and why
            is logged and kept in the backend's `reason`.
        device_index: which OpenGL device, counted from 0 with the hardware ones first. "auto" falls back to
            NumPy only from the first: another one was asked for by name.
        cache_bytes: how much memory (the device's, for "gl") layers may hold for later plans that show them.

    Raises:
        BackendUnavailableError: the one asked for cannot run here, or there is no such choice.
    """
    if choice not in CHOICES:
        raise BackendUnavailableError(f"backend {choice!r} is not known: allowed are {', '.join(CHOICES)}")
    if choice == "numpy":
        backend: Backend = NumpyBackend("it was asked for", cache_bytes)
    else:
        backend = _gl_or_numpy(choice, device_index, cache_bytes)
    log.info("rendering with %s on %s: %s", backend.name, backend.device, backend.reason)
    return backend


def _gl_or_numpy(choice: BackendChoice, device_index: int, cache_bytes: int) -> Backend:
    try:
        from engines.image_core.gl import open_device

        device = open_device(device_index)
    except (BackendUnavailableError, ImportError) as error:
        if choice == "gl" or device_index != 0:
            raise BackendUnavailableError(str(error)) from error
        log.warning("rendering falls back from OpenGL to NumPy: %s", error)
        return NumpyBackend(f"OpenGL is unavailable ({error})", cache_bytes)
    if choice == "gl":
        reason = "it was asked for"
    elif device.info.software:
        reason = "no hardware device was found; llvmpipe renders on the CPU"
    else:
        reason = "it is a hardware device"
    return GLBackend(device, reason, cache_bytes)
