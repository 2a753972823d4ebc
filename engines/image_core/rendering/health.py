"""How a renderer's device fares: whether it draws, how often NumPy drew instead and why, and what is held."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engines.image_core.errors import DeviceError

__all__ = ["FALLBACKS", "DeviceState", "DeviceWatch", "RendererHealth"]

DeviceState: TypeAlias = Literal["ok", "degraded", "failed"]

FALLBACKS = ("unavailable", "self_test", "limit", "memory", "error")
"""Why NumPy draws instead of OpenGL: there is no device, it drew something else than every device has to, a
picture is beyond its limits, its memory is full, or it or its driver failed."""


@dataclass(frozen=True)
class RendererHealth:
    """What an operator watches of a renderer.

    Attributes:
        state: "ok"; "degraded": the device failed, and NumPy draws the same pixels, slower; "failed": the
            device failed and was asked for by name, so that renders fail.
        backend: "gl" or "numpy", what was chosen.
        device: what it runs on, in the driver's words.
        reason: why this backend, or what failed, for people.
        fallbacks: how often NumPy drew or was taken instead of OpenGL, by the names in `FALLBACKS`.
        held_bytes: memory held now: "device" (all textures; with NumPy the layers that are kept), and of the
            caches "layers" (a part of "device"), "sources", "plans" and "canvases".
    """

    state: DeviceState
    backend: Literal["gl", "numpy"]
    device: str
    reason: str
    fallbacks: Mapping[str, int]
    held_bytes: Mapping[str, int]


class DeviceWatch:
    """Remembers what became of a device's work; several threads may tell it at once.

    Args:
        fell_back: why the renderer has NumPy although OpenGL was looked for, one of `FALLBACKS`; None where
            it has what it should.
        may_fall_back: whether NumPy draws what the device fails to.
    """

    def __init__(self, fell_back: str | None, may_fall_back: bool) -> None:
        self._guard = threading.Lock()
        self._fallbacks = Counter(dict.fromkeys(FALLBACKS, 0))
        self._without = fell_back is not None
        self._may_fall_back = may_fall_back
        self._failure: str | None = None
        if fell_back is not None:
            self._fallbacks[fell_back] += 1

    def drew(self) -> None:
        """The device drew what it was given."""
        self._failure = None

    def failed(self, error: DeviceError, *, drawing: bool = True) -> None:
        """It did not. A picture that is too large for it says nothing about the device.

        drawing: whether it was a picture of somebody's, which NumPy draws now where it may.
        """
        with self._guard:
            if drawing and self._may_fall_back:
                self._fallbacks[error.kind] += 1
            if error.kind == "error":
                self._failure = str(error)

    @property
    def failure(self) -> str | None:
        """What the driver said when the device last failed; None when it has drawn since."""
        return self._failure

    @property
    def state(self) -> DeviceState:
        """See `RendererHealth`."""
        if self._without:
            return "degraded"
        if self._failure is None:
            return "ok"
        return "degraded" if self._may_fall_back else "failed"

    @property
    def fallbacks(self) -> dict[str, int]:
        """See `RendererHealth`."""
        with self._guard:
            return dict(self._fallbacks)
