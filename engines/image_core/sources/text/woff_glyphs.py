"""The outlines of a WOFF2 file, put back as the "glyf" and "loca" tables of a TrueType font.

WOFF 2.0, section 5.1: the glyphs' numbers lie apart, each kind in a stream of its own, and points as triplets
of a flag and one to four bytes. Streams are read once, from front to back, so that the time is in proportion
to the file's size whatever it holds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.image_core.sources.text.font_error import MAX_UNPACKED_BYTES, FontError

__all__ = ["Stream", "restored_glyphs"]

_DAMAGED = "the WOFF2 file is damaged"
_POINT_BYTES = 5  # what a point takes here in a "glyf" table: a flag and two whole numbers
_CHUNK = 1 << 20  # points that are unpacked at a time
_INT16 = np.iinfo(np.int16)
# Flags of a composite glyph's part: what follows it, and whether it is the last.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX, _INSTRUCTIONS = 0x01, 0x08, 0x20, 0x40, 0x80, 0x100
_ON_CURVE, _OVERLAPS = 0x01, 0x40


class Stream:
    """Bytes that are taken from front to back; a FontError where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        start, self.place = self.place, self.place + count
        if self.place > len(self._data):
            raise FontError(_DAMAGED)
        return self._data[start : self.place]

    def short(self) -> int:
        """The next number of 0 to 65535, packed as a 255UInt16."""
        (code,) = self.take(1)
        if code == 253:
            return int.from_bytes(self.take(2), "big")
        if code >= 254:
            return self.take(1)[0] + (506 if code == 254 else 253)
        return code

    def long(self) -> int:
        """The next number of 0 to 2³² - 1, packed as a UIntBase128."""
        value = 0
        for place in range(5):
            (code,) = self.take(1)
            value = value << 7 | code & 0x7F
            if (place == 0 and code == 0x80) or value >= 1 << 32:
                break
            if code < 0x80:
                return value
        raise FontError(_DAMAGED)


@dataclass
class _Glyph:
    """A glyph as its streams give it: an outline of points, or parts that are other glyphs."""

    contours: int
    ends: list[int]
    parts: bytes
    instructions: bytes
    triplets: int  # where those of its points begin


