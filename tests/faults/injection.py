"""Faults of the machine around a render: killed and starved workers, full disks, an S3 server in trouble."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

from engines.image_core import DeviceError
from tests.parts import require_part

__all__ = [
    "MOMENTS",
    "Armed",
    "Disk",
    "Moment",
    "fail_device_once",
    "kill",
    "limit_memory",
    "small_disk",
    "stall_half_way",
]

Moment: TypeAlias = Literal["half-way", "before the rename", "after the rename"]
MOMENTS: tuple[Moment, ...] = ("half-way", "before the rename", "after the rename")
"""When, while an output is written."""


class Armed:
    """A value that, in the worker it is sent to, sets a fault up before it is there."""

    def __init__(self, value: object, setup: Callable[..., None], *args: object) -> None:
        self._parts = (value, setup, args)

    def __reduce__(self) -> tuple[Any, ...]:
        return _set_up, self._parts


def _set_up(value: object, setup: Callable[..., None], args: tuple[object, ...]) -> object:
    setup(*args)
    return value


def limit_memory(further_bytes: int) -> None:
    """Let this process have no more memory than it has now and so many bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + further_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))


def kill(moment: Moment, once: Path | None = None) -> None:
    """Have this process killed while it writes its output. once: a file that one makes and others heed."""

    def die() -> None:
        if once is not None:
            once.touch()
        os.kill(os.getpid(), signal.SIGKILL)

    if once is None or not once.exists():
        _while_writing(moment, die)


def stall_half_way() -> None:
    """Have this process write half of its output and then no more."""
    _while_writing("half-way", lambda: time.sleep(600))


def fail_device_once() -> None:
    """Have the next render of this process fail on OpenGL."""
    from engines.image_core import gl

    evaluate = gl.evaluate

    def fail(*_: object) -> None:
        gl.evaluate = evaluate
        raise DeviceError("no memory left")

    gl.evaluate = fail  # type: ignore[assignment]


def _while_writing(moment: Moment, happen: Callable[[], None]) -> None:
    write_bytes, replace = Path.write_bytes, os.replace

    def half_written(path: Path, data: bytes) -> None:
        write_bytes(path, data[: len(data) // 2])
        happen()

    def replaced(source: Path, target: Path) -> None:
        if moment == "after the rename":
            replace(source, target)
        happen()

    if moment == "half-way":
        Path.write_bytes = half_written  # type: ignore[assignment, method-assign]
    else:
        os.replace = replaced  # type: ignore[assignment]


@contextmanager
def small_disk(folder: Path, kibibytes: int) -> Iterator[Disk]:
    """A file system of so many KiB on a folder that is made: a part of the machine (`tests.parts`)."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and not subprocess.run(mount, capture_output=True, check=False).returncode
    require_part("mount", bool(mounted), "a small disk to fill can be mounted by root alone")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class Disk:
    """A mounted disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, free: int) -> None:
        """Take all room but so many bytes."""
        status = os.statvfs(self.folder)
        self._filler.write_bytes(bytes(max(0, status.f_bavail * status.f_frsize - free)))

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink()
