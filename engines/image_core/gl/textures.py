"""Integer textures: uploading, reading back, and a pool, for making one costs more than filling it.

A texture is in use ("live"), idle (its contents are of no more use) or kept (they may be wanted again).

Formats: images are "rgba8", one uint a pixel (R32UI), and "rgba15", two (RG32UI); planes are "mask", one byte
(R8UI), and "plane15", two (R16UI).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import moderngl
import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import DeviceError
from engines.image_core.gl.device import Device

__all__ = ["Format", "Texture", "Textures"]

Format = Literal["rgba8", "rgba15", "mask", "plane15"]
_COMPONENTS = {"rgba8": (1, "u4"), "rgba15": (2, "u4"), "mask": (1, "u1"), "plane15": (1, "u2")}
_POOL_BYTES = 1 << 29
_IDLE_TAKES = 256
"""A size that none of the last so many textures had is freed. Where sizes keep changing, the pool would fill
with what is never used again; on llvmpipe that breaks the process's memory into pieces, too."""


@dataclass(frozen=True, eq=False)
class Texture:
    """A texture on the device. Its contents are undefined until a pass or an upload has written them."""

    handle: Any
    width: int
    height: int
    format: Format

    @property
    def size_bytes(self) -> int:
        """Device memory held, in bytes."""
        components, dtype = _COMPONENTS[self.format]
        return self.width * self.height * components * int(dtype[1])

    @property
    def bits(self) -> int:
        """8 or 15: what a value is in, the name of a format's family in the shaders."""
        return 15 if self.format.endswith("15") else 8

    def bind_image(self, unit: int, *, write: bool = False) -> None:
        """Bind to an image unit, for imageLoad or imageStore."""
        self.handle.bind_to_image(unit, read=not write, write=write)

    def bind_sampler(self, unit: int) -> None:
        """Bind to a texture unit, for texelFetch."""
        self.handle.use(unit)


