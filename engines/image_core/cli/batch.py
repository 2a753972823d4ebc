"""The command `image-core batch`: many pictures by worker processes."""

from __future__ import annotations

import csv
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, TypedDict

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from typer.core import TyperCommand

from engines.image_core.backend import BackendChoice
from engines.image_core.batch.jobs import BadJob, Job, read_list
from engines.image_core.batch.ledger import FAILURES
from engines.image_core.batch.local import Tally, run_batch
from engines.image_core.batch.rows import is_lines, read_rows
from engines.image_core.cli.inputs import AllVariants, Variants, wanted_variants
from engines.image_core.cli.support import (
    AsJson,
    BlobUrl,
    DamagedProfilesOption,
    DatabaseUrl,
    FontsFolder,
    ProfileOption,
    PsdEnv,
    PsdTenant,
    Verbose,
    print_json,
    read_input,
    reporting,
    say,
)
from engines.image_core.documents.templates import RowTemplate, Template
from engines.image_core.errors import CompositionError, ImageCoreError, SourceError
from engines.image_core.psd.rows import PsdRows
from engines.image_core.psd.template import Profile
from engines.image_core.runtime.processors import cores
from engines.image_core.sources.psd.knowing import is_document
from engines.image_core.sources.raster.icc import DamagedProfiles

__all__ = ["BatchCommand", "batch"]

SOME_FAILED = 1
INTERRUPTED = 130


class BatchCommand(TyperCommand):
    """The command with an option whose value may be left out, which Typer has none of."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """A `--ray` that no value follows has an empty one."""
        following = [*args[1:], "-"]
        pairs = zip(args, following, strict=True)
        whole = ["--ray=" if (arg == "--ray" and next.startswith("-")) else arg for arg, next in pairs]
        return super().parse_args(ctx, whole)


def batch(
    jobs: Annotated[
        Path,
        typer.Argument(
            metavar="JOBS",
            help='The jobs, a line of JSON each: {"composition": {...}, "output": "a.png"}, or'
            ' "composition_path" instead, and "format" where the suffix does not say it. With --data, a'
            " template, or a PSD file. Relative paths in all of them start at its folder, and no file outside"
            " is read.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="The folder of the pictures; made when missing.", show_default=False)
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="ROWS",
            help="A CSV file whose columns are the template's variables or the names of the PSD file's"
            " layers and, where the files shall have names of their own, output. Or a .jsonl file, an object"
            " a row.",
            show_default=False,
        ),
    ] = None,
    variants: Variants = None,
    all_variants: AllVariants = False,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help="How many processes; by default one a core (with --ray a GPU, if any).",
            show_default=False,
        ),
    ] = None,
    backend: Annotated[
        BackendChoice, typer.Option(help="What renders: auto takes a GPU, else Mesa, else NumPy.")
    ] = "auto",
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Leave what is finished and would come out the same; render the rest."),
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="[ADDRESS]",
            help="Render on a Ray cluster, into the media store; without an address the one that runs here,"
            " or one started for this. OUT then gets the artifacts' ids.",
            show_default=False,
        ),
    ] = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    fonts: FontsFolder = None,
    damaged_profiles: DamagedProfilesOption = "error",
    tenant_id: PsdTenant = "local",
    env: PsdEnv = "local",
    profile: ProfileOption = "srgb",
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Render many compositions, or a template with many values, to files of one folder.

    A job that fails is a line in failures.jsonl of the folder and stops nothing: the exit status is then 1.
    Ctrl-C finishes what is in flight and ends with 130; a second one ends at once. --resume goes on.
    With --ray pictures become artifacts of the store; OUT gets artifacts.jsonl.
    """
    with reporting(verbose):
        _check_store(ray, database_url, blob_url, resume)
        template = None if data is None else _template(jobs, (tenant_id, env), profile)
        found = _jobs(jobs, data, template, variants or [], all_variants)
        try:
            with (
                _stopping() as stopped,
                _progress(data or jobs, is_csv=data is not None and not is_lines(data)) as told,
            ):
                shared: _Shared = {
                    "root": jobs.parent,
                    "template": template,
                    "backend": backend,
                    "fonts": fonts,
                    "damaged_profiles": damaged_profiles,
                    "stopped": stopped,
                    "progress": told,
                }
                if ray is None:
                    tally = run_batch(found, out, workers=workers or cores(), resume=resume, **shared)
                else:
                    tally = _run_on_ray(found, out, ray, workers, (database_url, blob_url), shared)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        if as_json:
            written_by = template.locale_data if isinstance(template, Template) else None
            print_json(_report(tally, out) | ({} if written_by is None else {"locale_data": written_by}))
        else:
            say(_line(tally, out))
    if tally.interrupted:
        raise typer.Exit(INTERRUPTED)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)


