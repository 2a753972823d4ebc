"""What each part is told, the device it opens by it, and the clock that ends its rounds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engines.image_core import DeviceError
from engines.image_core.backend import GLBackend, open_backend

__all__ = ["Clock", "Settings", "opened", "require"]


@dataclass(frozen=True)
class Settings:
    """What a part is told.

    Attributes:
        device: the device that is measured, in its driver's words, see `Backend`.
        index: its place in the library's list of devices.
        rounds: how often what is timed is repeated.
        quick: whether a small amount of work is enough, to see that the part works.
        seconds: what the part may take; rounds that would begin later are left out.
    """

    device: str
    index: int
    rounds: int
    quick: bool
    seconds: float


class Clock:
    """Time that runs from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.perf_counter() + seconds

    @property
    def left(self) -> float:
        """Seconds until the end; negative afterwards."""
        return self._end - time.perf_counter()

    def rounds(self, number: int) -> Iterator[int]:
        """0, 1, ... up to a number of rounds, fewer where the time is up; one in any case."""
        for index in range(number):
            if index and self.left <= 0:
                return
            yield index


@contextmanager
def opened(settings: Settings, keep_bytes: int = 0) -> Iterator[GLBackend]:
    """The GL backend on the device that is measured. keep_bytes: what it may keep of layers.

    Raises:
        BackendUnavailableError: it cannot be opened.
        DeviceError: another one answers in its place.
    """
    backend = open_backend("gl", settings.index, keep_bytes)
    assert isinstance(backend, GLBackend)
    try:
        require(settings, backend.device)
        yield backend
    finally:
        backend.close()


def require(settings: Settings, device: str) -> None:
    """Raise a DeviceError unless this is the device that is measured."""
    if device != settings.device:
        raise DeviceError(f"{device} drew, not {settings.device}")