class Textures:
    """All textures of one context. Every texture handed out comes back through `release` or `keep`.

    keep_bytes: how much device memory the kept ones may hold.
    """

    def __init__(self, device: Device, keep_bytes: int = 0) -> None:
        self._device = device
        self._keep_bytes = keep_bytes
        self._kept: OrderedDict[str, Texture] = OrderedDict()
        self.kept_bytes = 0
        self._idle: OrderedDict[tuple[int, int, Format], list[Texture]] = OrderedDict()
        self._idle_bytes = 0
        self._takes = 0
        self._last_use: dict[tuple[int, int, Format], int] = {}  # of idle sizes, in takes
        self.live = 0
        self.allocated_bytes = 0  # of live, kept and idle ones
        self.peak_bytes = 0  # the most that was allocated at once

    def take(self, width: int, height: int, format: Format) -> Texture:
        """A texture with undefined contents.

        Raises:
            DeviceError: the size is beyond the device's limit, or it has no memory left.
        """
        limit = self._device.info.max_texture_size
        if max(width, height) > limit:
            raise DeviceError(
                f"{width} x {height} pixels: {self._device.info.renderer} takes {limit} a side", "limit"
            )
        texture = self._idle_texture((width, height, format)) or self._made(width, height, format)
        self.live += 1
        self._takes += 1
        return texture

    def _idle_texture(self, key: tuple[int, int, Format]) -> Texture | None:
        idle = self._idle.get(key)
        if not idle:
            return None
        texture = idle.pop()
        self._idle_bytes -= texture.size_bytes
        if not idle:
            del self._idle[key], self._last_use[key]
        return texture

    def _made(self, width: int, height: int, format: Format) -> Texture:
        """A new texture, for which idle and kept ones make room where memory is short."""
        # What failed before is not healed by trying this again: a pass would read what is not there.
        self._device.check("preparing a pass")
        try:
            return self._make(width, height, format)
        except DeviceError:
            if not self._idle and not self._kept:
                raise
        self.clear()
        self._device.forget_errors()
        return self._make(width, height, format)

    @contextmanager
    def taken(self, width: int, height: int, format: Format) -> Iterator[Texture]:
        """The same for a block that fills it: if the block fails, the texture is given back."""
        texture = self.take(width, height, format)
        try:
            yield texture
        except BaseException:
            self.release(texture)
            raise

    def _make(self, width: int, height: int, format: Format) -> Texture:
        components, dtype = _COMPONENTS[format]
        try:
            handle = self._device.context.texture((width, height), components, dtype=dtype, alignment=1)
        except moderngl.Error as error:
            raise DeviceError(f"no texture of {width} x {height} pixels: {error}", "memory") from error
        try:
            handle.filter = (moderngl.NEAREST, moderngl.NEAREST)  # else an integer texture is incomplete
            self._device.check(f"making a texture of {width} x {height} pixels")
        except BaseException:
            handle.release()
            raise
        texture = Texture(handle, width, height, format)
        self.allocated_bytes += texture.size_bytes
        self.peak_bytes = max(self.peak_bytes, self.allocated_bytes)
        return texture

    def _free(self, texture: Texture) -> None:
        self.allocated_bytes -= texture.size_bytes
        texture.handle.release()

    def upload(self, pixels: NDArray[np.uint8], format: Format) -> Texture:
        """A texture holding uint8 pixels: (height, width, 4) as "rgba8" or (height, width) as "mask"."""
        height, width = pixels.shape[:2]
        with self.taken(width, height, format) as texture:
            texture.handle.write(np.ascontiguousarray(pixels), alignment=1)
            self._device.check(f"uploading {width} x {height} pixels")
        return texture

    def read(self, texture: Texture) -> NDArray[np.uint8]:
        """The pixels of an "rgba8" texture: uint8 (height, width, 4)."""
        out = np.empty((texture.height, texture.width, 4), np.uint8)
        self._device.context.memory_barrier()
        texture.handle.read_into(out, alignment=1)
        self._device.check(f"reading {texture.width} x {texture.height} pixels back")
        return out

    def release(self, texture: Texture) -> None:
        """Give a texture back: kept for the next of its size; sizes unused for long are freed."""
        self.live -= 1
        key = texture.width, texture.height, texture.format
        self._idle.setdefault(key, []).append(texture)
        self._idle.move_to_end(key)
        self._idle_bytes += texture.size_bytes
        self._last_use[key] = self._takes
        while self._idle_bytes > _POOL_BYTES or self._out_of_use():
            oldest = self._idle_texture(next(iter(self._idle)))
            assert oldest is not None  # no size is kept without a texture
            self._free(oldest)

    def _out_of_use(self) -> bool:
        """Whether none of the last textures taken had the size that is idle for longest."""
        oldest = next(iter(self._idle), None)
        return oldest is not None and self._last_use[oldest] < self._takes - _IDLE_TAKES

    def keep(self, key: str, texture: Texture) -> None:
        """Give back a texture that is never written again, to be found under a key that its contents decide.

        Where all that are kept hold more than they may, those unused for longest are released.
        """
        if texture.size_bytes > self._keep_bytes:
            self.release(texture)
            return
        self.live -= 1
        self._kept[key] = texture
        self.kept_bytes += texture.size_bytes
        while self.kept_bytes > self._keep_bytes:
            oldest = self.kept(next(iter(self._kept)))
            assert oldest is not None
            self.release(oldest)

    def kept(self, key: str) -> Texture | None:
        """The texture that was kept under a key, in use again; None if there is none."""
        texture = self._kept.pop(key, None)
        if texture is not None:
            self.live += 1
            self.kept_bytes -= texture.size_bytes
        return texture

    def clear(self) -> None:
        """Free the textures that are kept or idle."""
        while self._kept:
            self._free(self._kept.popitem()[1])
        self.kept_bytes = 0
        for idle in self._idle.values():
            for texture in idle:
                self._free(texture)
        self._idle.clear()
        self._last_use.clear()
        self._idle_bytes = 0
