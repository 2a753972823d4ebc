"""What describes a source before it is made, and what it is known by."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

__all__ = ["Source", "hashed"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Source(Generic[_T]):
    """A source of a layer.

    Attributes:
        key: what it is known by: whatever has the same key is the same.
        make: makes it.
        box: as in `DecodedImage`, where it depends on the layer and not on the source alone.
    """

    key: str
    make: Callable[[], _T]
    box: tuple[Fraction, Fraction] | None = None


def hashed(*parts: object) -> str:
    """A key of the parts' representations: strings, numbers, and what is made of them."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()
