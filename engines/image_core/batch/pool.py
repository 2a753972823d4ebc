"""The worker processes of a batch: tasks handed out, outcomes taken in, crashed ones replaced."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import connection, resource_tracker
from types import TracebackType
from typing import Self

from engines.image_core.batch.worker import Outcome, Setting, Task, remove_unfinished, work
from engines.image_core.errors import DeviceError

__all__ = ["Pool"]

_TRIES = 2  # how often a task is given to a worker
_STARTS = 3  # how many workers in a row may end before they are ready
_PATIENCE = 10.0  # seconds that a worker has to close its device in


class Pool:
    """Processes that render, one task at a time each. Outside its `with` there are none."""

    def __init__(self, workers: int, setting: Setting) -> None:
        self._setting = setting
        self._failed_starts = 0
        self._again: deque[Task] = deque()
        self._workers: list[_Worker] = []
        try:
            for _ in range(workers):
                self._workers.append(_Worker(setting))
        except BaseException:
            self._end(kill=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(kill=kind is not None)

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """What became of tasks, in any order; as many are in flight as there are workers.

        A task is taken from the iterator only when a worker is free for it. When a worker crashes, another
        takes its place and its task, once; crashed twice, the task has failed.

        Raises:
            BackendUnavailableError: the backend that was asked for cannot run here.
            DeviceError: workers end before they are ready.
        """
        crashed: set[str] = set()  # names of tasks that a worker crashed with
        more = True
        while True:
            for worker in self._workers:
                if worker.ready and worker.task is None and (self._again or more):
                    task = self._again.popleft() if self._again else next(tasks, None)
                    more = more and task is not None
                    worker.give(task)
            if not more and not self._again and all(worker.task is None for worker in self._workers):
                return
            for worker in self._reporting():
                task, outcome = worker.take()
                if worker.crashed:
                    outcome = self._replace(worker, task, crashed)
                if task is not None and outcome is not None:
                    crashed.discard(task.job.name)
                    yield task, outcome

    def _reporting(self) -> list[_Worker]:
        ready = connection.wait([worker.connection for worker in self._workers])
        return [worker for worker in self._workers if worker.connection in ready]

    def _replace(self, worker: _Worker, task: Task | None, crashed: set[str]) -> Outcome | None:
        """Start another worker; the outcome of its task if that is not tried again."""
        worker.end(kill=True)
        ended = _ending(worker.exit_code)
        self._failed_starts = 0 if worker.ready else self._failed_starts + 1
        if self._failed_starts == _STARTS:
            raise DeviceError(f"{_STARTS} workers in a row {ended} before they were ready")
        self._workers[self._workers.index(worker)] = _Worker(self._setting)
        if task is None:
            return None
        remove_unfinished(task, self._setting)
        if task.job.name in crashed:
            return Outcome("failed", f"the worker {ended} while rendering this, {_TRIES} times")
        crashed.add(task.job.name)
        self._again.append(task)
        return None

    def _end(self, kill: bool) -> None:
        for worker in self._workers:  # all are told before one is waited for
            worker.connection.close()
        for worker in self._workers:
            worker.end(kill or not worker.ready)  # one that is still starting has nothing to lose
            if worker.task is not None:
                remove_unfinished(worker.task, self._setting)


class _Worker:
    """A process and our end of its connection."""

    def __init__(self, setting: Setting) -> None:
        spawn = multiprocessing.get_context("spawn")  # a GL context does not survive a fork
        self.connection, theirs = spawn.Pipe()
        self.task: Task | None = None
        self.ready = False
        self.crashed = False
        self._process = spawn.Process(target=work, args=(theirs, setting), name="image-core batch")
        # Ctrl-C goes to the whole terminal; workers finish what they have, so they start with it blocked.
        # The tracker is started before, for its start unblocks it.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()  # so that the process's end is the connection's

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def give(self, task: Task | None) -> None:
        """Hand out a task; None is none."""
        self.task = task
        if task is not None:
            with suppress(OSError):  # it has just crashed: `take` sees it
                self.connection.send(task)

    def take(self) -> tuple[Task | None, Outcome | None]:
        """What it has to say: of its task the outcome, or nothing when it got ready or crashed."""
        task, self.task = self.task, None
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            self.crashed = True
            return task, None
        if isinstance(message, Exception):
            raise message
        self.ready = True
        return task, message

    def end(self, kill: bool) -> None:
        """Wait until the process is gone."""
        self.connection.close()
        if kill:
            self._process.kill()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-exit_code).name}"
    return f"ended with status {exit_code}"
