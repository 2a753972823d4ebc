"""Curves as shaders/lib/tables.glsl reads them: 16-bit values, two in a word, in the rows of a texture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from engines.image_core.gl.textures import Textures

__all__ = ["TABLES_UNITS", "TABLES_WIDTH", "Tables"]

TABLES_UNITS = 1
"""How many image units a pass leaves for them."""

TABLES_WIDTH = 1024
"""How many words lie in a row."""


class Tables:
    """The curves of one pass, one after another."""

    def __init__(self) -> None:
        self._words: list[NDArray[np.uint32]] = []
        self._length = 0

    def add(self, values: NDArray[np.uint16] | NDArray[np.int32]) -> int:
        """Append 16-bit values, two in a word, or words of 32 bits; the word that they begin at."""
        first = self._length
        odd = len(values) % 2 and values.dtype == np.uint16
        even = np.append(values, np.uint16(0)) if odd else np.ascontiguousarray(values)
        self._words.append(even.view(np.uint32))
        self._length += len(self._words[-1])
        return first

    @contextmanager
    def bound(self, textures: Textures, unit: int) -> Iterator[None]:
        """Have them at an image unit for as long as a pass is dispatched; nothing where there are none."""
        if not self._words:
            yield
            return
        texture = textures.upload(self._rows(), "rgba8")  # a uint a pixel, as a picture has
        try:
            texture.bind_image(unit)
            yield
        finally:
            textures.release(texture)

    def _rows(self) -> NDArray[np.uint8]:
        words = np.zeros((-(-self._length // TABLES_WIDTH), TABLES_WIDTH), np.uint32)
        words.reshape(-1)[: self._length] = np.concatenate(self._words)
        return words.view(np.uint8).reshape(*words.shape, 4)
