"""Batches: many compositions rendered to files by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from engines.image_core.backend import BackendChoice, log
from engines.image_core.batch.account import Account, Tally
from engines.image_core.batch.jobs import BadJob, Job
from engines.image_core.batch.ledger import Ledger
from engines.image_core.batch.pool import Pool
from engines.image_core.batch.worker import Setting, Task
from engines.image_core.documents.templates import RowTemplate
from engines.image_core.rendering.renderer import CACHE_BYTES
from engines.image_core.runtime.processors import cores
from engines.image_core.sources.raster.icc import DamagedProfiles

__all__ = ["Tally", "run_batch"]


def run_batch(
    jobs: Iterable[Job | BadJob],
    folder: Path,
    *,
    root: Path,
    template: RowTemplate | None = None,
    workers: int,
    backend: BackendChoice = "auto",
    resume: bool = False,
    fonts: Path | None = None,
    damaged_profiles: DamagedProfiles = "error",
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Render jobs to files of a folder.

    Jobs are taken from the iterable when a worker is free. A picture appears under its name when it is whole.
    A job that fails is a line in the folder's failures.jsonl and stops nothing; so is a job whose output an
    earlier one of this batch had. A worker that crashes is replaced, its job tried once more. Workers are
    processes started with spawn: call this from a program that is safe to import.

    Args:
        jobs: from `jobs.read_list` or `rows.read_rows`.
        folder: where outputs go; made when missing.
        root: the folder that the paths of compositions start at and may not leave.
        template: what jobs of values fill.
        workers: how many processes, 1 or more.
        backend: what each renders with.
        resume: leave alone what an earlier batch finished from the same plan, in the same format, and whose
            file still has the bytes written then.
        fonts: the folder of fonts whose families texts may name.
        damaged_profiles: as for `Renderer`.
        stopped: asked before each job; once it is true, what is in flight is finished and no more begun.
        progress: called after each job.

    Raises:
        BackendUnavailableError: the backend that was asked for cannot run here.
        DeviceError: workers end before they are ready.
        ExportError: the folder cannot be written, or another batch is writing to it.
        SourceError: there is no such folder of fonts.
        ImageCoreError: what reading the jobs raises.
    """
    threads, cache_bytes = max(1, cores() // workers), CACHE_BYTES // workers
    setting = Setting(folder, root, backend, template, threads, cache_bytes, fonts, damaged_profiles)
    with Ledger(folder, resume) as ledger, Pool(workers, setting) as pool:
        account = Account(ledger, progress)
        tasks = (Task(job, ledger.finished(job.output)) for job in account.startable(jobs, stopped))
        for task, outcome in pool.outcomes(tasks):
            job = task.job
            if outcome.status == "failed":
                account.failed(job.name, job.output, outcome.error)
            elif outcome.status == "unchanged":
                account.unchanged()
            else:
                for note in outcome.notes:
                    log.warning("%s: %s", job.name, note)
                ledger.done(job.output, job.format.value, outcome.pipeline_hash, outcome.sha256)
                account.rendered(outcome.device, outcome.fallback)
    return account.closed()
