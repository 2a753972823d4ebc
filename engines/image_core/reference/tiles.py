"""Work by bands of rows, small enough for a core's cache, or by tiles, on a pool of threads.

NumPy releases the interpreter lock inside its loops, so threads run side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engines.image_core.numbers.geometry import Rect
from engines.image_core.runtime.processors import thread_pool

__all__ = ["for_bands", "for_tiles"]

BAND_PIXELS = 1 << 16
TILE_SIDE = 512

T = TypeVar("T")


def for_bands(height: int, width: int, work: Callable[[slice], None]) -> None:
    """Call work(rows) for consecutive bands that cover a height, in any order and at the same time."""
    step = max(1, BAND_PIXELS // max(1, width))
    _do([slice(top, min(top + step, height)) for top in range(0, height, step)], work)


def for_tiles(width: int, height: int, least: int, work: Callable[[Rect], None]) -> None:
    """Call work(area) for tiles that cover a plane, their sides at least so many pixels where there are as
    many: what reads around a tile reads that again for the next."""
    side = max(least, TILE_SIDE)
    tiles = [
        Rect(left, top, min(left + side, width), min(top + side, height))
        for top in range(0, height, side)
        for left in range(0, width, side)
    ]
    _do(tiles, work)


def _do(parts: Sequence[T], work: Callable[[T], None]) -> None:
    if len(parts) == 1:
        work(parts[0])
        return
    for _ in thread_pool("bands").map(work, parts):
        pass
