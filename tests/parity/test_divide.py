"""Division in GLSL, which goes through floats, against that of integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.gl import open_device
from engines.image_core.gl.device import Device
from engines.image_core.gl.programs import shader_root
from engines.image_core.numbers.fixed import ONE, divide

AT_ONCE = 64
PROGRAM = """
#version 430
layout(local_size_x = 64) in;
%s
layout(std430, binding = 0) buffer Pairs { ivec2 pairs[]; };
void main() {
    ivec2 pair = pairs[gl_GlobalInvocationID.x];
    pairs[gl_GlobalInvocationID.x].x = %s(pair.x, pair.y);
}
"""


def _divided(function: str, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int32]:
    """function(a, b) of the shaders, of arrays of one shape: flat."""
    pairs = np.stack([a, b], axis=-1).reshape(-1, 2)
    padded = np.concatenate([pairs, np.ones((-len(pairs) % AT_ONCE, 2), np.int32)])
    device = open_device()
    try:
        return device.run(lambda: _run(device, function, padded))[: len(pairs)]
    finally:
        device.close()


def _run(device: Device, function: str, pairs: NDArray[np.int32]) -> NDArray[np.int32]:
    """function(pairs[i, 0], pairs[i, 1]); as many pairs as groups of 64 hold."""
    context: Any = device.context
    fixed = (shader_root() / "lib" / "fixed.glsl").read_text(encoding="utf-8")
    text = PROGRAM.strip() % (fixed, function)
    program = context.compute_shader(text)
    buffer = context.buffer(pairs.tobytes())
    buffer.bind_to_storage_buffer(0)
    program.run(len(pairs) // AT_ONCE)
    context.memory_barrier()
    made = np.frombuffer(buffer.read(), np.int32).reshape(-1, 2)[:, 0]
    buffer.release()
    program.release()
    device.check("dividing")
    return made


@pytest.mark.usefixtures("gl_renderer")
def test_a_device_divides_as_integers_do() -> None:
    """Every b below 2 ONE - 1 with what lies about 0, b / 2 and b, and where the remainder is smallest or
    largest: a quotient of floats might fall to the wrong side there."""
    b = np.arange(1, 2 * ONE - 1, dtype=np.int32)[:, None]
    quotients = np.random.default_rng(0).integers(0, ONE, (len(b), 20))
    # The a with which (a << 15) + (b >> 1) is nearest to a multiple of b.
    beside = (quotients * b - (b >> 1)) >> 15
    a = np.concatenate([beside, beside + 1, b // 2 + [-1, 0, 1], b - [0, 1, 2, 3], 0 * b + [0, 1, 2]], axis=1)
    a = np.clip(a, 0, b).astype(np.int32)
    b = np.broadcast_to(b, a.shape)
    made = _divided("divide", a, b)
    assert np.array_equal(made, divide(a.reshape(-1), np.ascontiguousarray(b).reshape(-1)))


@pytest.mark.usefixtures("gl_renderer")
def test_a_device_s_means_are_those_of_integers() -> None:
    """Every side of a box with the sums about its multiples, where a quotient of floats might be one less or
    more."""
    side = np.arange(1, 251, dtype=np.int32)[:, None]
    multiples = np.concatenate([np.arange(0, ONE + 1, 37), [ONE - 1, ONE]]).astype(np.int32) * side
    total = np.concatenate([np.maximum(multiples - 1, 0), multiples, multiples + side // 2], axis=1)
    side = np.broadcast_to(side, total.shape)
    assert np.array_equal(_divided("quotient", total, side), (total // side).reshape(-1))
