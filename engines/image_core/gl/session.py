"""What the passes share: the device, its textures and programs, and how a pass is dispatched."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

import moderngl
import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import DeviceError
from engines.image_core.gl.device import Device
from engines.image_core.gl.programs import GROUP, Programs, source_text
from engines.image_core.gl.readback import Readback
from engines.image_core.gl.textures import Texture, Textures

__all__ = ["Choice", "Session", "Units"]


Choice = Literal["auto", "general", "specialised"]

_MOST_SHAPES = 4096
"""How many shapes are remembered that were drawn once."""


@dataclass(frozen=True)
class Units:
    """How many images and textures a pass may have bound, and numbers in its uniform array (as OpenGL
    guarantees)."""

    images: int
    textures: int
    numbers: int = 512


class Session:
    """One device's textures and programs. All methods are called in the device's thread.

    Attributes:
        units: what a pass may have bound: the device's own limits, or less.
        choice: which programs composite: "auto" draws a new shape with the general one and specialises what
            comes again; "general" takes that one where it can, "specialised" never.
        passes: how many were drawn by which, since the session began.

    keep_bytes: how much device memory layers may hold between renders.
    """

    def __init__(
        self, device: Device, keep_bytes: int = 0, *, choice: Choice = "auto", units: Units | None = None
    ) -> None:
        self.device = device
        info = device.info
        self.units = units or Units(info.image_units, info.texture_units, info.uniform_numbers)
        self.choice = choice
        self.passes: Counter[str] = Counter()
        self._shapes: OrderedDict[str, None] = OrderedDict()
        self.textures = Textures(device, keep_bytes)
        self.programs = Programs(device)
        self.readback = Readback(device)

    def specialise(self, name: str, defines: Mapping[str, int], generated: Mapping[str, str]) -> bool:
        """Whether a pass is to be drawn by a program of its own, and not by the general one."""
        if self.choice != "auto":
            return self.choice == "specialised"
        text = source_text(name, defines, generated)
        if self.programs.has(text):
            return True
        shape = hashlib.sha256(text.encode()).hexdigest()
        again = shape in self._shapes
        self._shapes[shape] = None
        if len(self._shapes) > _MOST_SHAPES:
            self._shapes.popitem(last=False)
        return again

    def dispatch(
        self, name: str, defines: Mapping[str, int], target: Texture, buffers: Sequence[NDArray[Any]],
        generated: Mapping[str, str] | None = None, parameters: Sequence[int] = (),
        block: tuple[int, int] = (1, 1),
    ) -> None:  # fmt: skip
        """Run an entry point over the target (image unit 0), with arrays as storage buffers 0, 1, ...

        parameters: for the uniform array of that name, where the entry point has one. (On llvmpipe a read
        from a uniform costs nothing, one from a storage buffer as much as a pixel's.)
        block: how many pixels of the target, across and down, one invocation writes.
        """
        declared = defines.get("PARAMETERS", 0)
        if len(parameters) > declared:  # OpenGL would take what fits and draw something else
            raise DeviceError(f"the {name} pass has room for {declared} numbers, not for {len(parameters)}")
        program = self.programs.get(name, defines, generated)
        if "parameters" in program:
            uniform = program["parameters"]
            # The driver may have cut off the end of the array, of which the program reads nothing.
            values = np.zeros(max(declared, len(parameters)), np.int32)
            values[: len(parameters)] = parameters
            uniform.write(values[: uniform.array_length].tobytes())
        with ExitStack() as held:
            for binding, values in enumerate(buffers):
                buffer = self._buffer(values)
                held.callback(buffer.release)
                buffer.bind_to_storage_buffer(binding)
            target.bind_image(0, write=True)
            program.run(-(-target.width // (GROUP[0] * block[0])), -(-target.height // (GROUP[1] * block[1])))
            self.device.context.memory_barrier()
            self.device.check(f"running the {name} pass")

    def _buffer(self, values: NDArray[Any]) -> Any:
        if values.nbytes > self.device.info.max_storage_block:
            raise DeviceError(
                f"a table of {values.nbytes} bytes is beyond {self.device.info.renderer}'s limit", "limit"
            )
        try:
            return self.device.context.buffer(values.tobytes())
        except moderngl.Error as error:
            raise DeviceError(f"no buffer of {values.nbytes} bytes: {error}", "memory") from error

    def release(self) -> None:
        """Free everything on the device."""
        self.textures.clear()
        self.readback.release()
        self.programs.release()
