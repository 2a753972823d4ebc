"""Work by bands of rows, small enough for a core's cache, on a pool of threads.

NumPy releases the interpreter lock inside its loops, so threads run side by side.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from engines.image_core.processors import cores

__all__ = ["for_bands"]

BAND_PIXELS = 1 << 16


@lru_cache(maxsize=1)
def _pool(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="image-core")


def for_bands(height: int, width: int, work: Callable[[slice], None]) -> None:
    """Call work(rows) for consecutive bands that cover a height, in any order and at the same time."""
    step = max(1, BAND_PIXELS // max(1, width))
    bands = [slice(top, min(top + step, height)) for top in range(0, height, step)]
    if len(bands) == 1:
        work(bands[0])
        return
    for _ in _pool(os.getpid()).map(work, bands):  # a fork does not inherit threads: one pool a process
        pass
