"""Stretches of a PSD file, read in turn; and what its unpacked pixels may come to.

The structures are those of Adobe Photoshop File Formats Specification (2019). Numbers are big-endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import RenderLimits

__all__ = ["I16", "U8", "U16", "U32", "U64", "Bounds", "Part", "row_bytes"]

U8, U16, U32, U64, I16 = Struct(">B"), Struct(">H"), Struct(">I"), Struct(">Q"), Struct(">h")


def row_bytes(width: int, depth: int) -> int:
    """Bytes of a row of one channel: pixels of one bit are eight to a byte."""
    return (width * depth + 7) // 8


@dataclass
class Bounds:
    """How messages name a file, what it may cost, and what it has come to so far.

    Attributes:
        label: begins every message.
        limits: of these hold `layers`, `depth`, `source_pixels`, and `decoded_bytes` for all channels.
        unpacked: bytes of the channels seen so far, were they all unpacked.
    """

    label: str
    limits: RenderLimits
    unpacked: int = 0

    def damaged(self, reason: str) -> SourceError:
        """The error that tells what is wrong with the file."""
        return SourceError(f"{self.label}: this PSD file is damaged ({reason})")

    def count(self, count: int, allowed: int, what: str) -> None:
        """Raise a SourceError if there are more than are allowed of `what`."""
        if count > allowed:
            raise SourceError(f"{self.label}: this PSD file has too many {what}: allowed are {allowed:,}")

    def size(self, width: int, height: int, what: str) -> None:
        """Raise a SourceError if `what` has more pixels than a picture may have."""
        if width * height > self.limits.source_pixels:
            raise SourceError(
                f"{self.label}: {what} of {width} x {height} is too large:"
                f" allowed are {self.limits.source_pixels:,} pixels"
            )

    def unpack(self, size_bytes: int) -> None:
        """Count a channel; raise a SourceError if all together are too large."""
        self.unpacked += size_bytes
        if self.unpacked > self.limits.decoded_bytes:
            raise SourceError(
                f"{self.label}: the layers of this PSD file take more than"
                f" {self.limits.decoded_bytes:,} bytes unpacked, which are allowed"
            )


class Part:
    """A stretch of a file's bytes, read from its beginning: whatever reaches beyond its end is damage."""

    __slots__ = ("bounds", "data", "end", "position", "what")

    def __init__(self, data: bytes, position: int, end: int, what: str, bounds: Bounds) -> None:
        self.data = data
        self.position = position
        self.end = end
        self.what = what
        self.bounds = bounds

    @property
    def left(self) -> int:
        """Bytes that are not read yet."""
        return self.end - self.position

    def skip(self, count: int) -> int:
        """Pass over so many bytes; returns where they begin.

        Raises:
            SourceError: there are not so many.
        """
        begin = self.position
        if count > self.end - begin:
            raise self.bounds.damaged(f"{self.what} is cut short")
        self.position = begin + count
        return begin

    def number(self, form: Struct) -> int:
        """The number that comes next."""
        begin = self.skip(form.size)
        value: int = form.unpack_from(self.data, begin)[0]
        return value

    def numbers(self, form: Struct) -> tuple[int, ...]:
        """The numbers that come next."""
        begin = self.skip(form.size)
        return form.unpack_from(self.data, begin)

    def take(self, count: int) -> bytes:
        """The bytes that come next."""
        begin = self.skip(count)
        return self.data[begin : begin + count]

    def part(self, length: int, what: str) -> Part:
        """The next `length` bytes as a part of their own."""
        if length > self.left:
            raise self.bounds.damaged(f"{what} is cut short")
        begin = self.skip(length)
        return Part(self.data, begin, begin + length, what, self.bounds)

    def pad(self, length: int, multiple: int) -> None:
        """Pass over what fills `length` bytes up to a multiple; at a part's end that may be missing."""
        self.position += min(-length % multiple, self.left)

    def pascal(self, multiple: int) -> bytes:
        """A string that begins with a byte of its length, filled up to a multiple."""
        length = self.number(U8)
        text = self.take(length)
        self.pad(1 + length, multiple)
        return text

    def unicode(self) -> str:
        """A string of UTF-16 that begins with its length in characters."""
        return self.take(2 * self.number(U32)).decode("utf-16-be", errors="replace")
