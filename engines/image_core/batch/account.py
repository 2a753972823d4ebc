"""How far a batch is, and what is told of each of its jobs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from engines.image_core.backend import log
from engines.image_core.batch.jobs import BadJob, Job
from engines.image_core.batch.ledger import Ledger

__all__ = ["Account", "Tally"]


@dataclass
class Tally:
    """How far a batch is.

    Attributes:
        rendered, unchanged, failed: numbers of jobs; unchanged ones were finished by an earlier batch.
        interrupted: whether it was stopped before the end of its jobs.
        seconds: since it began.
        devices: rendered jobs by backend and device.
        fallbacks: those that NumPy rendered because OpenGL could not, by the reason.
    """

    rendered: int = 0
    unchanged: int = 0
    failed: int = 0
    interrupted: bool = False
    seconds: float = 0.0
    devices: Counter[str] = field(default_factory=Counter)
    fallbacks: Counter[str] = field(default_factory=Counter)

    @property
    def jobs(self) -> int:
        """How many jobs are behind it."""
        return self.rendered + self.unchanged + self.failed


class Account:
    """A batch's tally, kept as its jobs end.

    Args:
        ledger: where failures are written.
        progress: called after each job.
    """

    def __init__(self, ledger: Ledger, progress: Callable[[Tally], None]) -> None:
        self.tally = Tally()
        self._ledger = ledger
        self._progress = progress
        self._started = time.perf_counter()

    def startable(self, jobs: Iterable[Job | BadJob], stopped: Callable[[], bool]) -> Iterator[Job]:
        """The jobs that can be begun, until `stopped` is true; the others have failed."""
        for job in jobs:
            if stopped():
                self.tally.interrupted = True
                return
            if isinstance(job, BadJob):
                self.failed(job.name, job.output, job.error)
            elif not self._ledger.claim(job.output):
                self.failed(
                    job.name, job.output, f"output {job.output!r}: an earlier job of this batch has it"
                )
            else:
                yield job

    def failed(self, job: str, output: str | None, error: str) -> None:
        """A job ended in an error."""
        self._ledger.failed(job, output, error)
        self.tally.failed += 1
        self._told()

    def unchanged(self) -> None:
        """A job was finished before."""
        self.tally.unchanged += 1
        self._told()

    def rendered(self, device: str, fallback: str = "") -> None:
        """A job was rendered. fallback: why NumPy did it where OpenGL could not; the log has each once."""
        self.tally.rendered += 1
        self.tally.devices[device] += 1
        if fallback:
            if fallback not in self.tally.fallbacks:
                log.warning("rendering falls back from OpenGL to NumPy: %s", fallback)
            self.tally.fallbacks[fallback] += 1
        self._told()

    def closed(self) -> Tally:
        """The tally at the end."""
        self.tally.seconds = time.perf_counter() - self._started
        return self.tally

    def _told(self) -> None:
        self.tally.seconds = time.perf_counter() - self._started
        self._progress(self.tally)
