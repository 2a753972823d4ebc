"""The least that compositing could take: the bytes it has to move, over the bandwidth of a plain copy."""

from __future__ import annotations

import time
from typing import Any

from engines.image_core.backend import GLBackend
from tests.bench.stacks import Stack

__all__ = ["copy_rates", "floor_ms"]

_BYTES = 1 << 28


def copy_rates(backend: GLBackend, rounds: int) -> list[float]:
    """Bytes a second that the device reads and writes while it copies a buffer of 256 MiB to another."""
    return backend._device.run(lambda: _measured(backend._device.context, rounds))


def _measured(context: Any, rounds: int) -> list[float]:
    source, target = context.buffer(reserve=_BYTES), context.buffer(reserve=_BYTES)
    rates = []
    for _ in range(rounds + 1):
        context.finish()
        started = time.perf_counter()
        context.copy_buffer(target, source)
        context.finish()
        rates.append(2 * _BYTES / (time.perf_counter() - started))
    source.release()
    target.release()
    return rates[1:]  # the first one touches the memory


def floor_ms(stack: Stack, bytes_a_second: float) -> float:
    """Milliseconds to read every layer's 8-bit pixels once and write the canvas once."""
    width, height = stack.size
    return 1000 * 4 * width * height * (len(stack.photos) + 1) / bytes_a_second
