"""Cases on large canvases: sides beyond a device's tiles and groups, pictures far larger than shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise, raster

__all__ = ["large"]

_CANVASES = ((1920, 1080), (2049, 1025), (4099, 37), (33, 8191))


def large() -> Iterator[Case]:
    """Each canvas with a stack of modes, a wide blur, an enlargement, a reduction and a turn."""
    for width, height in _CANVASES:
        picture = raster(noise("large", 1031, 613), fit="cover")
        layers = {
            "stack": [
                picture,
                *(picture | {"blend_mode": mode, "opacity": 0.7} for mode in ("screen", "overlay")),
            ],
            "blur": [picture | {"filters": [{"type": "blur", "radius": 80}]}],
            "sharpen": [picture | {"filters": [{"type": "sharpen", "radius": 12, "threshold": 3}]}],
            "enlarged": [raster(noise("picture", 61, 47), transform={"scale": 41.3, "x": -9.5})],
            "reduced": [raster(noise("large", 1031, 613), transform={"scale": 0.07, "x": 5, "y": 3})] * 2,
            "turned": [picture | {"transform": {"rotation": 3, "x": 11.5, "y": -4}}],
        }
        for name, stack in layers.items():
            made = case(f"large/{width}x{height}-{name}", (width, height), stack, background="#2f3f4f")
            yield replace(made, level="full")
