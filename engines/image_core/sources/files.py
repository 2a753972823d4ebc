"""Local files named by a composition: read only where the caller allowed it, and never from outside."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import MAX_FILE_BYTES

__all__ = ["FileRoot", "FileVersion", "file_version"]

_SETTLED_NS = 2_000_000_000
"""How long ago a file must have changed for its times to tell that it has not changed since: a tick of the
coarsest clock that file systems have, FAT's."""


class FileVersion(NamedTuple):
    """What tells a file from another, and from itself after a change.

    Whoever writes a file may set its time of modification back, but not that of its change of status (ctime).
    """

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int


def file_version(status: os.stat_result) -> FileVersion | None:
    """What a file of this status is known by.

    None where the file changed less than two seconds ago: another change could come within one tick of the
    file system's clock, and leave all that is looked at here as it is.
    """
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    if time.time_ns() - changed < _SETTLED_NS:
        return None
    return FileVersion(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True)
class FileRoot:
    """The folder local paths may name files in; None allows no local path at all.

    POSIX only: the folders are opened one below the other without following links, so a link swapped in
    between the check and the opening is refused, not followed.
    """

    root: Path | None

    def read(self, path: str, label: str, most: int | None = None) -> bytes:
        """The bytes of a regular file inside the root.

        A relative path starts at the root. An absolute path, `..` and symbolic links are fine as long as
        the file they come to lies inside the root.

        Args:
            path: as written in the composition.
            label: how messages name the layer.
            most: how many bytes it may have, by default MAX_FILE_BYTES.

        Raises:
            SourceError: local paths are not allowed here; the file is missing, outside the root, not a
                regular file, unreadable, or larger than that. What lies outside the root is
                reported as outside whether it exists or not.
        """
        with self._file(path, label) as (descriptor, name):
            return _read_bounded(descriptor, name, MAX_FILE_BYTES if most is None else most)

    def version(self, path: str, label: str) -> FileVersion | None:
        """What a file has to be read again for when it changes, as `file_version` tells it; it is opened and
        not read.

        Raises:
            SourceError: as `read`, but for the file's size.
        """
        with self._file(path, label) as (descriptor, _):
            status = os.fstat(descriptor)
        return file_version(status)

    @contextmanager
    def _file(self, path: str, label: str) -> Iterator[tuple[int, str]]:
        """A descriptor of the file, found to be allowed, and how messages name it."""
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
            with _opened_below(base, os.path.relpath(target, base), name) as descriptor:
                yield descriptor, name
        except ValueError as error:  # a NUL, or a character no file name can hold
            raise SourceError(f"{name} is not a possible file name") from error
        except OSError as error:
            raise SourceError(f"{name} {_reason(error)}") from error


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read ({error.strerror})"


@contextmanager
def _opened_below(base: str, relative: str, name: str) -> Iterator[int]:
    """Open base/relative, whose links are resolved already, following none that appeared since."""
    *folders, last = Path(relative).parts or (".",)
    with _opened(base, os.O_DIRECTORY) as top, _descended(top, folders) as folder:
        # Looked at before it is opened: opening a device can have effects, opening a FIFO can block.
        if not stat.S_ISREG(os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode):
            raise SourceError(f"{name} is not a regular file")
        with _opened(last, os.O_NONBLOCK, folder) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError(f"{name} is not a regular file")
            yield descriptor


def _read_bounded(descriptor: int, name: str, most: int) -> bytes:
    size = os.fstat(descriptor).st_size
    if size <= most:
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(most + 1)  # it may grow meanwhile
        size = max(size, len(data))
    if size > most:
        raise SourceError(f"{name} is too large: {size} bytes, allowed are {most}")
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
