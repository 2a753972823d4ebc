"""Batches: many compositions rendered to files by worker processes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engines.image_core.backend import BackendChoice
from engines.image_core.batch_pool import Pool
from engines.image_core.batch_state import Ledger
from engines.image_core.batch_worker import Outcome, Setting, Task
from engines.image_core.jobs import BadJob, Job
from engines.image_core.processors import cores
from engines.image_core.renderer import CACHE_BYTES
from engines.image_core.templates import Template

__all__ = ["Tally", "run_batch"]


@dataclass
class Tally:
    """How far a batch is.

    Attributes:
        rendered, unchanged, failed: numbers of jobs; unchanged ones were finished by an earlier batch.
        interrupted: whether it was stopped before the end of its jobs.
        seconds: since it began.
        devices: rendered jobs by backend and device.
    """

    rendered: int = 0
    unchanged: int = 0
    failed: int = 0
    interrupted: bool = False
    seconds: float = 0.0
    devices: Counter[str] = field(default_factory=Counter)

    @property
    def jobs(self) -> int:
        """How many jobs are behind it."""
        return self.rendered + self.unchanged + self.failed


def run_batch(
    jobs: Iterable[Job | BadJob],
    folder: Path,
    *,
    root: Path,
    template: Template | None = None,
    workers: int,
    backend: BackendChoice = "auto",
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Render jobs to files of a folder.

    Jobs are taken from the iterable when a worker is free. A picture appears under its name when it is whole.
    A job that fails is a line in the folder's failures.jsonl and stops nothing; so is a job whose output an
    earlier one of this batch had. A worker that crashes is replaced, its job tried once more. Workers are
    processes started with spawn: call this from a program that is safe to import.

    Args:
        jobs: from `read_list` or `read_rows`.
        folder: where outputs go; made when missing.
        root: the folder that the paths of compositions start at and may not leave.
        template: what jobs of values fill.
        workers: how many processes, 1 or more.
        backend: what each renders with.
        resume: leave alone what an earlier batch finished from the same plan, in the same format, and whose
            file still has the bytes written then.
        stopped: asked before each job; once it is true, what is in flight is finished and no more begun.
        progress: called after each job.

    Raises:
        BackendUnavailableError: the backend that was asked for cannot run here.
        DeviceError: workers end before they are ready.
        ExportError: the folder cannot be written, or another batch is writing to it.
        ImageCoreError: what reading the jobs raises.
    """
    tally, started = Tally(), time.perf_counter()
    setting = Setting(folder, root, backend, template, max(1, cores() // workers), CACHE_BYTES // workers)

    def told() -> None:
        tally.seconds = time.perf_counter() - started
        progress(tally)

    def failed(job: Job | BadJob, error: str) -> None:
        ledger.failed(job.name, job.output, error)
        tally.failed += 1
        told()

    def tasks() -> Iterator[Task]:
        for job in jobs:
            if stopped():
                tally.interrupted = True
                return
            if isinstance(job, BadJob):
                failed(job, job.error)
            elif not ledger.claim(job.output):
                failed(job, f"output {job.output!r}: an earlier job of this batch has it")
            else:
                yield Task(job, ledger.finished(job.output))

    with Ledger(folder, resume) as ledger, Pool(workers, setting) as pool:
        for task, outcome in pool.outcomes(tasks()):
            if outcome.status == "failed":
                failed(task.job, outcome.error)
            else:
                _count(task.job, outcome, tally, ledger)
                told()
    tally.seconds = time.perf_counter() - started
    return tally


def _count(job: Job, outcome: Outcome, tally: Tally, ledger: Ledger) -> None:
    if outcome.status == "unchanged":
        tally.unchanged += 1
        return
    ledger.done(job.output, job.format.value, outcome.pipeline_hash, outcome.sha256)
    tally.rendered += 1
    tally.devices[outcome.device] += 1
