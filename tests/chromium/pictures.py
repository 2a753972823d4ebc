"""Both programs' pictures of a paragraph, side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.chromium.inking import Ink

__all__ = ["write"]


def write(folder: Path, name: str, ink: Ink) -> None:
    """Ours, Chromium's, and their difference, from left to right, as a PNG of the paragraph's name."""
    apart = 255 - np.abs(ink.ours - ink.theirs)
    levels = np.concatenate([ink.ours, ink.theirs, apart], axis=1).round().astype(np.uint8)
    Image.fromarray(levels).save(folder / f"{name.replace(' ', '_').replace(',', '')}.png")
