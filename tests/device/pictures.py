"""Pictures for hosts that have none: noise of several sizes and grain, about as busy as photographs are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.image_core.documents.demo import PORTRAIT, SKY

__all__ = ["layer_picture", "photograph", "write_photographs"]

_OCTAVES = ((4, 0.9), (16, 0.5), (64, 0.3), (256, 0.2))
"""Numbers of cells across, and how much of the brightness they make."""

_GRAIN = 8
"""About as much as makes files as large as those of the photographs that the demo card shows."""

_DIFFERENT = 6
_TILE = (1920, 1080)


def photograph(seed: int, width: int, height: int) -> NDArray[np.uint8]:
    """A made photograph: uint8 (height, width, 3), the same for the same numbers."""
    rng = np.random.default_rng(seed)
    light = _GRAIN * rng.standard_normal((height, width, 3), np.float32)
    for cells, share in _OCTAVES:
        grid = rng.integers(0, 256, (max(2, cells * height // width), cells, 3), dtype=np.uint8)
        smooth = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
        light += share * (np.asarray(smooth, np.float32) - 127.5)
    pixels: NDArray[np.uint8] = np.clip(light + 127.5, 0, 255).astype(np.uint8)
    return pixels


@lru_cache(maxsize=16)
def layer_picture(index: int, opaque: bool, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A layer of a stack: uint8 (height, width, 4), whose alpha, unless it is opaque, is another's green.

    Made of one of a few photographs, side by side where it is larger, each layer's moved another way.
    """
    width, height = size
    colour, matte = (_tile((index + step) % _DIFFERENT) for step in (0, 1))
    repeats = -(-height // _TILE[1]), -(-width // _TILE[0])
    alpha = np.full_like(matte[..., 1], 255) if opaque else matte[..., 1]
    tile = np.dstack([colour, alpha])
    tile = np.roll(tile, (37 * index, 91 * index), axis=(0, 1))
    pixels = np.ascontiguousarray(np.tile(tile, (*repeats, 1))[:height, :width])
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=_DIFFERENT)
def _tile(seed: int) -> NDArray[np.uint8]:
    return photograph(seed, *_TILE)


def write_photographs(folder: Path) -> None:
    """Files with the names, sizes and formats of the demo card's photographs, in `folder`/photos."""
    photos = folder / "photos"
    photos.mkdir(parents=True)
    Image.fromarray(photograph(1, 1000, 872)).save(photos / SKY, quality=90)
    Image.fromarray(photograph(2, 512, 512)).save(photos / PORTRAIT)
