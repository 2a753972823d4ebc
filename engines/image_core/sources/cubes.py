"""Reads .cube files: colour lookup tables of one dimension or three, as text.

The format is Adobe's Cube LUT Specification 1.0; the input ranges that DaVinci Resolve writes are its domain.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.numbers.curves import Curve, frozen
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.tones import linear_table
from engines.image_core.planning.color_ops import Channels, ColorOp, Cube
from engines.image_core.planning.decoded import DecodedLookup
from engines.image_core.planning.lowering import fused

__all__ = ["MAX_CUBE_BYTES", "MAX_CUBE_SIZE", "MAX_LINE_SIZE", "decode_cube"]

MAX_CUBE_BYTES = 128 << 20
"""The largest file read: 129^3 rows of three numbers with 16 digits."""

MAX_CUBE_SIZE = 129
MAX_LINE_SIZE = 65536
"""Entries along a side of a cube, and of a table of one dimension."""

_SIZES = {"LUT_1D_SIZE": (1, MAX_LINE_SIZE), "LUT_3D_SIZE": (3, MAX_CUBE_SIZE)}
_RANGES = ("LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE")
_MOST_VALUE = 1e6


@dataclass
class _Header:
    dimensions: int = 0
    size: int = 0
    low: list[Fraction] = field(default_factory=lambda: [Fraction(0)] * 3)
    high: list[Fraction] = field(default_factory=lambda: [Fraction(1)] * 3)

    @property
    def rows(self) -> int:
        return int(self.size**self.dimensions)


def decode_cube(data: bytes, digest: str, label: str) -> DecodedLookup:
    """The colour operations of a .cube file. digest: the SHA-256 of its bytes.

    Entries outside 0..1 are brought to 0 or 1: a channel has no other values.

    Raises:
        SourceError: what is wrong with the file, with the number of the line.
    """
    if len(data) > MAX_CUBE_BYTES:
        raise SourceError(f"{label}: the .cube file has {len(data)} bytes: allowed are {MAX_CUBE_BYTES}")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SourceError(f"{label}: the .cube file is not text: {error.reason}") from error
    try:
        header, first = _header(lines)
        values = _rows(lines, first, header)
    except ValueError as error:
        raise SourceError(f"{label}: the .cube file's {error}") from error
    nodes = np.floor(np.clip(values, 0, 1) * ONE + 0.5).astype(np.uint16)
    nodes.setflags(write=False)
    return DecodedLookup(fused(_operations(header, nodes)), digest)


def _operations(header: _Header, nodes: NDArray[np.uint16]) -> tuple[ColorOp, ...]:
    steps: tuple[ColorOp, ...] = ()
    if any(low != 0 or high != 1 for low, high in zip(header.low, header.high, strict=True)):
        red, green, blue = map(_domain, header.low, header.high)
        steps = (Channels(red, green, blue),)
    if header.dimensions == 3:
        return (*steps, Cube(header.size, nodes))
    red, green, blue = (_line(nodes[channel::3]) for channel in range(3))
    return (*steps, Channels(red, green, blue))


def _domain(low: Fraction, high: Fraction) -> Curve:
    """Where a value lies between the ends of the domain."""
    return linear_table(-low / (high - low), 1 / (high - low), Fraction(0), Fraction(1))


def _line(nodes: NDArray[np.uint16]) -> Curve:
    """Straight lines between the entries of one channel."""
    place = np.arange(ONE + 1, dtype=np.int64) * (len(nodes) - 1)
    node = np.minimum(place // ONE, len(nodes) - 2)
    values = nodes.astype(np.int64)
    total = values[node] * ONE + (values[node + 1] - values[node]) * (place - node * ONE)
    return frozen((total + ONE // 2) // ONE)


def _header(lines: list[str]) -> tuple[_Header, int]:
    """What stands before the entries, and the index of the first of them."""
    header = _Header()
    for index, words in _told(lines, 0):
        name, *rest = words
        if name[0] in "+-.0123456789" or name.lower() in {"nan", "inf"}:
            if not header.size:
                raise ValueError(
                    f"line {index + 1} is an entry, and no LUT_1D_SIZE or LUT_3D_SIZE came before"
                )
            if any(low >= high for low, high in zip(header.low, header.high, strict=True)):
                raise ValueError("domain is empty: DOMAIN_MIN must be below DOMAIN_MAX")
            return header, index
        try:
            _read(header, name, rest)
        except ValueError as error:
            raise ValueError(f"line {index + 1}, {name[:40]}: {error}") from error
    raise ValueError("entries are missing")


def _told(lines: list[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """The words of each line from an index on that is neither empty nor a comment."""
    for index in range(first, len(lines)):
        words = lines[index].split()
        if words and not words[0].startswith("#"):
            yield index, words


def _read(header: _Header, name: str, rest: list[str]) -> None:
    if name in _SIZES:
        if header.size:
            raise ValueError("a second size is not allowed: one table a file")
        header.dimensions, most = _SIZES[name]
        if len(rest) != 1 or not rest[0].isdecimal() or not 2 <= int(rest[0][:9]) <= most:
            raise ValueError(f"{' '.join(rest)[:40]!r} is not allowed: allowed is 2 to {most}")
        header.size = int(rest[0])
    elif name == "DOMAIN_MIN":
        header.low = _numbers(rest, 3)
    elif name == "DOMAIN_MAX":
        header.high = _numbers(rest, 3)
    elif name in _RANGES:
        low, high = _numbers(rest, 2)
        header.low, header.high = [low] * 3, [high] * 3
    elif name != "TITLE":
        raise ValueError("there is no such keyword")


def _numbers(words: list[str], count: int) -> list[Fraction]:
    if len(words) != count:
        raise ValueError(f"{len(words)} numbers are given: allowed are {count}")
    return [Fraction(_number(word)) for word in words]


def _number(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not abs(value) <= _MOST_VALUE or "_" in word:
        raise ValueError(f"{word[:40]!r} is not allowed: allowed are numbers of -1000000 to 1000000")
    return value


def _rows(lines: list[str], first: int, header: _Header) -> NDArray[np.float64]:
    """All entries, one after another; a fault is looked for line by line only where there is one."""
    told = 0
    values: list[float] = []
    for index, words in _told(lines, first):
        told += 1
        if told > header.rows:
            raise ValueError(f"line {index + 1} is one entry too many: allowed are {header.rows}")
        try:
            red, green, blue = words
            values += (float(red), float(green), float(blue))
        except ValueError:
            values.append(math.nan)
        if not all(abs(value) <= _MOST_VALUE for value in values[-3:]) or "_" in lines[index]:
            _refuse(index, words)
    if told < header.rows:
        raise ValueError(f"entries end after {told}: allowed are {header.rows}")
    return np.array(values, np.float64)


def _refuse(index: int, words: list[str]) -> None:
    """Tell what is wrong with an entry."""
    if len(words) != 3:
        raise ValueError(f"line {index + 1} has {len(words)} numbers: allowed are 3")
    for word in words:
        try:
            _number(word)
        except ValueError as error:
            raise ValueError(f"line {index + 1}: {error}") from error
