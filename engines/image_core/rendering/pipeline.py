"""Many compositions at once: decoded ahead, drawn in order by one owner of the device, encoded behind.

compositions -> pool of threads: decode, plan
             -> one thread: begin on the device, collect the one before
             -> pool of threads: encode -> results in order
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, Self, TypeAlias, TypeVar

from engines.image_core.models import ImageComposition
from engines.image_core.rendering.rendered import Planned, RenderedImage

__all__ = ["Pipeline"]

T = TypeVar("T")

_AT_THE_DEVICE = 2  # one that it composites and one that is copied back


@dataclass(frozen=True)
class _Job(Generic[T]):
    """A composition on its way: its plan, and what will have become of it."""

    planned: Future[Planned]
    result: Future[T] = field(default_factory=Future)


_Begun: TypeAlias = tuple[_Job[T], Callable[[], RenderedImage]]


class Pipeline(Generic[T]):
    """One run of `Renderer.render_many`. Outside its `with` no thread of it runs.

    plan is called with each composition on one of `workers` threads; begin with each plan, and what that
    gives, on the one that draws; then with each image on one of the threads again.
    """

    def __init__(
        self,
        plan: Callable[[ImageComposition], Planned],
        begin: Callable[[Planned], Callable[[], RenderedImage]],
        then: Callable[[RenderedImage], T],
        workers: int,
    ) -> None:
        self._plan = plan
        self._begin = begin
        self._then = then
        self._in_flight = workers + _AT_THE_DEVICE
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="image-core-many")
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="image-core-draw")
        self._to_draw: SimpleQueue[_Job[T] | None] = SimpleQueue()
        self._stopped = False
        self._failure: Exception | None = None
        self._drawer.submit(self._draw_all)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self._to_draw.put(None)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._drawer.shutdown()
        self._pool.shutdown()

    def run(self, compositions: Iterable[ImageComposition]) -> Iterator[Future[T]]:
        """What becomes of each, in order; what reading them raises comes after those read before."""
        jobs: deque[_Job[T]] = deque()
        for composition in self._read(compositions):
            jobs.append(self._started(composition))
            if len(jobs) == self._in_flight:
                yield jobs.popleft().result
        while jobs:
            yield jobs.popleft().result
        if self._failure is not None:
            raise self._failure

    def _read(self, compositions: Iterable[ImageComposition]) -> Iterator[ImageComposition]:
        try:
            yield from compositions
        except Exception as error:  # told when its turn comes
            self._failure = error

    def _started(self, composition: ImageComposition) -> _Job[T]:
        job: _Job[T] = _Job(self._pool.submit(self._plan, composition))
        self._to_draw.put(job)
        return job

    def _draw_all(self) -> None:
        """Begin each job in its turn, then collect the one before; at once where the next is not planned."""
        begun: _Begun[T] | None = None
        while True:
            if begun and self._to_draw.empty():
                self._collect(begun)
                begun = None
            job = self._to_draw.get()
            if job is None or self._stopped:
                break
            if begun and not job.planned.done():
                self._collect(begun)
                begun = None
            before, begun = begun, self._begun(job)
            if before:
                self._collect(before)
        if begun:
            self._collect(begun)

    def _begun(self, job: _Job[T]) -> _Begun[T] | None:
        try:
            return job, self._begin(job.planned.result())
        except BaseException as error:  # also that its plan was cancelled: whoever waits for the job is told
            job.result.set_exception(error)
            return None

    def _collect(self, begun: _Begun[T]) -> None:
        job, collect = begun
        try:
            self._pool.submit(self._finish, job, collect())
        except BaseException as error:
            job.result.set_exception(error)

    def _finish(self, job: _Job[T], image: RenderedImage) -> None:
        try:
            job.result.set_result(self._then(image))
        except BaseException as error:
            job.result.set_exception(error)