def _triplet_rows() -> Iterator[tuple[int, int, int, int, int, int, int]]:
    """Of each flag (section 5.2): bytes, bits of x, bits of y, what is added to each, the sign of each."""
    for flag in range(128):
        x_sign, y_sign = (1 if flag & 1 else -1), (1 if flag & 2 else -1)
        if flag < 10:
            yield 1, 0, 8, 0, (flag >> 1) << 8, 1, x_sign
        elif flag < 20:
            yield 1, 8, 0, ((flag - 10) >> 1) << 8, 0, x_sign, 1
        elif flag < 84:
            high = flag - 20
            yield 1, 4, 4, 1 + (high & 0x30), 1 + ((high & 0x0C) << 2), x_sign, y_sign
        elif flag < 120:
            high = flag - 84
            yield 2, 8, 8, 1 + (high // 12 << 8), 1 + (high % 12 >> 2 << 8), x_sign, y_sign
        else:
            bits = 12 if flag < 124 else 16
            yield bits // 4, bits, bits, 0, 0, x_sign, y_sign


_ROWS = np.array(list(_triplet_rows()), np.int64).T
_SIZES = _ROWS[0]


def restored_glyphs(data: bytes) -> tuple[bytes, bytes]:
    """The "glyf" table of a font, and its "loca" in the long format.

    Args:
        data: the "glyf" table as WOFF2 transforms it.

    Raises:
        FontError: it is damaged, or the tables would be too large.
    """
    stream = Stream(data)
    _, options, count, _, *sizes = struct.unpack(">4H7L", stream.take(36))
    streams = [stream.take(size) for size in sizes]
    overlaps = stream.take((count + 7) // 8) if options & 1 else bytes(count)
    contours = np.frombuffer(streams[0], ">i2")
    total = int(contours[contours > 0].sum(dtype=np.int64))
    if len(contours) != count or total > len(streams[1]):
        raise FontError(_DAMAGED)
    if _POINT_BYTES * len(streams[2]) + 2 * total > MAX_UNPACKED_BYTES:
        raise FontError(f"the font's outlines take more than {MAX_UNPACKED_BYTES:,} bytes unpacked")
    return _joined(_Glyphs(contours, streams, overlaps).tables())


def _joined(glyphs: Iterator[bytes]) -> tuple[bytes, bytes]:
    table = list(glyphs)
    places = np.cumsum([0, *map(len, table)])
    return b"".join(table), places.astype(">u4").tobytes()


class _Glyphs:
    def __init__(self, contours: NDArray[np.int16], streams: list[bytes], overlaps: bytes) -> None:
        _, counts, flags, numbers, parts, boxes, instructions = streams
        self._flags = np.frombuffer(flags, np.uint8)
        # Where each point's bytes would begin, were there nothing else between them.
        self._sizes = np.concatenate([[0], np.cumsum(_SIZES[self._flags & 0x7F])])
        self._numbers = numbers
        self._boxes = _Boxes(boxes, len(contours))
        self._overlaps = overlaps
        self._glyphs = self._walked(contours.tolist(), *map(Stream, (counts, numbers, parts, instructions)))

    def _walked(
        self, contours: list[int], counts: Stream, numbers: Stream, parts: Stream, instructions: Stream
    ) -> list[_Glyph]:
        """Each glyph but for its points, which are unpacked all together."""
        glyphs, point = [], 0
        for count in contours:
            glyph = _Glyph(count, [], b"", b"", 0)
            has_instructions = count > 0
            if count < 0:
                glyph.parts, has_instructions = _parts(parts)
            for _ in range(count):
                glyph.ends.append((glyph.ends[-1] if glyph.ends else -1) + counts.short())
            if count > 0:
                if not 0 <= glyph.ends[-1] < 65536 or point + glyph.ends[-1] >= len(self._flags):
                    raise FontError(_DAMAGED)
                first, point = point, point + glyph.ends[-1] + 1
                glyph.triplets = numbers.place
                numbers.take(int(self._sizes[point] - self._sizes[first]))
            if has_instructions:
                glyph.instructions = instructions.take(numbers.short())
            glyphs.append(glyph)
        return glyphs

    def tables(self) -> Iterator[bytes]:
        """Each glyph's bytes in a "glyf" table."""
        outlined = [glyph for glyph in self._glyphs if glyph.contours > 0]
        lengths = np.array([glyph.ends[-1] + 1 for glyph in outlined], np.int64)
        starts = np.cumsum(lengths) - lengths
        shifts = np.array([glyph.triplets for glyph in outlined], np.int64) - self._sizes[starts]
        deltas = self._deltas(np.repeat(shifts, lengths))
        lows, highs = _extremes(deltas, starts)
        flags = np.where(self._flags < 0x80, _ON_CURVE, 0).astype(np.uint8)
        place = 0
        for number, glyph in enumerate(self._glyphs):
            box = self._boxes.of(number)
            if glyph.contours == 0:
                if box:
                    raise FontError(_DAMAGED)
                yield b""
            elif glyph.contours < 0:
                yield _composite(glyph, box)
            else:
                first, end = int(starts[place]), int(starts[place] + lengths[place])
                if self._overlaps[number >> 3] & 0x80 >> (number & 7):
                    flags[first] |= _OVERLAPS
                box = box or struct.pack(">4h", *lows[:, place], *highs[:, place])
                points = flags[first:end].tobytes() + deltas[:, first:end].tobytes()
                yield _outline(glyph, box, points)
                place += 1

    def _deltas(self, shifts: NDArray[np.int64]) -> NDArray[np.int16]:
        """How far each point is from the one before it: big-endian, shape (2, n)."""
        numbers = np.frombuffer(self._numbers + bytes(4), np.uint8)
        deltas = np.empty((2, len(shifts)), ">i2")
        for first in range(0, len(shifts), _CHUNK):
            chunk = slice(first, min(first + _CHUNK, len(shifts)))
            places = self._sizes[chunk] + shifts[chunk]
            word = np.zeros(len(places), np.int64)
            for byte in range(4):
                word = word << 8 | numbers[places + byte]
            _, x_bits, y_bits, x_least, y_least, x_sign, y_sign = _ROWS[:, self._flags[chunk] & 0x7F]
            x = x_sign * (x_least + (word >> 32 - x_bits))
            y = y_sign * (y_least + (word >> 32 - x_bits - y_bits & (1 << y_bits) - 1))
            found = np.stack([x, y])
            if found.min() < _INT16.min or found.max() > _INT16.max:
                raise FontError(_DAMAGED)
            deltas[:, chunk] = found
        return deltas


def _extremes(
    deltas: NDArray[np.int16], starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The least and the largest coordinates of each outline, shape (2, outlines)."""
    if not len(starts):
        return np.zeros((2, 0), np.int64), np.zeros((2, 0), np.int64)
    places = np.cumsum(deltas, axis=1, dtype=np.int64)
    before = places[:, starts] - deltas[:, starts]
    lows = np.minimum.reduceat(places, starts, axis=1) - before
    highs = np.maximum.reduceat(places, starts, axis=1) - before
    if lows.min() < _INT16.min or highs.max() > _INT16.max:
        raise FontError(_DAMAGED)
    return lows, highs


class _Boxes:
    """The boxes of glyphs that have theirs written down, in the order of the glyphs."""

    def __init__(self, data: bytes, count: int) -> None:
        self._stream = Stream(data)
        self._given = self._stream.take((count + 31) // 32 * 4)

    def of(self, number: int) -> bytes:
        """A glyph's box as four numbers; nothing where it is to be computed."""
        return self._stream.take(8) if self._given[number >> 3] & 0x80 >> (number & 7) else b""


def _parts(stream: Stream) -> tuple[bytes, bool]:
    """What a composite glyph is made of, and whether instructions go with it."""
    parts, flags, has_instructions = [], _MORE, False
    while flags & _MORE:
        head = stream.take(4)
        flags = int.from_bytes(head[:2], "big")
        size = 4 if flags & _WORDS else 2
        if flags & _SCALE:
            size += 2
        elif flags & _TWO_SCALES:
            size += 4
        elif flags & _MATRIX:
            size += 8
        parts.append(head + stream.take(size))
        has_instructions = has_instructions or bool(flags & _INSTRUCTIONS)
    return b"".join(parts), has_instructions


def _composite(glyph: _Glyph, box: bytes) -> bytes:
    if not box:
        raise FontError(_DAMAGED)
    program = _program(glyph) if glyph.instructions else b""
    return struct.pack(">h", glyph.contours) + box + glyph.parts + program


def _outline(glyph: _Glyph, box: bytes, points: bytes) -> bytes:
    ends = np.array(glyph.ends, ">u2").tobytes()
    return struct.pack(">h", glyph.contours) + box + ends + _program(glyph) + points


def _program(glyph: _Glyph) -> bytes:
    return len(glyph.instructions).to_bytes(2, "big") + glyph.instructions
