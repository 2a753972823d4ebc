"""The recipes of COOKBOOK.md, read from the document itself, and their pictures."""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

from engines.image_core import ImageComposition, Renderer

__all__ = ["COOKED", "RECIPES", "copy_file", "recipe", "write_files", "write_pictures"]

COOKED = Path(__file__).parent / "images" / "cookbook"
"""Where the pictures are, each by its recipe's name."""

_FENCE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILES: dict[str, str] = dict(_FENCE.findall(Path(__file__).with_name("COOKBOOK.md").read_text()))
"""The blocks of the document whose fence names a file: recipes and what they read."""

_NAMED = re.compile(r'(?:"path": |\bPicture\()"([^"]+)"')

_SHELVES = (
    ("skimage", "data"),
    ("manimgx_fonts",),
    ("fontpkg_rubik", "files"),
    ("matplotlib_fontja", "fonts"),
)
"""The folders of packages that photographs and fonts are copied from."""

RECIPES = tuple(Path(file).stem for file in _FILES if file.endswith((".json", ".py")))


def recipe(name: str) -> ImageComposition:
    """A recipe as the document shows it: JSON, or what it calls `card` in Python."""
    if f"{name}.json" in _FILES:
        return ImageComposition.model_validate_json(_FILES[f"{name}.json"])
    made: dict[str, Any] = {}
    exec(_FILES[f"{name}.py"], made)
    card: ImageComposition = made["card"]
    return card


def write_files(folder: Path) -> None:
    """Write what the recipes read: the document's own files, and photographs and fonts of packages."""
    for file in {path for text in _FILES.values() for path in _NAMED.findall(text)}:
        if file in _FILES:
            (folder / file).write_text(_FILES[file])
        else:
            copy_file(file, folder)


def copy_file(file: str, folder: Path) -> None:
    """Copy a photograph or a font from the package that has it."""
    shelves = (resources.files(package).joinpath(*inside) for package, *inside in _SHELVES)
    found = next(shelf / file for shelf in shelves if (shelf / file).is_file())
    (folder / file).write_bytes(found.read_bytes())


def write_pictures() -> None:
    """Render each recipe on the NumPy backend into `COOKED`."""
    COOKED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Renderer("numpy", root=folder) as renderer:
        write_files(Path(folder))
        for name in RECIPES:
            picture = COOKED / f"{name}.png"
            picture.write_bytes(renderer.render(recipe(name)).to_png("small"))
            print(picture)
