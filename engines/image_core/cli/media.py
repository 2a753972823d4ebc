"""The commands `image-core media verify` and `image-core media gc`: the upkeep of a media store.

They are an operator's: they see the assets and artifacts of every tenant and env. Beside the exit statuses of
every command, `verify` ends with 1 when it found a fault.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engines.image_core.cli.support import (
    AsJson,
    BlobUrl,
    DatabaseUrl,
    DataDir,
    Verbose,
    print_json,
    reporting,
    say,
)
from engines.media_v2 import Blob, MediaService, StorageError

__all__ = ["app"]

FAULTY = 1

app = typer.Typer(no_args_is_help=True, help="Look after a media store, across all tenants.")


@app.command()
def verify(
    data: DataDir = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Read every asset and artifact of every tenant back, and say which are missing or damaged.

    The exit status is 0 only if none is.
    """
    with reporting(verbose):
        checked, faults = 0, []
        with _open(data, database_url, blob_url) as media:
            for finding in media.verify():
                checked += 1
                if finding.fault is not None:
                    faults.append(asdict(finding))
                    if not as_json:
                        say(finding.fault)
        if as_json:
            print_json({"checked": checked, "faults": faults})
        else:
            outcome = f"{len(faults):,} missing or damaged" if faults else "all well"
            say(f"assets and artifacts read: {checked:,}, {outcome}")
    if faults:
        raise typer.Exit(FAULTY)


@app.command()
def gc(
    data: DataDir = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    delete: Annotated[bool, typer.Option("--delete", help="Remove them.")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """List, and with --delete remove, the blobs of every tenant that no asset or artifact refers to.

    A registration that died half-way leaves such a blob. Those younger than a day are left alone: one may be
    a registration under way.
    """
    with reporting(verbose):
        with _open(data, database_url, blob_url) as media:
            blobs = media.collect_garbage(delete=delete)
        size = sum(blob.size_bytes for blob in blobs)
        if as_json:
            print_json({"deleted": delete, "size_bytes": size, "blobs": [_report(blob) for blob in blobs]})
            return
        for blob in blobs:
            say(f"{blob.key}: {blob.size_bytes:,} bytes of {blob.modified_at:%Y-%m-%d %H:%M:%S} UTC")
        fate = "removed" if delete else "to remove with --delete"
        say(f"blobs without a row: {len(blobs):,}, {size:,} bytes {fate}")


def _open(data: Path | None, database_url: str | None, blob_url: str | None) -> MediaService:
    """Open a store that is there: a mistyped folder is not an empty store in which all is well."""
    if data is not None and not data.is_dir():
        raise StorageError(f"data folder {data}: there is none")
    return MediaService.open(data, database_url=database_url, blob_url=blob_url)


def _report(blob: Blob) -> dict[str, object]:
    return asdict(blob) | {"modified_at": blob.modified_at.isoformat()}
