"""A headless EGL context, owned by one thread, with every GL error raised.

A GL context is current in one thread at a time and moderngl frees objects in whatever thread lets go of
them; so each device has a thread of its own and all its work runs there.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import moderngl

from engines.image_core.errors import BackendUnavailableError, DeviceError, DeviceFault

__all__ = ["Device", "open_device"]

REQUIRED_VERSION = 430  # compute shaders
MAX_DEVICES = 64
_MOST_ERRORS = 16  # GL records a few at a time; a lost context says so for ever
LEAST_IMAGE_UNITS = 8
_IMAGE_UNIT_LIMITS = (0x8F38, 0x91BD)
"""GL_MAX_IMAGE_UNITS and GL_MAX_COMPUTE_IMAGE_UNIFORMS, which moderngl does not ask for; GL guarantees
eight."""

_LIBGL = "libGL.so.1"
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software rasterizer")

_T = TypeVar("_T")
_opening = threading.Lock()


@dataclass(frozen=True)
class DeviceInfo:
    """What the driver says of itself."""

    renderer: str
    version: str
    max_texture_size: int
    max_storage_block: int
    image_units: int
    texture_units: int
    uniform_numbers: int

    @property
    def software(self) -> bool:
        """Whether it renders on the CPU."""
        return any(name in self.renderer.lower() for name in _SOFTWARE)

    def __str__(self) -> str:
        return f"{self.renderer}; OpenGL {self.version}"


class Device:
    """An open context. `run` calls a function in the context's thread and returns what it returns."""

    def __init__(self, egl_index: int) -> None:
        self._process = os.getpid()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="image-core-gl")
        try:
            self.context: Any = self._thread.submit(_create, egl_index).result()
        except Exception:
            self._thread.shutdown()
            raise
        self.info = self.run(self._read_info)
        self.open = True

    def run(self, work: Callable[[], _T]) -> _T:
        """Call work() in the context's thread.

        Raises:
            DeviceError: the context is closed, or belongs to the process this one was forked from.
        """
        if os.getpid() != self._process:
            raise DeviceError("a renderer does not survive fork: open it in the new process, or use spawn")
        try:
            future = self._thread.submit(work)
        except RuntimeError:  # the thread was shut down
            raise DeviceError("the renderer is closed") from None
        return future.result()

    def check(self, doing: str) -> None:
        """Raise a DeviceError when GL has recorded an error since the last check."""
        error = self.context.error
        if error != "GL_NO_ERROR":
            kind: DeviceFault = "memory" if error == "GL_OUT_OF_MEMORY" else "error"
            raise DeviceError(f"OpenGL failed while {doing}: {error} ({self.info.renderer})", kind)

    def forget_errors(self) -> None:
        """Take back every error GL has recorded: left there, one would be told of the next work."""
        for _ in range(_MOST_ERRORS):
            if self.context.error == "GL_NO_ERROR":
                return

    def close(self) -> None:
        """Free the context; closing twice does nothing."""
        if self.open:
            self.open = False
            self.run(self.context.release)
            self._thread.shutdown()

    def _read_info(self) -> DeviceInfo:
        info = self.context.info
        return DeviceInfo(
            renderer=info["GL_RENDERER"],
            version=info["GL_VERSION"],
            max_texture_size=info["GL_MAX_TEXTURE_SIZE"],
            max_storage_block=info["GL_MAX_SHADER_STORAGE_BLOCK_SIZE"],
            image_units=min(_integer(name, LEAST_IMAGE_UNITS) for name in _IMAGE_UNIT_LIMITS),
            texture_units=info["GL_MAX_COMPUTE_TEXTURE_IMAGE_UNITS"],
            uniform_numbers=info["GL_MAX_COMPUTE_UNIFORM_COMPONENTS"],
        )


def _integer(name: int, otherwise: int) -> int:
    """A limit of the current context, by the name that OpenGL's registry has for it."""
    value = ctypes.c_int(0)
    ctypes.CDLL(_LIBGL).glGetIntegerv(name, ctypes.byref(value))
    return value.value or otherwise  # a name that a driver does not know leaves the value as it is


def _create(egl_index: int) -> Any:
    with _opening:  # drivers do not all like contexts made at the same moment
        settings: Any = {
            "backend": "egl",
            "device_index": egl_index,
            "libgl": _LIBGL,
            "libegl": "libEGL.so.1",
        }
        return moderngl.create_context(standalone=True, require=REQUIRED_VERSION, **settings)


def open_device(index: int = 0) -> Device:
    """Open a device by its place in the list of usable ones, hardware first, then software.

    Raises:
        BackendUnavailableError: there is no such device; the message says why.
    """
    software: list[Device] = []
    reason = "no EGL device was found"
    seen = 0
    for egl_index in range(MAX_DEVICES):
        try:
            device = Device(egl_index)
        except Exception as error:  # moderngl raises bare Exception for all EGL failures
            reason = str(error)
            if egl_index > 0 or "requested device index" in reason or "not loaded" in reason:
                break
            continue
        if device.info.software:
            software.append(device)
        elif seen == index:
            _close_all(software)
            return device
        else:
            seen += 1
            device.close()
    wanted = index - seen
    if 0 <= wanted < len(software):
        _close_all(software[:wanted] + software[wanted + 1 :])
        return software[wanted]
    _close_all(software)
    count = seen + len(software)
    if count:
        raise BackendUnavailableError(f"device_index {index}: this machine has {count} OpenGL device(s)")
    raise BackendUnavailableError(f"OpenGL {REQUIRED_VERSION / 100:.1f} through EGL is unavailable: {reason}")


def _close_all(devices: list[Device]) -> None:
    for device in devices:
        device.close()
