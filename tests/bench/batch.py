"""Batches with one worker and with two: `python -m tests.bench.batch [--cards 60] [--rounds 3]`.

The demo card as a template, another headline on each, rendered to PNG by worker processes. One worker is
measured twice: held to one core, and with two, which its compositing and its drawing of sources use as well.
Rounds alternate between the settings, so that what else the machine does meets all.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.image_core.backend import BackendChoice
from engines.image_core.batch.jobs import Job
from engines.image_core.batch.local import Tally, run_batch
from engines.image_core.documents.demo import demo_card, write_photos
from engines.image_core.documents.templates import Template
from engines.image_core.export import Format
from engines.image_core.runtime.processors import cores

SETTINGS = {"1 worker on 1 core": (1, 1), "1 worker on 2 cores": (1, 2), "2 workers on 2 cores": (2, 2)}
"""Numbers of workers and of cores by name; the last is compared with the others."""


@dataclass
class Samples:
    """A setting over the rounds: seconds until the first card, and until the last."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    def rate(self, cards: int) -> list[float]:
        """Cards a second after the first, by round."""
        pairs = zip(self.first, self.whole, strict=True)
        return [(cards - 1) / (whole - first) for first, whole in pairs]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.batch", description=__doc__)
    parser.add_argument("--cards", type=int, default=60, help="how many cards a batch has")
    parser.add_argument("--rounds", type=int, default=3, help="how often each number of workers is measured")
    parser.add_argument("--backend", choices=["auto", "gl", "numpy"], default="gl", help="what renders")
    options = parser.parse_args()
    print_batches(options.cards, options.rounds, options.backend)


def print_batches(cards: int, rounds: int, backend: BackendChoice) -> None:
    """Measure every setting and print."""
    samples = {name: Samples() for name in SETTINGS}
    print(f"{cores()} cores, load {os.getloadavg()[0]:.1f}, {cards} cards, {backend}")
    with _photographs() as root:
        for _ in range(rounds):
            for name, (workers, on) in SETTINGS.items():
                with _held_to(on):
                    _measure(samples[name], root, workers, cards, backend)
    *others, last = SETTINGS
    for name, sample in samples.items():
        rate = _spread(sample.rate(cards))
        print(f"{name}: first card after {_spread(sample.first)} s, then {rate} cards a second")
    for name in others:
        pairs = zip(samples[last].rate(cards), samples[name].rate(cards), strict=True)
        print(f"{last} to {name}: {_spread([a / b for a, b in pairs])}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of a worker: {peak:.0f} MiB; load at the end {os.getloadavg()[0]:.1f}")


@contextmanager
def _held_to(number: int) -> Iterator[None]:
    """Let this process, and those it starts, run on so many cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _photographs() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        write_photos(Path(folder))
        yield Path(folder)


def _measure(samples: Samples, root: Path, workers: int, cards: int, backend: BackendChoice) -> None:
    seen: list[float] = []

    def note(tally: Tally) -> None:
        seen.append(tally.seconds)

    with tempfile.TemporaryDirectory() as out:
        tally = run_batch(
            card_jobs(cards),
            Path(out),
            root=root,
            template=card_template(),
            workers=workers,
            backend=backend,
            progress=note,
        )
    assert tally.rendered == cards, "every card is rendered"
    samples.first.append(seen[0])
    samples.whole.append(seen[-1])


def card_jobs(cards: int) -> Iterator[Job]:
    """The demo card as often as this, another headline on each: values for `card_template`."""
    for number in range(cards):
        values = {"headline": f"Card {number},\nhere to orbit."}
        yield Job(f"card {number}", f"{number}.png", Format.PNG, values=values)


def card_template() -> Template:
    """The demo card with its headline as the one variable."""
    document: dict[str, Any] = json.loads(demo_card().model_dump_json(exclude_unset=True))
    for layer in document["layers"]:
        if layer.get("name") == "headline":
            layer["text"] = "{{headline}}"
    return Template.parse({**document, "variables": {"headline": None}})


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main()
