"""Work by bands of rows, small enough for a core's cache, on a pool of threads.

NumPy releases the interpreter lock inside its loops, so threads run side by side.
"""

from __future__ import annotations

from collections.abc import Callable

from engines.image_core.runtime.processors import thread_pool

__all__ = ["for_bands"]

BAND_PIXELS = 1 << 16


def for_bands(height: int, width: int, work: Callable[[slice], None]) -> None:
    """Call work(rows) for consecutive bands that cover a height, in any order and at the same time."""
    step = max(1, BAND_PIXELS // max(1, width))
    bands = [slice(top, min(top + step, height)) for top in range(0, height, step)]
    if len(bands) == 1:
        work(bands[0])
        return
    for _ in thread_pool("bands").map(work, bands):
        pass
