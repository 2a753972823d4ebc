"""Damaged PSD files: `python -m tests.damage FOLDER [--cases 10000] [--seed 0] [--files 20] [--minutes N]`.

Each case is a file of the folder, damaged by its number's seed, mapped with its texts, smart objects, layer
comps and artboards changed, and drawn with NumPy, in a process of its own. It may be drawn, or be told in one
line that begins with the file's name or, where it can be mapped but not drawn, names the layer. What must not
be: any other exception, a crash, more than some seconds, more than some memory, a line on standard error. The
exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import itertools
import math
import re
import time
from collections import Counter
from pathlib import Path

from rich.console import Console

from tests.damage.cases import check
from tests.damage.pool import Outcome, run

__all__ = ["main"]

_SUFFIXES = (".psd", ".psb")
_MEMORY = 4 << 30  # bytes of address space, of which libraries reserve half a GiB
_SECONDS = 30.0
_SHOWN = 40  # faults and lines, of all that there are


def main() -> int:
    """Run the cases, and print what they came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument(
        "--seed", type=int, default=0, help="of the first case; each further one has the next"
    )
    parser.add_argument(
        "--files", type=int, default=20, help="so many, spread over the folder by their names"
    )
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="end after so many, even if unfinished"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    step = max(1, len(paths) // options.files)
    chosen = paths[::step][: options.files]
    ends = time.monotonic() + 60 * options.minutes
    seeds = range(options.seed, options.seed + options.cases)
    cases = itertools.takewhile(
        lambda _: time.monotonic() < ends, ((chosen[seed % len(chosen)], seed) for seed in seeds)
    )
    found = Found(Console())
    run(check, cases, found.add, jobs=options.jobs, memory=_MEMORY, seconds=_SECONDS)
    found.tell()
    return 1 if found.faults or not found.count else 0


class Found:
    """What the cases came to."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.count = self.read = self.faults = 0
        self.lines: Counter[str] = Counter()
        self.slowest = self.largest = Outcome(None)

    def add(self, outcome: Outcome) -> None:
        """Count a case; a fault is printed at once."""
        self.count += 1
        self.read += not outcome.told and not outcome.fault
        for line in outcome.told[:1]:
            self.lines[_kind(line)] += 1
        if outcome.fault:
            self.faults += 1
            if self.faults <= _SHOWN:
                self._print(f"{_name(outcome)}: {outcome.fault}")
        self.slowest = max(self.slowest, outcome, key=lambda each: each.seconds)
        self.largest = max(self.largest, outcome, key=lambda each: each.peak_mib)
        if self.count % 500 == 0:
            self.console.print(f"{self.count} cases")

    def tell(self) -> None:
        """Print the sums, the commonest lines, and the cases that took most."""
        told = self.count - self.read - self.faults
        self.console.print(f"{self.count} cases: {self.read} drawn, {told} told, {self.faults} faults")
        for outcome, what in ((self.slowest, "seconds"), (self.largest, "peak_mib")):
            self._print(f"most {what}: {getattr(outcome, what):.1f}, {_name(outcome)}")
        for line, count in self.lines.most_common(_SHOWN):
            self._print(f"{count:6} {line}")

    def _print(self, line: str) -> None:
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _name(outcome: Outcome) -> str:
    return f"{outcome.case[0].name}, seed {outcome.case[1]}" if outcome.case else "none"


def _kind(line: str) -> str:
    """A line without its file and its numbers."""
    return re.sub(r"\d+", "#", line.partition(": ")[2])[:150]


if __name__ == "__main__":
    raise SystemExit(main())
