"""Libraries that warn about odd files are kept quiet while they read one."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet"]

_lock = threading.Lock()
_inside = 0
_filters = warnings.catch_warnings()


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what Pillow and psd-tools warn of, in all threads while any is inside.

    One warning is raised instead: psd-tools draws a channel that it cannot unpack in black, and only warns.

    `warnings.catch_warnings` alone restores a wrong state when two threads' uses overlap without nesting.
    """
    global _inside, _filters
    with _lock:
        _inside += 1
        if _inside == 1:
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            _set_filters()
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _filters.__exit__(None, None, None)


def _set_filters() -> None:
    """Those set last come first. psd-tools' two are told by their texts, so that it need not be imported."""
    warnings.filterwarnings("ignore", module=r"(PIL|psd_tools)\.")
    warnings.filterwarnings("ignore", message=r"Image \S+ \(\S+ px\) exceeds the soft pixel limit")
    warnings.filterwarnings("error", message=r"\w+ decode failed .*channel replaced with black")
