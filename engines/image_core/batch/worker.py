"""A worker process of a batch: one renderer, one job at a time."""

from __future__ import annotations

import hashlib
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from engines.image_core.backend import BackendChoice, log
from engines.image_core.batch.jobs import Job, composition_of
from engines.image_core.batch.ledger import stamp
from engines.image_core.documents.templates import RowTemplate
from engines.image_core.errors import ExportError, ImageCoreError
from engines.image_core.rendering.rendered import Planned
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.processors import take_share
from engines.image_core.runtime.writing import make_folder, unfinished_name, write_file
from engines.image_core.sources.raster.icc import DamagedProfiles

__all__ = ["Outcome", "Setting", "Task", "remove_unfinished", "work"]


@dataclass(frozen=True)
class Setting:
    """What all workers of a batch share.

    Attributes:
        folder: where outputs go.
        root: where the paths of compositions start, and out of which none leads.
        template: what jobs of values fill.
        threads: how many threads a worker composites and decodes with.
        cache_bytes: what each of a worker's caches may hold (see `Renderer`).
        fonts: the folder of fonts whose families texts may name, if any.
        damaged_profiles: what becomes of pictures whose embedded profiles cannot be used.
    """

    folder: Path
    root: Path
    backend: BackendChoice
    template: RowTemplate | None
    threads: int
    cache_bytes: int
    fonts: Path | None = None
    damaged_profiles: DamagedProfiles = "error"


@dataclass(frozen=True)
class Task:
    """A job, the stamp that its output was finished with before, if any, and its file's name until it is."""

    job: Job
    finished: str | None
    unfinished: str = field(default_factory=unfinished_name)


@dataclass(frozen=True)
class Outcome:
    """What became of a job. `error` is set when it failed, the hashes and the device when it did not, and
    `fallback` when NumPy rendered it because OpenGL could not: why; `notes` as in `RenderedImage`."""

    status: Literal["rendered", "unchanged", "failed"]
    error: str = ""
    pipeline_hash: str = ""
    sha256: str = ""
    device: str = ""
    fallback: str = ""
    notes: tuple[str, ...] = ()


def work(connection: Connection, setting: Setting) -> None:
    """Answer tasks with outcomes until the other end is closed.

    The first message says that the renderer is open (None), or is the error that kept it from opening.
    """
    os.environ["LP_NUM_THREADS"] = str(setting.threads)  # read by llvmpipe when a context is made
    take_share(setting.threads)
    log.addHandler(logging.NullHandler())  # what it warns of is in outcomes, and told by the batch
    try:
        renderer = Renderer(
            setting.backend,
            setting.root,
            cache_bytes=setting.cache_bytes,
            fonts=setting.fonts,
            damaged_profiles=setting.damaged_profiles,
        )
    except ImageCoreError as error:
        connection.send(error)
        return
    # The other end is closed when the batch is over, and also when the batch's own process has died.
    with renderer, suppress(EOFError, BrokenPipeError):
        connection.send(None)
        while True:
            connection.send(_outcome(connection.recv(), renderer, setting))


def _outcome(task: Task, renderer: Renderer, setting: Setting) -> Outcome:
    try:
        return _rendered(task, renderer, setting)
    except ImageCoreError as error:
        return Outcome("failed", str(error))
    except MemoryError:
        return Outcome("failed", "there is not enough memory for this composition")
    except Exception as error:  # a fault of ours is told as this job's, and the batch goes on
        return Outcome("failed", f"unexpected {type(error).__name__}: {error}")


def _rendered(task: Task, renderer: Renderer, setting: Setting) -> Outcome:
    job = task.job
    path = _target(setting.folder, job.output)
    planned = renderer.plan(composition_of(job, setting.root, setting.template))
    if task.finished is not None and _is_finished(task, planned, path):
        return Outcome("unchanged")
    image = renderer.draw(planned)
    data = image.encode(job.format)
    make_folder(path.parent)
    write_file(path, data, task.unfinished)
    return Outcome(
        "rendered",
        pipeline_hash=image.pipeline_hash,
        sha256=hashlib.sha256(data).hexdigest(),
        device=f"{image.backend} on {image.device}",
        fallback=image.reason if setting.backend == "auto" and image.backend == "numpy" else "",
        notes=image.notes,
    )


def remove_unfinished(task: Task, setting: Setting) -> None:
    """Remove what a worker that was killed has left of a task's output."""
    with suppress(OSError, ExportError):  # where a name leads nowhere nothing was written
        _target(setting.folder, task.job.output).with_name(task.unfinished).unlink()


def _target(folder: Path, output: str) -> Path:
    """Where an output goes, if no link leads out of the folder."""
    base = os.path.realpath(folder)
    parent = os.path.realpath(os.path.join(base, os.path.dirname(output)))
    if os.path.commonpath([base, parent]) != base:
        raise ExportError(f"output {output!r} is not allowed: it leads out of the batch's folder")
    return Path(parent, os.path.basename(output))


def _is_finished(task: Task, planned: Planned, path: Path) -> bool:
    """Whether the output is what this plan gave before."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # not there, or not to be read: it is rendered again, and writing tells what is wrong
        return False
    return task.finished == stamp(planned.plan.pipeline_hash, task.job.format.value, sha256)
