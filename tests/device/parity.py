"""The device against NumPy, byte for byte: what the parity tests draw, then random trees of the fuzzer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from engines.image_core import ImageCoreError, Renderer
from engines.image_core.conformance.comparison import compare
from tests.device.settings import Clock, Settings, require
from tests.fuzz.differential import Checker
from tests.fuzz.trees import random_fields
from tests.parity.inputs import all_inputs
from tests.parity.support import Input

__all__ = ["parity"]

_TREES = 2000
_FIRST_TREE = 1_000_000
"""Beyond those that `make fuzz` draws."""

_QUICK_STEP, _QUICK_TREES = 40, 10


def parity(**settings: Any) -> dict[str, Any]:
    """Draw on both.

    Returns:
        "inputs" and "trees", how many were drawn until all were or the time was up, and "differing": a line
        for each that came out otherwise or could not be drawn.
    """
    told = Settings(**settings)
    clock = Clock(told.seconds)
    differing: list[str] = []
    inputs = _inputs(told, Clock(told.seconds / 2), differing)
    trees = _trees(told, clock, differing)
    result = {"device": told.device, "inputs": inputs, "trees": trees, "differing": differing}
    if differing:
        result["fault"] = f"{len(differing)} of {inputs + trees} differ, first {differing[0]}"
    return result


def _inputs(settings: Settings, clock: Clock, differing: list[str]) -> int:
    drawn = 0
    step = _QUICK_STEP if settings.quick else 1
    with Renderer("gl", device_index=settings.index, cache_bytes=0) as gl, Renderer("numpy") as numpy:
        for name, given in _while_time(clock, islice(all_inputs(), 0, None, step)):
            fault = _fault(settings, gl, numpy, given)
            drawn += 1
            if fault:
                differing.append(f"{name}: {fault}")
    return drawn


def _fault(settings: Settings, gl: Renderer, numpy: Renderer, given: Input) -> str:
    planned = given.planned()
    expected = numpy.draw(planned).pixels
    try:
        image = gl.draw(planned)
    except ImageCoreError as error:
        return str(error)
    require(settings, image.device)
    return "" if np.array_equal(expected, image.pixels) else str(compare(expected, image.pixels))


def _trees(settings: Settings, clock: Clock, differing: list[str]) -> int:
    drawn = 0
    with Checker(settings.index) as checker:
        last = _FIRST_TREE + (_QUICK_TREES if settings.quick else _TREES)
        for seed in _while_time(clock, iter(range(_FIRST_TREE, last))):
            fault = checker.fault(random_fields(seed))
            drawn += 1
            if fault:
                differing.append(f"tree {seed}: {fault}")
    return drawn


def _while_time(clock: Clock, things: Iterator[Any]) -> Iterator[Any]:
    for thing in things:
        if clock.left <= 0:
            return
        yield thing
