"""How much of the machine this process may use, and the threads that use it."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

__all__ = ["cores", "take_share", "thread_pool"]

_share: int | None = None


def cores() -> int:
    """The processor cores this process may use, which containers and taskset make fewer than there are."""
    allowed = len(os.sched_getaffinity(0))
    return allowed if _share is None else min(allowed, _share)


def take_share(number: int) -> None:
    """Use no more than so many cores from now on: this process is one of several that share a machine.

    Called before the first pool is made.
    """
    global _share
    _share = number


def thread_pool(name: str) -> ThreadPoolExecutor:
    """This process's pool of a name, with a thread a core. (A fork does not inherit threads, so a forked
    process gets its own; work of one pool may wait for that of another, never for its own.)"""
    return _made(name, os.getpid())


@lru_cache
def _made(name: str, _process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix=f"image-core-{name}")
