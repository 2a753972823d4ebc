"""How many cores and threads a process takes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engines.image_core.runtime.processors import cores

SHARED = """
from engines.image_core.runtime.processors import cores, take_share, thread_pool
take_share({share})
print(cores(), thread_pool("x")._max_workers)
"""


def test_a_process_may_use_the_cores_it_is_held_to() -> None:
    """What the system allows counts, not what the machine has."""
    assert cores() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("share", [1, 1000])
def test_a_share_bounds_cores_and_pools_but_gives_no_more_than_there_are(share: int) -> None:
    """A worker that was given a share makes its pools no larger."""
    out = subprocess.run(
        [sys.executable, "-c", SHARED.format(share=share)], capture_output=True, text=True, check=True
    )
    expected = min(share, len(os.sched_getaffinity(0)))
    assert out.stdout.split() == [str(expected)] * 2
