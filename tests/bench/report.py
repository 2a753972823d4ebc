"""The results as tables for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.timing import Samples, spread

__all__ = ["print_added", "print_race", "print_stages", "print_whole", "write_json"]

Machine = Mapping[str, str | int | float]


def print_race(console: Console, title: str, results: Mapping[str, Samples]) -> None:
    """One stack: a row a contender, with its ratio to the first one, round by round, and where that tells its
    stages, to its compositing alone.

    Times and ratios: the median (least-most). Differences: the largest (mean), in 8-bit steps.
    """
    table = Table(title=title, title_justify="left")
    table.add_column("contender")
    ours = next(iter(results.values()))
    composed = ours.stages.get("compose")
    for heading in ("wall, ms", "ratio", "to compose" if composed else "", "CPU, ms", "ratio", "difference"):
        table.add_column(heading, justify="right")
    for name, samples in results.items():
        table.add_row(
            name,
            _range(samples.wall, 1),
            _range(_ratios(samples.wall, ours.wall), 2),
            _range(_ratios(samples.wall, composed), 2) if composed else "",
            _range(samples.cpu, 1),
            _range(_ratios(samples.cpu, ours.cpu), 2),
            "" if samples.difference is None else "{:.1f} ({:.2f})".format(*samples.difference),
        )
    console.print(table)
    for name, samples in results.items():
        if samples.stages:
            console.print(f"  {name}: {_stages(samples)}")
    console.print()


def print_added(console: Console, what: str, results: Samples, without: Samples) -> None:
    """How much longer a job takes than another without something, round by round: the median (least-most)."""
    added = [
        f"{unit} {_range([more - less for more, less in zip(*pair, strict=True)], 1)}"
        for unit, pair in (("wall", (results.wall, without.wall)), ("CPU", (results.cpu, without.cpu)))
    ]
    console.print(f"{what} add, ms: {', '.join(added)}\n", highlight=False)


def print_whole(console: Console, title: str, results: Mapping[str, Samples]) -> None:
    """One whole job: a row a backend, with its stages."""
    table = Table(title=title, title_justify="left")
    for heading in ("backend", "wall, ms", "CPU, ms", "stages, ms"):
        table.add_column(heading)
    for name, samples in results.items():
        table.add_row(name, _range(samples.wall, 1), _range(samples.cpu, 1), _stages(samples))
    console.print(table)
    console.print()


def print_stages(console: Console, title: str, samples: Samples) -> None:
    """Processor time by stage, and of all of it: a row each, the median (least-most)."""
    table = Table(title=title, title_justify="left")
    table.add_column("stage")
    table.add_column("CPU, ms", justify="right")
    for stage, values in {**samples.stages, "all": samples.cpu}.items():
        table.add_row(stage, _range(values, 2))
    console.print(table)
    console.print()


def write_json(path: Path, machine: Machine, results: Mapping[str, Mapping[str, Samples]]) -> None:
    """All measurements: {"machine": ..., "rows": [{"job", "contender", "wall_ms", ...}]}."""
    rows = [
        _row(job, contender, samples)
        for job, contenders in results.items()
        for contender, samples in contenders.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": dict(machine), "rows": rows}, indent=1) + "\n", encoding="utf-8")


def _row(job: str, contender: str, samples: Samples) -> dict[str, Any]:
    most, mean = samples.difference or (None, None)
    return {
        "job": job,
        "contender": contender,
        "wall_ms": samples.wall,
        "cpu_ms": samples.cpu,
        "stages_ms": samples.stages,
        "largest_difference": most,
        "mean_difference": mean,
    }


def _stages(samples: Samples) -> str:
    medians = {stage: spread(values).median for stage, values in samples.stages.items()}
    return ", ".join(f"{stage} {value:.1f}" for stage, value in medians.items() if value >= 0.05)


def _ratios(theirs: list[float], ours: list[float]) -> list[float]:
    return [their / our for their, our in zip(theirs, ours, strict=True)]


def _range(values: list[float], digits: int) -> str:
    found = spread(values)
    return f"{found.median:.{digits}f} ({found.low:.{digits}f}-{found.high:.{digits}f})"
