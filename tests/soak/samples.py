"""What a process holds, and whether that grows."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from engines.image_core import Renderer
from tests.parity.objects import KINDS, alive

__all__ = ["ALLOWED", "FEWEST", "Sample", "Verdict", "judge", "measure"]

FEWEST = 8
"""Samples that can be judged: two a quarter."""

_MIB = 1 << 20

ALLOWED: dict[str, tuple[float, float]] = {
    "memory, MiB": (0.03, 16),
    "textures": (0.1, 8),
    "buffers": (0, 0),
    "programs": (0, 0),
    "shaders": (0, 0),
    "file handles": (0, 0),
    "threads": (0, 4),  # bounded pools, ours and the driver's, may start one late
    "child processes": (0, 0),
}
"""How much more the last quarter may hold than the second: a share of that, and a number."""


@dataclass(frozen=True)
class Sample:
    """What the process held after a number of renders, by the names of ALLOWED."""

    renders: int
    held: dict[str, float]


@dataclass(frozen=True)
class Verdict:
    """The medians of the second and the last quarter of the samples, and whether that is growth."""

    second: float
    last: float
    grown: bool


def measure(renderer: Renderer, renders: int) -> Sample:
    """What this process holds now, between two renders."""
    gc.collect()
    objects = _gl_objects(renderer)
    tasks = os.listdir("/proc/self/task")
    children = [_children(task) for task in tasks]
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    held = {
        "memory, MiB": pages * os.sysconf("SC_PAGE_SIZE") / _MIB,
        **{f"{kind.lower()}s": float(objects.count(kind)) for kind in KINDS},
        "file handles": float(len(os.listdir("/proc/self/fd"))),
        "threads": float(len(tasks)),
        "child processes": float(sum(map(len, children))),
    }
    return Sample(renders, held)


def _children(task: str) -> list[str]:
    """The processes that a thread has started; none of one that has ended since it was listed."""
    try:
        return Path(f"/proc/self/task/{task}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _gl_objects(renderer: Renderer) -> list[str]:
    """The kind of each object in the renderer's context; NumPy has none."""
    backend: Any = renderer._backend
    if backend.name != "gl":
        return []
    names: list[str] = backend._device.run(alive)
    return [name.split()[0] for name in names]


def judge(samples: Sequence[Sample]) -> dict[str, Verdict]:
    """Whether anything grew, by its name in ALLOWED.

    The rule: the median of the last quarter of the samples is more than the median of the second quarter
    and what ALLOWED adds to it. The first quarter, in which caches and pools fill, says nothing, and one
    odd sample moves no median.

    Args:
        samples: at evenly spaced numbers of renders, FEWEST or more.
    """
    quarter = len(samples) // 4
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    verdicts = {}
    for name, (share, number) in ALLOWED.items():
        before, after = (median(sample.held[name] for sample in some) for some in (second, last))
        verdicts[name] = Verdict(before, after, grown=after > before * (1 + share) + number)
    return verdicts
