"""Damage to a file, the same for the same seed."""

from __future__ import annotations

import math
import random
import re
import struct

__all__ = ["damaged"]

_MARKS = (b"8BIM", b"8B64", b"tdta", b"Objc", b"VlLs", b"TEXT", b"UntF", b"long", b"enum", b"bool")
_KEY = re.compile(rb"\0\0\0\0[A-Za-z][A-Za-z0-9]{2}[A-Za-z0-9 ]|(?<=8BIM)[A-Za-z]{4}")
_REAL = re.compile(rb"doub|UntF#...", re.DOTALL)

_NUMBERS = (0, 1, 0xFF, 0x7FFF, 0xFFFF, 1 << 20, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_REALS = (math.nan, math.inf, -math.inf, 0.0, -1.0, 1e-300, 0.5, 30_000.0, 1e9, -1e9, 1e300, -1e300)


def damaged(data: bytes, seed: int) -> bytes:
    """Cut short, or with some bits, bytes or numbers changed, a quarter of them near a structure's mark; with
    keys of blocks and descriptors that nobody knows, or with other numbers in descriptors."""
    rng = random.Random(seed)
    changed = bytearray(data)
    kind = rng.choice(["cut", "moved", "bits", "bits", "bytes", "numbers", "numbers", "keys", "reals"])
    if kind == "cut":
        return data[: rng.randrange(len(data))]
    if kind == "moved":  # a stretch is left out or there twice
        begin = _place(changed, rng)
        stretch = changed[begin : begin + rng.randrange(1, 200)]
        changed[begin : begin + len(stretch)] = stretch * rng.choice([0, 2])
        return bytes(changed)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        if kind in ("keys", "reals"):
            _change_in_descriptor(changed, kind, rng)
            continue
        place = _place(changed, rng)
        if kind == "bits":
            changed[place] ^= 1 << rng.randrange(8)
        elif kind == "bytes":
            changed[place] = rng.randrange(256)
        else:
            changed[place : place + 4] = rng.choice(_NUMBERS).to_bytes(4, "big")
    return bytes(changed)


def _change_in_descriptor(data: bytearray, kind: str, rng: random.Random) -> None:
    """Rename a key, or change a floating-point number: lengths all stay right. In a file that has none of
    them any byte is changed."""
    pattern = _KEY if kind == "keys" else _REAL
    found = pattern.search(data, rng.randrange(len(data))) or pattern.search(data)
    if found is None:
        data[rng.randrange(len(data))] ^= 0xFF
    elif kind == "keys":
        data[found.end() - 1] = ord("?")
    else:
        data[found.end() : found.end() + 8] = struct.pack(">d", rng.choice(_REALS))


def _place(data: bytearray, rng: random.Random) -> int:
    """Anywhere; among what a file begins with; or just behind a mark, where lengths and counts are."""
    anywhere = rng.randrange(len(data))
    where = rng.choice(["anywhere", "anywhere", "beginning", "mark"])
    if where == "beginning":
        return rng.randrange(min(len(data), 2000))
    if where == "mark":
        found = data.find(rng.choice(_MARKS), anywhere)
        if found >= 0:
            return min(len(data) - 1, found + rng.randrange(4, 24))
    return anywhere
