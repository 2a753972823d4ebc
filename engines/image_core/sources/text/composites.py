"""TrueType glyphs made of other glyphs: FreeType unfolds gigabytes of them before it refuses one.

The tables are those of OpenType 1.9.1: "glyf", "loca" and of "head" the format of "loca".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["Composites", "TooManyPartsError"]

_MAX_PARTS = 10_000  # fonts have some tens
_MAX_DEPTH = 32
# Flags of a part: what follows it, and whether it is the last.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x01, 0x08, 0x20, 0x40, 0x80


class TooManyPartsError(Exception):
    """A glyph unfolds to too many others, or too deep."""


class Composites:
    """How many glyphs each glyph of a font unfolds to; what is damaged counts as plain, FreeType tells it."""

    def __init__(self, glyf: bytes, loca: bytes, head: bytes) -> None:
        long = head[50:52] == b"\0\1"
        self._glyf = glyf
        count = len(loca) // (4 if long else 2)
        places = struct.unpack_from(f">{count}{'I' if long else 'H'}", loca)
        self._places = places if long else tuple(2 * place for place in places)
        self._counts: dict[int, int] = {}

    def check(self, glyph: int, depth: int = 0) -> int:
        """The number of glyphs in a glyph, itself included.

        Raises:
            TooManyPartsError: more than 10,000, or more than 32 deep.
        """
        if glyph not in self._counts:
            if depth > _MAX_DEPTH:
                raise TooManyPartsError
            count = 1
            for part in self._parts(glyph):
                count += self.check(part, depth + 1)
                if count > _MAX_PARTS:
                    raise TooManyPartsError
            self._counts[glyph] = count
        return self._counts[glyph]

    def _parts(self, glyph: int) -> Iterator[int]:
        if glyph + 1 >= len(self._places):
            return
        data = self._glyf[self._places[glyph] : self._places[glyph + 1]]
        if len(data) < 10 or data[0] < 0x80:  # contours, a signed number: negative for a composite
            return
        position, more = 10, True
        while more and position + 4 <= len(data):
            flags, part = struct.unpack_from(">HH", data, position)
            yield part
            position += 8 if flags & _WORDS else 6
            position += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
            more = bool(flags & _MORE)
