"""Damage to a file, the same for the same seed."""

from __future__ import annotations

import random

__all__ = ["damaged"]

_MARKS = (b"8BIM", b"8B64", b"tdta", b"Objc", b"VlLs", b"TEXT", b"UntF", b"long")


def damaged(data: bytes, seed: int) -> bytes:
    """Cut short, or with some bits, bytes or numbers changed; a quarter of them near a structure's mark."""
    rng = random.Random(seed)
    changed = bytearray(data)
    kind = rng.choice(["cut", "moved", "bits", "bits", "bytes", "numbers", "numbers"])
    if kind == "cut":
        return data[: rng.randrange(len(data))]
    if kind == "moved":  # a stretch is left out or there twice
        begin = _place(changed, rng)
        stretch = changed[begin : begin + rng.randrange(1, 200)]
        changed[begin : begin + len(stretch)] = stretch * rng.choice([0, 2])
        return bytes(changed)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        place = _place(changed, rng)
        if kind == "bits":
            changed[place] ^= 1 << rng.randrange(8)
        elif kind == "bytes":
            changed[place] = rng.randrange(256)
        else:
            number = rng.choice([0, 1, 0xFF, 0x7FFF, 0xFFFF, 1 << 20, 0x7FFFFFFF, 0xFFFFFFFF])
            changed[place : place + 4] = number.to_bytes(4, "big")
    return bytes(changed)


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
