"""How the numbers of a colour table vary along a font's axes.

The tables are those of OpenType 1.9.1, "Common table formats": item variation store and delta set index map.
Places on the axes and peaks are F2DOT14, so that each delta is an exact rational.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction

__all__ = ["Variations"]

_NONE = 0xFFFF_FFFF  # a variation index that means: does not vary
_LONG = 0x8000  # of a delta set's word count: 32 and 16 bits rather than 16 and 8


class Variations:
    """Deltas by variation index.

    place: where the font lies on its normalised axes, in 2^-14; empty for a font at its defaults.
    """

    def __init__(self, store: bytes, index_map: bytes, place: Sequence[int]) -> None:
        self._store, self._map = store, index_map
        self._place = tuple(place) if store and any(place) else ()
        self._scalars = self._read_scalars() if self._place else []

    def delta(self, index: int) -> Fraction:
        """What is added to the number of an index, in the number's own units. struct.error: damaged."""
        if not self._place or index == _NONE:
            return Fraction(0)
        outer, inner = self._mapped(index)
        (count,) = struct.unpack_from(">H", self._store, 6)
        if outer >= count:
            return Fraction(0)
        (start,) = struct.unpack_from(">I", self._store, 8 + 4 * outer)
        items, words, regions = struct.unpack_from(">HHH", self._store, start)
        if inner >= items:
            return Fraction(0)
        long, wide = bool(words & _LONG), words & ~_LONG
        numbers = struct.unpack_from(f">{regions}H", self._store, start + 6)
        form = f">{wide}{'i' if long else 'h'}{regions - wide}{'h' if long else 'b'}"
        row = start + 6 + 2 * regions + inner * struct.calcsize(form)
        deltas = struct.unpack_from(form, self._store, row)
        return sum((self._scalars[n] * d for n, d in zip(numbers, deltas, strict=True)), Fraction(0))

    def _mapped(self, index: int) -> tuple[int, int]:
        """The delta set of an index: outer and inner number."""
        if not self._map:
            return index >> 16, index & 0xFFFF
        form, entry = self._map[0], self._map[1]
        (count,) = struct.unpack_from(">I" if form else ">H", self._map, 2)
        size, bits = (entry >> 4 & 3) + 1, (entry & 15) + 1
        start = (6 if form else 4) + size * min(index, max(count - 1, 0))
        value = int.from_bytes(self._map[start : start + size], "big")
        return value >> bits, value & ((1 << bits) - 1)

    def _read_scalars(self) -> list[Fraction]:
        """How much each region counts for at the font's place."""
        (start,) = struct.unpack_from(">I", self._store, 2)
        axes, regions = struct.unpack_from(">HH", self._store, start)
        scalars = []
        for region in range(regions):
            scalar = Fraction(1)
            for axis in range(axes):
                tent = struct.unpack_from(">3h", self._store, start + 4 + 6 * (region * axes + axis))
                place = self._place[axis] if axis < len(self._place) else 0
                scalar *= _tent(place, *tent)
            scalars.append(scalar)
        return scalars


def _tent(place: int, start: int, peak: int, end: int) -> Fraction:
    """OpenType 1.9.1, "Font variations overview": the scalar of a place on one axis of a region."""
    if start > peak or peak > end or (start < 0 < end and peak) or not peak or place == peak:
        return Fraction(1)
    if place <= start or place >= end:
        return Fraction(0)
    return Fraction(place - start, peak - start) if place < peak else Fraction(end - place, end - peak)
