"""A case: a file and a seed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engines.image_core.errors import SourceError
from engines.image_core.sources.psd.opening import open_document
from tests.damage.damaging import damaged
from tests.damage.looking import read_all

__all__ = ["check"]


def check(case: tuple[Path, int]) -> list[str]:
    """Open a damaged file and read all of it; returns what was told, each by a line of our own."""
    path, seed = case
    try:
        document = open_document(damaged(_read(path), seed), path.name)
        told = read_all(document, path.name)
    except SourceError as error:
        told = [str(error)]
    for line in told:
        assert line.startswith(f"{path.name}: "), line
        assert line.isprintable(), line
        assert "not enough memory" not in line, line
    return told


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()
