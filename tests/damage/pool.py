"""Cases in processes of their own, with bounds on memory and time: a crash or a hang is told."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

__all__ = ["Outcome", "run"]

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class Outcome:
    """What became of a case: the lines it told, and what must not be."""

    case: Any
    told: list[str] = field(default_factory=list)
    fault: str = ""
    seconds: float = 0.0
    peak_mib: float = 0.0


def run(
    check: Callable[[Any], list[str]],
    cases: Iterable[Any],
    tell: Callable[[Outcome], None],
    *,
    jobs: int,
    memory: int,
    seconds: float,
) -> None:
    """Have `check` called with each case, and `tell` with each outcome.

    Args:
        check: Of a module, by its name; returns the lines it told. It may raise nothing, and write nothing
            to standard error.
        cases: What can be pickled.
        tell: Called in the order in which cases end, by one thread at a time.
        jobs: Processes at once.
        memory: Bytes of address space of each.
        seconds: A case may take.
    """
    left, lock = iter(cases), threading.Lock()

    def work() -> None:
        worker = None
        while True:
            with lock:
                case = next(left, None)
            if case is None:
                break
            worker = worker or _Worker(check, memory)
            outcome = worker.outcome(case, seconds)
            if not worker.process.is_alive():
                worker = None
            with lock:
                tell(outcome)
        if worker is not None:
            worker.end()

    threads = [threading.Thread(target=work) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class _Worker:
    def __init__(self, check: Callable[[Any], list[str]], memory: int) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_serve, args=(theirs, check, memory), daemon=True)
        self.process.start()
        theirs.close()
        assert self.connection.recv() == "ready"

    def outcome(self, case: Any, seconds: float) -> Outcome:
        self.connection.send(case)
        if not self.connection.poll(seconds):
            self.end()
            return Outcome(case, fault=f"takes more than {seconds:g} seconds", seconds=seconds)
        try:
            outcome: Outcome = self.connection.recv()
        except EOFError:
            self.process.join()
            return Outcome(case, fault=f"the process ended with {self.process.exitcode}")
        return outcome

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(connection: Connection, check: Callable[[Any], list[str]], memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error")
    with tempfile.TemporaryFile() as written, contextlib.suppress(EOFError):
        os.dup2(written.fileno(), sys.stderr.fileno())
        connection.send("ready")
        while True:
            connection.send(_tried(check, connection.recv(), written))


def _tried(check: Callable[[Any], list[str]], case: Any, written: Any) -> Outcome:
    outcome = Outcome(case)
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    started = time.monotonic()
    try:
        outcome.told = check(case)
    except BaseException as error:  # whatever it is, it is what must not be
        outcome.fault = f"raises {type(error).__name__}: {error}"
    outcome.seconds = time.monotonic() - started
    status = Path("/proc/self/status").read_text()
    outcome.peak_mib = (
        next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    )
    sys.stderr.flush()
    written.seek(0)
    if noise := written.read():
        outcome.fault = outcome.fault or f"writes {noise[:300]!r}"
        written.truncate(0)
        written.seek(0)
    return outcome
