"""How much of the machine this process may use, and the threads that use it."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

__all__ = ["cores", "thread_pool"]


def cores() -> int:
    """The processor cores this process may use, which containers and taskset make fewer than there are."""
    return len(os.sched_getaffinity(0))


def thread_pool(name: str) -> ThreadPoolExecutor:
    """This process's pool of a name, with a thread a core. (A fork does not inherit threads, so a forked
    process gets its own; work of one pool may wait for that of another, never for its own.)"""
    return _made(name, os.getpid())


@lru_cache
def _made(name: str, _process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix=f"image-core-{name}")
