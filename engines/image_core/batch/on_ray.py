"""A batch on a Ray cluster: the jobs of `batch`, their pictures in a media store that all machines share."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from engines.image_core.backend import BackendChoice
from engines.image_core.batch.account import Account, Tally
from engines.image_core.batch.jobs import BadJob, Job, composition_of
from engines.image_core.batch.ledger import Ledger
from engines.image_core.documents.templates import RowTemplate
from engines.image_core.errors import DeviceError, ExportError, ImageCoreError
from engines.image_core.sources.raster.icc import DamagedProfiles
from engines.media_v2 import MediaError

try:
    import ray
    from ray.data import DataContext, from_items
    from ray.exceptions import RayError

    from engines.image_core.batch.distributed import render_dataset
except ModuleNotFoundError as error:
    raise ImageCoreError(f'Ray needs the extra ray: pip install "image-core[ray]" ({error})') from error

__all__ = ["ARTIFACTS", "run_on_ray"]

ARTIFACTS = "artifacts.jsonl"

_JOBS = 20_000  # that one dataset has: a list may be longer than memory
_BLOCK = 32  # jobs that an actor is given at a time, and another anew when it dies
_PATIENCE = 5.0  # seconds that a cluster has to answer in
_OBJECT_STORE_BYTES = 256 << 20  # of a Ray of our own: only JSON goes through it


def run_on_ray(
    jobs: Iterable[Job | BadJob],
    folder: Path,
    *,
    address: str,
    root: Path,
    template: RowTemplate | None = None,
    database_url: str | None = None,
    blob_url: str | None = None,
    workers: int | None = None,
    backend: BackendChoice = "auto",
    fonts: Path | None = None,
    damaged_profiles: DamagedProfiles = "error",
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Render jobs on a Ray cluster into a media store, see `distributed.render_dataset`.

    The folder gets artifacts.jsonl, a line a job with its output's name, the artifact's id, uri and hashes,
    in the order they are done, and failures.jsonl. What the store has already is not rendered again.

    Args:
        jobs, folder, template, stopped, progress: as for `batch.run_batch`.
        address: of the cluster; "auto" takes the one that runs here, "local" starts one for this batch, and
            "" takes the one that runs here or else starts one.
        root: the folder that the paths of compositions start at, on every machine.
        database_url, blob_url: the store, as for `MediaService.open`.
        workers: how many actors, see `distributed.render_dataset`.
        backend: what each renders with.
        fonts: the folder of fonts whose families texts may name, on every machine.
        damaged_profiles: as for `Renderer`.

    Raises:
        DeviceError: the cluster cannot be reached, or fails.
        ExportError: the folder cannot be written, or another batch is writing to it.
        ImageCoreError: what reading the jobs raises.
        MediaError: the store cannot be opened.
    """
    # What an earlier batch recorded of files in this folder stays: this one writes none.
    with _cluster(address), Ledger(folder, resume=True) as ledger:
        account, record = Account(ledger, progress), _Record(folder)
        startable = account.startable(jobs, stopped)
        while chunk := list(islice(_rows(startable, account, root, template), _JOBS)):
            dataset = from_items(chunk, override_num_blocks=-(-len(chunk) // _BLOCK))
            rendered = render_dataset(
                dataset,
                database_url=database_url,
                blob_url=blob_url,
                backend=backend,
                root=root,
                actors=workers,
                fonts=fonts,
                damaged_profiles=damaged_profiles,
            )
            for row in rendered.iter_rows():
                if row["error"]:
                    account.failed(row["job"], row["output"], row["error"])
                else:
                    record.add(row)
                    account.rendered(row["device"])
                if stopped():
                    account.tally.interrupted = True
                    return account.closed()
    return account.closed()


_RECORDED = ("job", "output", "artifact_id", "uri", "pipeline_hash", "pixel_hash")


def _rows(
    jobs: Iterator[Job], account: Account, root: Path, template: RowTemplate | None
) -> Iterator[dict[str, str]]:
    for job in jobs:
        try:
            composition = composition_of(job, root, template).model_dump_json()
        except ImageCoreError as error:
            account.failed(job.name, job.output, str(error))
            continue
        yield {
            "job": job.name,
            "output": job.output,
            "composition": composition,
            "format": job.format.value,
        }


@contextmanager
def _cluster(address: str) -> Iterator[None]:
    """A connection to Ray, whose faults are told in one line and whose chatter is not."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        _connect(address)
        DataContext.get_current().enable_progress_bars = False
        yield
    except RayError as error:
        cause = getattr(error, "cause", None)  # where an actor raised an error of ours, that one
        if isinstance(cause, ImageCoreError | MediaError):
            raise cause from None
        raise DeviceError(f"Ray failed: {_last_line(error)}") from error
    finally:
        ray.shutdown()


def _connect(address: str) -> None:
    quiet: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    own: dict[str, Any] = {"include_dashboard": False, "object_store_memory": _OBJECT_STORE_BYTES}
    try:
        _check_answer(address)
        if address == "local":
            ray.init(address, **own, **quiet)
        else:
            ray.init(address or "auto", **quiet)
    except (ConnectionError, ValueError, RuntimeError) as error:
        if address or not isinstance(error, ConnectionError):
            raise DeviceError(
                f"Ray at {address or 'auto'!r} cannot be reached: {_last_line(error)}"
            ) from error
        _connect("local")


def _check_answer(address: str) -> None:
    """Raise a ConnectionError where nothing listens: Ray itself tries for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon:
        try:
            socket.create_connection((host, int(port)), _PATIENCE).close()
        except OSError as error:
            raise ConnectionError(error.strerror or str(error)) from error


def _last_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]


class _Record:
    """artifacts.jsonl, a line a job, written as they are done."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ARTIFACTS
        self._write("w", "")

    def add(self, row: dict[str, Any]) -> None:
        self._write("a", json.dumps({name: row[name] for name in _RECORDED}) + "\n")

    def _write(self, mode: str, line: str) -> None:
        try:
            with self._path.open(mode, encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            raise ExportError(f"output {str(self._path)!r}: {error.strerror or error}") from error
