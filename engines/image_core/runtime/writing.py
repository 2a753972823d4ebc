"""Files that a command writes: whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engines.image_core.errors import ExportError

__all__ = ["check_writable", "make_folder", "unfinished_name", "write_file"]


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


def unfinished_name() -> str:
    """A name that no other file has, for one that is being written."""
    return f".{secrets.token_hex(8)}.part"


def write_file(path: Path, data: bytes, unfinished: str | None = None) -> None:
    """Write a file under a name of its own, then rename it: readers see the old file or the new, never half.

    Args:
        path: its name in the end.
        data: what is in it.
        unfinished: its name, in the same folder, until then. Whoever gives it can remove what is left of a
            process that was killed meanwhile.

    Raises:
        ExportError: as `check_writable`, or the file cannot be written; nothing is left behind then.
    """
    check_writable(path)
    part = path.with_name(unfinished or unfinished_name())
    try:
        with _telling(path):
            part.write_bytes(data)
            os.replace(part, path)
    finally:
        with suppress(OSError):  # after the rename there is nothing to remove
            part.unlink(missing_ok=True)


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