class _Shared(TypedDict):
    """What both ways to run a batch are given."""

    root: Path
    template: RowTemplate | None
    backend: BackendChoice
    fonts: Path | None
    damaged_profiles: DamagedProfiles
    stopped: Callable[[], bool]
    progress: Callable[[Tally], None]


def _template(path: Path, scope: tuple[str, str], profile: Profile) -> RowTemplate:
    """A template of JSON, or a Photoshop file."""
    data, name = read_input(path, "template")
    return PsdRows(path, *scope, profile) if is_document(data) else Template.from_json(data, name)


def _jobs(
    path: Path, data: Path | None, template: RowTemplate | None, variants: Sequence[str], all_variants: bool
) -> Iterator[Job | BadJob]:
    if data is not None and template is not None:
        return read_rows(data, template, wanted_variants(template, variants, all_variants))
    if variants or all_variants:
        raise CompositionError("--variant and --all-variants are of a template: give its rows by --data")
    return read_list(path)


def _check_store(ray: str | None, database_url: str | None, blob_url: str | None, resume: bool) -> None:
    if ray is None and (database_url is not None or blob_url is not None):
        raise ImageCoreError("--database-url and --blob-url are of --ray: without it pictures go to --out")
    if ray is not None and resume:
        raise ImageCoreError("--resume is not for --ray: what is in the store is not rendered again anyway")


def _run_on_ray(
    jobs: Iterator[Job | BadJob],
    out: Path,
    address: str,
    workers: int | None,
    store: tuple[str | None, str | None],
    shared: _Shared,
) -> Tally:
    from engines.image_core.batch.on_ray import run_on_ray  # an extra: it says so where it is missing

    database_url, blob_url = store
    return run_on_ray(
        jobs, out, address=address, workers=workers, database_url=database_url, blob_url=blob_url, **shared
    )


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; pressed again, it is a KeyboardInterrupt."""
    pressed = False

    def press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(jobs: Path, is_csv: bool) -> Iterator[Callable[[Tally], None]]:
    """A bar on standard error where that is a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=_count(jobs, is_csv), rate="")
        yield lambda tally: progress.update(bar, completed=tally.jobs, rate=_rate(tally))


def _count(jobs: Path, is_csv: bool) -> int | None:
    """How many jobs a file holds, by reading it through once without keeping it; None for faulty CSV."""
    try:
        with jobs.open(encoding="utf-8", errors="replace", newline="") as file:
            if is_csv:
                return max(0, sum(1 for row in csv.reader(file) if row) - 1)
            return sum(1 for line in file if line.strip())
    except csv.Error:
        return None
    except OSError as error:
        raise SourceError(f"jobs {str(jobs)!r}: {error.strerror or error}") from error


def _rate(tally: Tally) -> str:
    return f"{tally.jobs / tally.seconds:.1f} a second"


def _report(tally: Tally, out: Path) -> dict[str, Any]:
    return {
        "out": str(out),
        "jobs": tally.jobs,
        "rendered": tally.rendered,
        "unchanged": tally.unchanged,
        "failed": tally.failed,
        "failures": str(out / FAILURES),
        "interrupted": tally.interrupted,
        "seconds": round(tally.seconds, 3),
        "devices": dict(tally.devices),
        "fallbacks": dict(tally.fallbacks),
    }


def _line(tally: Tally, out: Path) -> str:
    parts = [f"{tally.rendered} rendered"]
    if tally.unchanged:
        parts.append(f"{tally.unchanged} unchanged")
    if tally.failed:
        parts.append(f"{tally.failed} failed (see {out / FAILURES})")
    if tally.interrupted:
        parts.append("interrupted (--resume goes on)")
    devices = " and ".join(tally.devices)
    return f"{out}: {', '.join(parts)}, {_rate(tally)}{f' with {devices}' if devices else ''}"
