"""Stacks of decoded pictures: compositing alone, and with their upload and the readback of the canvas."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from engines.image_core.backend import Evaluated, GLBackend, NumpyBackend
from engines.image_core.conformance.comparison import compare
from engines.image_core.planning.planner import Plan
from tests.bench.floor import copy_rates, floor_ms
from tests.bench.stacks import HD, UHD_8K, Kind, make_stack
from tests.bench.timing import Samples, spread, stopwatch
from tests.device.pictures import layer_picture
from tests.device.settings import Clock, Settings, opened

__all__ = ["five_layers", "ten_layers"]

_KEEP_BYTES = 2 << 30
"""More than the layers of any stack here."""


def five_layers(**settings: Any) -> dict[str, Any]:
    """Five translucent layers of five modes, 1920x1080."""
    return _measured(Settings(**settings), "translucent", 5, HD)


def ten_layers(**settings: Any) -> dict[str, Any]:
    """Nine cut-outs over an opaque picture, 7680x4320; to be quick, 1920x1080."""
    told = Settings(**settings)
    return _measured(told, "cut-outs", 10, HD if told.quick else UHD_8K)


def _measured(settings: Settings, kind: Kind, count: int, size: tuple[int, int]) -> dict[str, Any]:
    """The "stack", its "floor_ms", and the samples "kept" (the layers are on the device) and "uploaded"."""
    clock = Clock(settings.seconds)
    stack = make_stack(kind, count, size=size, picture=layer_picture)
    plan = stack.plan()
    with opened(settings, _KEEP_BYTES) as backend:
        bandwidth = spread(copy_rates(backend, settings.rounds)).median
        expected = NumpyBackend("to compare with").evaluate(plan).pixels
        drawn = backend.evaluate(plan)
        assert backend.evaluate(plan).layers["misses"] == 0, "all layers are kept on the device"
        kept = _timed(backend, plan, settings.rounds, Clock(clock.left / 2))
    with opened(settings) as backend:
        backend.evaluate(plan)
        uploaded = _timed(backend, plan, settings.rounds, clock)
    result = {
        "device": settings.device,
        "stack": stack.name,
        "floor_ms": floor_ms(stack, bandwidth),
        "kept": asdict(kept),
        "uploaded": asdict(uploaded),
    }
    if not np.array_equal(expected, drawn.pixels):
        result["fault"] = f"{stack.name}: not as NumPy draws it: {compare(expected, drawn.pixels)}"
    return result


def _timed(backend: GLBackend, plan: Plan, rounds: int, clock: Clock) -> Samples:
    samples = Samples()
    for _ in clock.rounds(rounds):
        drawn: Evaluated = stopwatch(partial(backend.evaluate, plan), samples)
        samples.add_stages(drawn.timings)
        del drawn  # freed here, not in the next one's time
    return samples
