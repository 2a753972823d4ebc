"""Evaluates a graph of steps, whatever its values are: arrays for one backend, textures for the other.

A step that several others read is made once, and its value is dropped after the last of them has read it.
What a Compose reads is asked for by the Compose itself, a part at a time, for a long one reads more than fits
at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from engines.image_core.planning.entries import Compose
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.steps import Step
from engines.image_core.runtime.limits import Clock, untimed

__all__ = ["Evaluation", "Values"]

T = TypeVar("T")


class Values(Protocol[T]):
    """What a backend does for an evaluation. Values are known by the digest of their step."""

    def make(self, step: Step, inputs: list[T], evaluation: Evaluation[T]) -> T:
        """The value of a step. inputs: those of its inputs, in order; none for a Compose, which takes what it
        reads from the evaluation."""

    def obtain(self, step: Step, digest: str, make: Callable[[], T]) -> T:
        """The value of what a Compose reads, kept from an earlier plan or made by make()."""

    def drop(self, digest: str, value: T, *, read_by_compose: bool) -> None:
        """A value has been read for the last time in this plan."""


class Evaluation(Generic[T]):
    """One evaluation of a root. `clear` at its end drops what a fault has left over.

    Attributes:
        clock: called before each step, and by a Compose before each part of its work.
    """

    def __init__(self, root: Step, values: Values[T], clock: Clock = untimed) -> None:
        self.clock = clock
        self._root = root
        self._backend = values
        self._values: dict[str, T] = {}
        self._readings: Counter[str] = Counter()
        self._read_by_compose: set[str] = set()
        self._count(root)

    def _count(self, root: Step) -> None:
        """How often each step is read, all of those that read it counted once."""
        seen = {step_digest(root)}
        waiting = [root]
        while waiting:
            step = waiting.pop()
            for below in step.inputs:
                known = step_digest(below)
                self._readings[known] += 1
                if isinstance(step, Compose):
                    self._read_by_compose.add(known)
                if known not in seen:
                    seen.add(known)
                    waiting.append(below)

    def root(self) -> T:
        """The value of the root, which is the caller's."""
        return self._made(self._root)

    @contextmanager
    def reading(self, steps: Iterator[Step]) -> Iterator[dict[str, T]]:
        """The values, by digest, of some of what a Compose reads, each given as often as it is read."""
        read = [(step, step_digest(step)) for step in steps]
        yield {known: self._obtained(step, known) for step, known in read}
        for _, known in read:
            self._release(known)

    def clear(self) -> None:
        """Drop every value that is left."""
        for known in list(self._values):
            self._drop(known)

    def _obtained(self, step: Step, known: str) -> T:
        if known not in self._values:
            made = False

            def make() -> T:
                nonlocal made
                made = True
                return self._made(step)

            self._values[known] = self._backend.obtain(step, known, make)
            if not made:
                self._skip(step)
        return self._values[known]

    def _made(self, root: Step) -> T:
        """The value of a step, after those that it is made of; in a loop, for filters follow on filters."""
        waiting = [root]
        while True:
            step = waiting[-1]
            if step is not root and step_digest(step) in self._values:
                waiting.pop()  # it was asked for twice
                continue
            inputs = () if isinstance(step, Compose) else step.inputs
            missing = [below for below in inputs if step_digest(below) not in self._values]
            if missing:
                self._descend(missing, waiting)
                continue
            waiting.pop()
            if step is root:
                return self._make(step, inputs)
            self._values[step_digest(step)] = self._make(step, inputs)

    def _make(self, step: Step, inputs: tuple[Step, ...]) -> T:
        """One value, of inputs that are there. It refers to them no longer than it must: arrays live as long
        as a name does."""
        self.clock()
        value = self._backend.make(step, [self._values[step_digest(below)] for below in inputs], self)
        for below in inputs:
            self._release(step_digest(below))
        return value

    def _descend(self, missing: list[Step], waiting: list[Step]) -> None:
        for below in missing:
            known = step_digest(below)
            if known in self._read_by_compose:
                self._obtained(below, known)
            else:
                waiting.append(below)

    def _skip(self, step: Step) -> None:
        """A step was not made: what it would have read it has not read."""
        waiting = list(step.inputs)
        while waiting:
            below = waiting.pop()
            known = step_digest(below)
            self._readings[known] -= 1
            if self._readings[known] > 0:
                continue
            if known in self._values:
                self._drop(known)
            else:
                waiting += below.inputs

    def _release(self, known: str) -> None:
        self._readings[known] -= 1
        if self._readings[known] <= 0:
            self._drop(known)

    def _drop(self, known: str) -> None:
        self._backend.drop(known, self._values.pop(known), read_by_compose=known in self._read_by_compose)
