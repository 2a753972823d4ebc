"""Files that a command writes: whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engines.image_core.errors import ExportError

__all__ = ["check_writable", "make_folder", "write_file"]


def check_writable(path: Path) -> None:
    """Tell what is wrong with an output's name before any work is done for it.

    Raises:
        ExportError: its folder does not exist, or it names a folder or a device.
    """
    with _telling(path):
        if not path.parent.is_dir():
            raise ExportError(f"output {str(path)!r}: the folder {str(path.parent)!r} does not exist")
        if path.exists() and not path.is_file():
            raise ExportError(f"output {str(path)!r}: it is there and is not a regular file")


def write_file(path: Path, data: bytes) -> None:
    """Write a file under a name of its own, then rename it: readers see the old file or the new, never half.

    Raises:
        ExportError: as `check_writable`, or the file cannot be written; nothing is left behind then.
    """
    check_writable(path)
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with _telling(path):
            unfinished.write_bytes(data)
            os.replace(unfinished, path)
    finally:
        with suppress(OSError):  # after the rename there is nothing to remove
            unfinished.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are missing.

    Raises:
        ExportError: it cannot be made.
    """
    with _telling(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(f"output {str(path)!r}: {error.strerror or error}") from error
