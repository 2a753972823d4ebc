"""`image-core serve` as a process of its own, with NumPy and on a free port."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["COMMAND", "Process", "running"]

COMMAND = [sys.executable, "-c", "from engines.image_core.cli.main import main; main()", "serve"]


@dataclass(frozen=True)
class Process:
    """A server that listens at `url`."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def terminate(self) -> None:
        """Tell it to end as a service manager does."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """The same, and its exit status."""
        self.terminate()
        return self.process.wait(30)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Process]:
    """A server that serves; it is killed on the way out. folder: for its log and its store."""
    given = ["--port", "0", "--data", str(folder / "data"), "--backend", "numpy", *options]
    path = folder / "log"
    with path.open("w") as log:
        process = subprocess.Popen(COMMAND + given, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        url = re.match(r"http://127\.0\.0\.1:[0-9]+", said)
        assert url is not None, (said, path.read_text())
        yield Process(process, url[0], path)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
