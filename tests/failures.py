"""What a test leaves behind when two pictures are not the same: one picture of both, and where it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.cli.diff_sheet import draw_sheet
from engines.image_core.conformance.comparison import compare

__all__ = ["FOLDER", "told"]

FOLDER = Path(__file__).parents[1] / "out" / "failures"


def told(name: str, expected: NDArray[np.uint8], actual: NDArray[np.uint8], folder: Path = FOLDER) -> str:
    """Write expected | actual | difference as one PNG; how the pictures differ and where it is.

    Args:
        name: what the file is called; other characters than letters and digits become "_".
        expected, actual: uint8 (height, width, 4).
        folder: where it goes; made when missing.
    """
    if expected.shape != actual.shape:
        return f"size {actual.shape[1::-1]} is not {expected.shape[1::-1]}, which is expected"
    comparison = compare(expected, actual)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub('[^A-Za-z0-9]+', '_', name).strip('_')}.png"
    Image.fromarray(draw_sheet(expected, actual, comparison)).save(path)
    return f"{comparison}: see {path}"
