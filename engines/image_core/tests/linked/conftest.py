"""A folder of mask files, and renderers that read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.tests.linked.drawing import BOX, SIZE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mask files: white, noise and a half of the box's size, noise and white of the canvas's."""
    root = tmp_path_factory.mktemp("masks")
    noise = np.random.default_rng(5).integers(0, 256, SIZE[::-1], dtype=np.uint8)
    half = np.zeros((8, 8), np.uint8)
    half[:, :4] = 255
    files = {
        "white": np.full(BOX[::-1], 255, np.uint8),
        "noise": noise[: BOX[1], : BOX[0]],
        "half": half,
        "large": noise,
        "whole": np.full(SIZE[::-1], 255, np.uint8),
    }
    for name, values in files.items():
        Image.fromarray(np.ascontiguousarray(values)).save(root / f"{name}.png")
    return root


@pytest.fixture(scope="module", params=["numpy", "gl"])
def renderer(request: pytest.FixtureRequest, folder: Path) -> Iterator[Renderer]:
    """Each backend in turn, with the folder of masks."""
    request.getfixturevalue(f"{request.param}_renderer")  # skips where there is none
    with Renderer(request.param, root=folder) as renderer:
        yield renderer
