"""Local files named by a composition: read only where the caller allowed it, and never from outside."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engines.image_core.errors import SourceError

__all__ = ["MAX_FILE_BYTES", "FileRoot"]

MAX_FILE_BYTES = 1 << 30
"""The largest file read: 1 GiB."""


@dataclass(frozen=True)
class FileRoot:
    """The folder local paths may name files in; None allows no local path at all.

    POSIX only: the folders are opened one below the other without following links, so a link swapped in
    between the check and the opening is refused, not followed.
    """

    root: Path | None

    def read(self, path: str, label: str) -> bytes:
        """The bytes of a regular file inside the root.

        A relative path starts at the root. An absolute path, `..` and symbolic links are fine as long as
        the file they come to lies inside the root.

        Args:
            path: as written in the composition.
            label: how messages name the layer.

        Raises:
            SourceError: local paths are not allowed here; the file is missing, outside the root, not a
                regular file, unreadable, or larger than MAX_FILE_BYTES. What lies outside the root is
                reported as outside whether it exists or not.
        """
        if self.root is None:
            raise SourceError(
                f"{label}: the local file {path!r} is not allowed here: "
                "a renderer reads local files only below the folder given as its root"
            )
        name = f"{label}: the file {path!r}"
        try:
            base = os.path.realpath(self.root)
            target = os.path.realpath(os.path.join(base, path))
            if os.path.commonpath([base, target]) != base:
                raise SourceError(f"{name} lies outside the allowed folder")
            return _read_below(base, os.path.relpath(target, base), name)
        except ValueError as error:  # a NUL, or a character no file name can hold
            raise SourceError(f"{name} is not a possible file name") from error
        except OSError as error:
            raise SourceError(f"{name} {_reason(error)}") from error


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read ({error.strerror})"


def _read_below(base: str, relative: str, name: str) -> bytes:
    """Read base/relative, whose links are resolved already, following none that appeared since."""
    *folders, last = Path(relative).parts or (".",)
    with _opened(base, os.O_DIRECTORY) as top, _descended(top, folders) as folder:
        # Looked at before it is opened: opening a device can have effects, opening a FIFO can block.
        if not stat.S_ISREG(os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode):
            raise SourceError(f"{name} is not a regular file")
        with _opened(last, os.O_NONBLOCK, folder) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError(f"{name} is not a regular file")
            return _read_bounded(descriptor, name)


def _read_bounded(descriptor: int, name: str) -> bytes:
    size = os.fstat(descriptor).st_size
    if size <= MAX_FILE_BYTES:
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_FILE_BYTES + 1)  # it may grow meanwhile
        size = max(size, len(data))
    if size > MAX_FILE_BYTES:
        raise SourceError(f"{name} is too large: {size} bytes, allowed are {MAX_FILE_BYTES}")
    return data


@contextmanager
def _descended(top: int, folders: list[str]) -> Iterator[int]:
    """A descriptor of the folder at the end of a chain of folders."""
    if not folders:
        yield top
        return
    with _opened(folders[0], os.O_DIRECTORY, top) as below, _descended(below, folders[1:]) as last:
        yield last


@contextmanager
def _opened(path: str, flags: int, folder: int | None = None) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
