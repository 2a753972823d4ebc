"""What a batch leaves beside its pictures: which are done, and which failed."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from engines.image_core.errors import ExportError
from engines.image_core.runtime.writing import make_folder

__all__ = ["FAILURES", "STATE", "Ledger", "stamp"]

STATE = ".batch.jsonl"
FAILURES = "failures.jsonl"


def stamp(pipeline_hash: str, format: str, sha256: str) -> str:
    """What a finished picture is known by: its plan, its format and its file's bytes."""
    return f"{pipeline_hash}:{format}:{sha256}"


class Ledger:
    """The two files of a batch, each a line of JSON an entry, written as things happen.

    Not to hold the names of a long list, it keeps 16 bytes of their hash: about 100 bytes of memory a job,
    and 300 more for each finished one that is resumed from.

    Args:
        folder: where the batch's pictures are; made when missing.
        resume: keep what an earlier batch recorded as finished; otherwise it is forgotten.

    Raises:
        ExportError: the folder cannot be written, or another batch is writing to it.
    """

    def __init__(self, folder: Path, resume: bool) -> None:
        make_folder(folder)
        self._files = ExitStack()
        self._seen: set[bytes] = set()
        try:
            self._state = self._files.enter_context((folder / STATE).open("a+", encoding="utf-8"))
            self._lock(folder)
            if not resume:
                self._state.truncate(0)
            self._finished = _finished(self._state)
            self._failures = self._files.enter_context((folder / FAILURES).open("w", encoding="utf-8"))
        except OSError as error:
            self._close()
            raise ExportError(f"output {str(folder)!r}: {error.strerror or error}") from error
        except ExportError:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def claim(self, output: str) -> bool:
        """Whether no job of this batch had this output before."""
        key = _key(output)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def finished(self, output: str) -> str | None:
        """The stamp an earlier batch recorded for an output."""
        return self._finished.get(_key(output))

    def done(self, output: str, format: str, pipeline_hash: str, sha256: str) -> None:
        """Record a picture that was written."""
        record = {"output": output, "format": format, "pipeline_hash": pipeline_hash, "sha256": sha256}
        _append(self._state, record)

    def failed(self, job: str, output: str | None, error: str) -> None:
        """Record a job that failed."""
        _append(self._failures, {"job": job, "output": output, "error": error})

    def _close(self) -> None:
        with suppress(OSError):  # of a line that a full disk did not take, which was told when it was written
            self._files.close()

    def _lock(self, folder: Path) -> None:
        try:
            fcntl.flock(self._state, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportError(f"output {str(folder)!r}: another batch is writing to this folder") from error


def _key(output: str) -> bytes:
    return blake2b(output.encode(), digest_size=16).digest()


def _append(file: IO[str], record: Mapping[str, str | None]) -> None:
    try:
        file.write(json.dumps(record) + "\n")
        file.flush()
    except OSError as error:
        raise ExportError(f"output {str(file.name)!r}: {error.strerror or error}") from error


def _finished(state: IO[str]) -> dict[bytes, str]:
    """The last stamp of each output. A line that is not whole, for a batch was killed while it wrote it, is
    passed over: its picture is rendered again."""
    stamps = {}
    state.seek(0)
    line = "\n"
    for line in state:
        try:
            record = json.loads(line)
            stamps[_key(record["output"])] = stamp(
                record["pipeline_hash"], record["format"], record["sha256"]
            )
        except (ValueError, KeyError, TypeError):
            continue
    state.seek(0, os.SEEK_END)
    if not line.endswith("\n"):
        state.write("\n")
    return stamps
