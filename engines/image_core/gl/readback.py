"""Reading finished pictures back while the next ones are composited, through a ring of reused buffers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import DeviceError
from engines.image_core.gl.device import Device
from engines.image_core.gl.textures import Texture

__all__ = ["Readback"]

_SLOTS = 2  # one picture is read while the next is composited
_KEPT_BYTES = 64 << 20  # a slot's buffer above this (16 megapixels) is freed after use


class Readback:
    """The buffers of one context. All methods are called in the device's thread."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._idle: list[Any] = []

    def start(self, texture: Texture) -> Callable[[], NDArray[np.uint8]]:
        """Have the device copy an "rgba8" texture once it is written; the texture may be released at once.

        Returns:
            A function that waits for the copy and gives the pixels, uint8 (height, width, 4). It is called
            once, in the device's thread.

        Raises:
            DeviceError: there is no memory for it, or the driver failed.
        """
        buffer = self._buffer(texture.size_bytes)
        try:
            self._device.context.memory_barrier()
            texture.handle.read_into(buffer, alignment=1)
            self._device.check(f"copying {texture.width} x {texture.height} pixels")
        except BaseException:
            buffer.release()
            raise
        return lambda: self._collected(buffer, texture.width, texture.height)

    def _collected(self, buffer: Any, width: int, height: int) -> NDArray[np.uint8]:
        out = np.empty((height, width, 4), np.uint8)
        try:
            buffer.read_into(out, out.nbytes)
            self._device.check(f"reading {width} x {height} pixels back")
        except BaseException:
            buffer.release()
            raise
        if buffer.size <= _KEPT_BYTES and len(self._idle) < _SLOTS:
            self._idle.append(buffer)
        else:
            buffer.release()
        return out

    def _buffer(self, size: int) -> Any:
        """An idle buffer if it is large enough, else a new one in its place."""
        if self._idle:
            buffer = self._idle.pop()
            if buffer.size >= size:
                return buffer
            buffer.release()
        try:
            return self._device.context.buffer(reserve=size)
        except moderngl.Error as error:
            raise DeviceError(f"no buffer of {size} bytes: {error}", "memory") from error

    def release(self) -> None:
        """Free the buffers."""
        while self._idle:
            self._idle.pop().release()
