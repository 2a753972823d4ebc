"""Patterns: the pictures that a Photoshop file repeats, and what a pattern overlay says of its own."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psd_tools.constants import ColorMode, Compression
from psd_tools.psd.patterns import Pattern, VirtualMemoryArray, VirtualMemoryArrayList
from psd_tools.psd.patterns import Patterns as PatternList

from engines.image_core.composition.fills import PatternFill
from engines.image_core.psd.writing import descriptors as d
from engines.image_core.psd.writing.drawing import Drawing
from engines.image_core.psd.writing.notes import LayerNotes

__all__ = ["Patterns"]

_COLORS = 24  # slots of colours; two more are for a mask and for alpha


class Patterns:
    """Gathers the patterns of a file, each once. drawing: decodes them."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._found: dict[str, Any] = {}

    def values(self, fill: PatternFill, notes: LayerNotes) -> dict[bytes, Any]:
        """What a pattern overlay says of its pattern, which is added to the file's."""
        if fill.scale > 1 and fill.sampling != "linear":
            notes.approximated("a pattern is enlarged linearly")
        pixels, cut = self._drawing.picture(fill.source)
        if cut:
            height, width = pixels.shape[:2]
            notes.approximated(f"a pattern's picture is cut to {width} x {height} pixels")
        name = _name(pixels)
        if name not in self._found:
            self._found[name] = _pattern(name, pixels)
        x, y = fill.offset
        return {
            b"Ptrn": d.descriptor(b"Ptrn", {b"Nm  ": d.text("Pattern"), b"Idnt": d.text(name)}),
            b"Scl ": d.percent(fill.scale),
            b"phase": d.descriptor(b"Pnt ", {b"Hrzn": d.number(x), b"Vrtc": d.number(y)}),
        }

    @property
    def block(self) -> Any | None:
        """All of them, for the file; None where there are none."""
        return PatternList(list(self._found.values())) if self._found else None


def _name(pixels: NDArray[np.uint8]) -> str:
    """What a pattern is found by: a UUID of its pixels."""
    digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _pattern(name: str, pixels: NDArray[np.uint8]) -> Any:
    height, width = pixels.shape[:2]
    slots = [VirtualMemoryArray() for _ in range(_COLORS + 2)]
    planes = {0: 0, 1: 1, 2: 2} | ({} if (pixels[..., 3] == 255).all() else {_COLORS + 1: 3})
    for slot, channel in planes.items():
        values = np.ascontiguousarray(pixels[..., channel]).tobytes()
        slots[slot].set_data((width, height), values, 8, Compression.RLE)
    return Pattern(
        version=1,
        image_mode=ColorMode.RGB,
        point=(height, width),
        name="Pattern\0",
        pattern_id=name,
        data=VirtualMemoryArrayList(3, (0, 0, height, width), slots),
    )
