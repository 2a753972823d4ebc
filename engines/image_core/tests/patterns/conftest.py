"""Pictures to repeat, and a renderer that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.image_core import Renderer
from engines.image_core.export import encode_png
from engines.image_core.tests.patterns.drawing import TILE
from tests.parity.support import noise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With paper.png, noise, and thin.png, which is translucent."""
    for seed, (name, opaque) in enumerate({"paper": True, "thin": False}.items()):
        data = encode_png(noise(seed, TILE[1], TILE[0], opaque=opaque).pixels)
        (tmp_path / f"{name}.png").write_bytes(data)
    return tmp_path


@pytest.fixture
def repeating(folder: Path) -> Iterator[Renderer]:
    """The reference, whose files are those of the folder."""
    with Renderer("numpy", root=folder) as renderer:
        yield renderer
