"""Curves as shaders/adjust/table.glsl reads them: 16-bit values, two in a word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tables"]


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

    def buffer(self) -> NDArray[np.uint32]:
        """All of them; never empty, for an empty buffer cannot be bound."""
        return np.concatenate([*self._words, np.zeros(1, np.uint32)])
