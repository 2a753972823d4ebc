"""The first render of a stack whose shape the device has not met, compiling included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any

from engines.image_core.backend import GLBackend
from tests.bench.end_to_end import first_renders
from tests.bench.stacks import make_stack
from tests.bench.timing import Samples, stopwatch
from tests.device.pictures import layer_picture
from tests.device.settings import Clock, Settings, opened

__all__ = ["CONTENDERS", "first_render"]


@contextmanager
def _specialised(told: Settings) -> Iterator[GLBackend]:
    """A backend that waits for a program of its own for each shape."""
    with opened(told) as backend:
        backend.prefer("specialised")
        yield backend


@contextmanager
def _warm(told: Settings) -> Iterator[GLBackend]:
    """A backend as a service opens it: the general program draws what is new, and is compiled before."""
    with opened(told) as backend:
        backend.warm()
        yield backend


CONTENDERS: dict[str, Callable[[Settings], AbstractContextManager[GLBackend]]] = {
    "a program of its own": _specialised,
    "the general program": _warm,
}
"""The ways to draw a stack, by name, each a function that opens a backend which draws in this way."""


def first_render(**settings: Any) -> dict[str, Any]:
    """Five translucent layers, 1920x1080: "first", their modes in a new order each round, and "again", the
    same order; for each way to draw them."""
    told = Settings(**settings)
    clock = Clock(told.seconds)
    ways = {}
    for name, open_way in CONTENDERS.items():
        with open_way(told) as backend:
            again = _again(backend, told.rounds, clock)
            first = first_renders(backend, told.rounds, layer_picture)
        ways[name] = {"first": asdict(first), "again": asdict(again)}
    return {"device": told.device, "ways": ways}


def _again(backend: GLBackend, rounds: int, clock: Clock) -> Samples:
    samples = Samples()
    plan = make_stack("translucent", 5, picture=layer_picture).plan()
    backend.evaluate(plan)
    for _ in clock.rounds(rounds):
        samples.add_stages(stopwatch(partial(backend.evaluate, plan), samples).timings)
    return samples
