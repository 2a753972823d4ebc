"""Demo cards a second by the worker processes of a batch, cold and with another headline each."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from engines.image_core import ImageCoreError
from engines.image_core.batch.pool import Pool
from engines.image_core.batch.worker import Setting, Task
from engines.image_core.rendering.renderer import CACHE_BYTES
from engines.image_core.runtime.processors import cores
from tests.bench.batch import card_jobs, card_template
from tests.device.pictures import write_photographs
from tests.device.settings import Clock, Settings, require

__all__ = ["cards_a_second"]

_MOST_WORKERS = 32


def cards_a_second(**settings: Any) -> dict[str, Any]:
    """Of one worker and of one a core (up to 32), from the files to PNG files.

    Returns:
        "rates": of "cold" (nothing kept) and "headline" (the caches of `image-core batch`), for each a list
        of {"workers", "cards_a_second"}, the latter a value a round. To be quick, "cold" is left out.
    """
    told = Settings(**settings)
    kinds = {"headline": CACHE_BYTES} if told.quick else {"cold": 0, "headline": CACHE_BYTES}
    numbers = sorted({1, min(cores(), _MOST_WORKERS)})
    rates: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_photographs(root)
        for kind, cache_bytes in kinds.items():
            for workers in numbers:
                folder = root / f"{kind} {workers}"
                threads = max(1, cores() // workers)
                setting = Setting(folder, root, "gl", card_template(), threads, cache_bytes // workers)
                clock = Clock(told.seconds / (len(kinds) * len(numbers)))
                rate = {"workers": workers, "cards_a_second": _rates(told, setting, workers, clock)}
                rates.setdefault(kind, []).append(rate)
    return {"device": told.device, "rates": rates}


def _rates(settings: Settings, setting: Setting, workers: int, clock: Clock) -> list[float]:
    """Cards a second, a value a round; the clock starts when all workers are at work."""
    cards = workers * (1 if settings.quick else 12)
    tasks = (Task(job, None) for job in card_jobs(1_000_000))
    rates = []
    with Pool(workers, setting) as pool:
        _draw(settings, pool, _until_ready(pool, tasks, 0 if settings.quick else 2))
        for _ in clock.rounds(max(1, settings.rounds // 3)):
            started = time.perf_counter()
            _draw(settings, pool, islice(tasks, cards))
            rates.append(cards / (time.perf_counter() - started))
    return rates


def _until_ready(pool: Pool, tasks: Iterator[Task], more: int) -> Iterator[Task]:
    """Work until every worker is there, and then some for each: it compiles its programs."""
    while not all(worker.ready for worker in pool._workers):
        yield next(tasks)
    yield from islice(tasks, more * len(pool._workers))


def _draw(settings: Settings, pool: Pool, tasks: Iterator[Task]) -> None:
    for task, outcome in pool.outcomes(tasks):
        if outcome.status != "rendered":
            raise ImageCoreError(f"{task.job.name}: {outcome.error}")
        require(settings, outcome.device.removeprefix("gl on "))
