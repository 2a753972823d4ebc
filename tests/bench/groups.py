"""Groups: two nested ones over a photograph, and what ten of them take of the device's memory."""

from __future__ import annotations

from functools import partial

from engines.image_core.backend import Backend, GLBackend, open_backend
from engines.image_core.composition.blending import BlendMode
from engines.image_core.planning.entries import Compose, Entry, Layer, Stack
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import ONE, Step
from tests.bench.stacks import HD, make_stack
from tests.bench.timing import Samples, stopwatch

__all__ = ["group_memory", "nested_groups"]

GROUPS = 10
FADED = ONE * 7 // 10


def nested_groups(backend: Backend, rounds: int) -> Samples:
    """A layer and a group of two in a group, over a photograph, 1920x1080; layers are kept, groups not."""
    samples = Samples()
    photos = _photos(4)
    for number in range(rounds + 2):
        inner = _group(Layer(photos[2], 0, 0), Layer(photos[3], 0, 0, opacity=FADED - number))
        outer = _group(Layer(photos[1], 0, 0), inner, blend=BlendMode.OVERLAY)
        plan = Plan(_composed(Layer(photos[0], 0, 0), outer), "")
        if number < 2:  # programs are compiled, and pictures uploaded
            backend.evaluate(plan)
        else:
            samples.add_stages(stopwatch(partial(backend.evaluate, plan), samples).timings)
    return samples


def group_memory() -> int:
    """The most bytes of textures at once for ten groups of two photographs each, 1920x1080."""
    photos = _photos(4)
    groups = [
        _group(Layer(photos[i % 4], 0, 0, opacity=FADED), Layer(photos[(i + 1) % 4], 0, 0, opacity=FADED))
        for i in range(GROUPS)
    ]
    backend = open_backend("gl")
    assert isinstance(backend, GLBackend)
    backend.evaluate(Plan(_composed(Layer(photos[0], 0, 0), *groups), ""))
    peak = backend.peak_texture_bytes
    backend.close()
    return peak


def _photos(count: int) -> list[Step]:
    entries = make_stack("translucent", count).plan().root.entries
    return [entry.image for entry in entries if isinstance(entry, Layer)]


def _group(*entries: Entry, blend: BlendMode = BlendMode.NORMAL) -> Stack:
    return Stack(entries, opacity=FADED, blend=blend)


def _composed(*entries: Entry) -> Compose:
    return Compose(*HD, (0, 0, 0, 0), entries)
