"""Timing contenders against each other: in turn, many rounds, so that a busy minute hits them all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # it imports the peers, which measuring ours alone does not need
    from tests.bench.contenders import Job

__all__ = ["Samples", "Spread", "difference", "race", "spread", "stopwatch"]


@dataclass(frozen=True)
class Spread:
    """Median, least and greatest of some measurements."""

    median: float
    low: float
    high: float


@dataclass
class Samples:
    """The measurements of one job, one a round.

    Attributes:
        wall: milliseconds that passed.
        cpu: milliseconds of processor time, of all threads.
        stages: milliseconds by stage, where the contender tells them.
        difference: the largest and the mean difference from our picture, see `difference`; None where the
            pictures are not to be alike.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    difference: tuple[float, float] | None = None

    def add_stages(self, milliseconds: Mapping[str, float]) -> None:
        """Append one run's stages."""
        for stage, value in milliseconds.items():
            self.stages.setdefault(stage, []).append(value)


def stopwatch(work: Callable[[], Any], samples: Samples) -> Any:
    """Run and measure work."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    samples.wall.append(1000 * (time.perf_counter() - wall))
    samples.cpu.append(1000 * (time.process_time() - cpu))
    return result


def race(jobs: Mapping[str, Job], rounds: int, *, alike: bool = True) -> dict[str, Samples]:
    """Measure jobs, each once a round; the first one is what others differ from. alike: whether they all are
    to make the same picture.

    A round that is not counted comes first: it compiles, starts threads, and gives the pictures to compare.
    """
    results = {name: Samples() for name in jobs}
    expected: NDArray[np.uint8] | None = None
    for name, job in jobs.items():
        pixels = job.pixels(job.run())
        expected = pixels if expected is None else expected
        results[name].difference = difference(expected, pixels) if alike else None
    names = list(jobs)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            result = stopwatch(jobs[name].run, results[name])
            results[name].add_stages(jobs[name].stages(result))
            del result  # freed here, not in the next one's time
    return results


def difference(expected: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """The largest and the mean difference of two straight RGBA pictures, premultiplied, in 8-bit steps.

    Premultiplied, for the colour of what is hardly there is hardly seen.
    """
    apart = np.abs(_premultiplied(expected) - _premultiplied(pixels))
    return float(apart.max()), float(apart.mean())


def _premultiplied(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    values[..., :3] *= values[..., 3:] / 255
    return values


def spread(values: list[float]) -> Spread:
    """Median, least and greatest."""
    return Spread(statistics.median(values), min(values), max(values))
