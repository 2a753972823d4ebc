"""Rows of Unicode's own tests, from Debian's package unicode-data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.parts import require_part

__all__ = ["unicode_lines", "unicode_rows"]

_FOLDER = Path("/usr/share/unicode")


def unicode_rows(name: str) -> Iterator[tuple[str, list[int]]]:
    """Each text of a test of segmentation, such as LineBreakTest.txt, with where it may be cut after, its end
    included."""
    for line in unicode_lines(f"auxiliary/{name}"):
        yield _row(line.split())


def unicode_lines(name: str) -> Iterator[str]:
    """The lines of a file without comments and empty ones."""
    path = _FOLDER / name
    require_part("unicode", available=path.exists(), why=f"{path} is missing: apt-get install unicode-data")
    for line in path.read_text(encoding="utf-8").splitlines():
        if told := line.partition("#")[0].strip():
            yield told


def _row(row: list[str]) -> tuple[str, list[int]]:
    text, ends = "", []
    for word in row:
        if word == "÷":
            ends.append(len(text))
        elif word != "×":
            text += chr(int(word, 16))
    return text, [end for end in ends if end]
