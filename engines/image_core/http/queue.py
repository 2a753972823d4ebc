"""The one thread that renders, and the bounded queue of what it is to do.

All of a job runs in this thread, from reading its JSON to registering its artifact, one job after another; a
GL context has a thread of its own below it. So a render has the whole machine, memory is that of one render,
and a burst waits in the queue or is told to come back.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from engines.image_core.errors import ImageCoreError

__all__ = ["AbandonedError", "QueueFullError", "RenderQueue"]

_T = TypeVar("_T")

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class QueueFullError(ImageCoreError):
    """As many jobs as the queue holds are waiting or running."""


class AbandonedError(ImageCoreError):
    """The client went away before its job was done."""


class RenderQueue:
    """Runs jobs in one thread, in the order they came.

    Args:
        limit: how many jobs may be in it, the running one included; 1 or more.
        registry: where its metrics are registered; None keeps them to itself.
    """

    def __init__(self, limit: int = 32, registry: CollectorRegistry | None = None) -> None:
        if limit < 1:
            raise ValueError(f"limit: {limit} is not allowed: allowed is 1 or more")
        self.limit = limit
        self._worker: threading.Thread | None = None
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="image-core-render", initializer=self._remember_worker
        )
        self._lock = threading.Lock()
        self._depth = 0
        self._closed = False
        self._began: float | None = None  # of the job that runs
        self._given_up = asyncio.Event()
        self.refusals = Counter(
            "image_core_refusals",
            "Requests refused, by the limit that they passed.",
            ["limit"],
            registry=registry,
        )
        self._jobs = Counter(
            "image_core_jobs",
            "Jobs by what became of them: done, failed, refused (the queue was full), abandoned (the client"
            " went away before its turn).",
            ["job", "outcome"],
            registry=registry,
        )
        self._waited = Histogram(
            "image_core_job_wait_seconds", "Time in the queue.", ["job"], registry=registry, buckets=_SECONDS
        )
        self._ran = Histogram(
            "image_core_job_seconds", "Time of the work itself.", ["job"], registry=registry, buckets=_SECONDS
        )
        Gauge("image_core_queue_depth", "Jobs that wait or run.", registry=registry).set_function(
            lambda: self._depth
        )
        Gauge("image_core_queue_limit", "Jobs that may wait or run.", registry=registry).set(limit)

    @property
    def depth(self) -> int:
        """How many jobs are in it, the running one included."""
        return self._depth

    @property
    def alive(self) -> bool:
        """Whether the thread that renders lives, or has not been needed yet."""
        return self._worker is None or self._worker.is_alive()

    @property
    def running_seconds(self) -> float:
        """For how long the job that runs has run; 0 where none does."""
        began = self._began
        return 0.0 if began is None else time.perf_counter() - began

    async def run(self, name: str, job: Callable[[], _T], request: Request) -> _T:
        """Have a job done for a request whose body has been read.

        When the client goes away before the job's turn, the job leaves the queue undone; one that runs
        already is finished, for what it registers is worth having.

        Args:
            name: which kind of job it is, for the metrics.
            job: what is to be done, in the render thread.
            request: who waits for it.

        Raises:
            QueueFullError: the queue is full, or closed, or was given up before the job was done.
            AbandonedError: the client went away.
            Exception: what the job raises.
        """
        future = self._submit(name, job)
        result = asyncio.wrap_future(future)
        gone = asyncio.ensure_future(_disconnected(request))
        given_up = asyncio.ensure_future(self._given_up.wait())
        try:
            await asyncio.wait((result, gone, given_up), return_when=asyncio.FIRST_COMPLETED)
            if result.done():
                return await result
            if given_up.done():
                raise QueueFullError("the server ends before this is rendered: come back later")
            raise AbandonedError("the client went away")
        finally:
            gone.cancel()
            given_up.cancel()
            result.cancel()  # a job that waits still is taken out of the queue; one that runs is not stopped

    @property
    def given_up(self) -> bool:
        """Whether it was given up."""
        return self._given_up.is_set()

    def give_up(self) -> None:
        """Have all who wait told that the server ends; jobs that wait are not done. Called in the event loop.
        `close` no longer waits for the one that runs."""
        with self._lock:
            self._closed = True
        self._given_up.set()

    def close(self) -> None:
        """Take no more jobs, and return when those in the queue are done."""
        with self._lock:
            self._closed = True
        self._thread.shutdown(wait=not self._given_up.is_set(), cancel_futures=self._given_up.is_set())

    def _remember_worker(self) -> None:
        self._worker = threading.current_thread()

    def _submit(self, name: str, job: Callable[[], _T]) -> Future[_T]:
        with self._lock:
            if self._closed or self._depth >= self.limit:
                self._jobs.labels(name, "refused").inc()
                self.refusals.labels("queue").inc()
                raise QueueFullError(
                    f"as many renders as the queue holds, {self.limit}, wait: come back later"
                )
            self._depth += 1
            future = self._thread.submit(self._measured, name, job, time.perf_counter())
        future.add_done_callback(lambda done: self._leave(name, done))
        return future

    def _measured(self, name: str, job: Callable[[], _T], queued: float) -> _T:
        self._began = started = time.perf_counter()
        self._waited.labels(name).observe(started - queued)
        try:
            return job()
        finally:
            self._began = None
            self._ran.labels(name).observe(time.perf_counter() - started)

    def _leave(self, name: str, done: Future[_T]) -> None:
        """Give the place in the queue back, whatever became of the job."""
        with self._lock:
            self._depth -= 1
        outcome = "abandoned" if done.cancelled() else "failed" if done.exception() else "done"
        self._jobs.labels(name, outcome).inc()


async def _disconnected(request: Request) -> None:
    """Return when the client is gone. Only for requests whose body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
