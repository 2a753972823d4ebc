"""The device that is measured: the first there is, if it is hardware, or the one that renders on the CPU."""

from __future__ import annotations

from typing import Any, Literal

from engines.image_core import BackendUnavailableError
from engines.image_core.gl import Device, open_device

__all__ = ["WANTED", "Wanted", "choose"]

Wanted = Literal["hardware", "llvmpipe"]
WANTED: tuple[Wanted, ...] = ("hardware", "llvmpipe")


def choose(wanted: Wanted) -> dict[str, Any]:
    """The device, closed again: "device" in full, its "index", "name", "driver", "opengl" and "software".

    Raises:
        BackendUnavailableError: there is none of this kind.
    """
    index = 0
    device = open_device(index)  # hardware comes first
    if wanted == "hardware" and device.info.software:
        name = device.info.renderer
        device.close()
        raise BackendUnavailableError(
            f"no hardware device is here: the first one is {name}, which renders on the CPU "
            "(make device DEVICE=llvmpipe measures that)"
        )
    while wanted == "llvmpipe" and not device.info.software:
        device.close()
        index += 1
        device = open_device(index)
    return _told(device, index)


def _told(device: Device, index: int) -> dict[str, Any]:
    info = device.info
    device.close()
    opengl, _, driver = info.version.partition(" ")
    return {
        "device": str(info),
        "index": index,
        "name": info.renderer,
        "driver": driver,
        "opengl": opengl,
        "software": info.software,
    }
