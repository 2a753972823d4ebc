"""How much of the machine this process may use."""

import os

__all__ = ["cores"]


def cores() -> int:
    """The processor cores this process may use, which containers and taskset make fewer than there are."""
    return len(os.sched_getaffinity(0))
