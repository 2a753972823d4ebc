"""Gradient fills and patterns: both backends, and the integer root that one of them takes through floats."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.gl import open_device
from engines.image_core.gl.device import Device
from engines.image_core.gl.programs import shader_root
from engines.image_core.numbers.gradients import RATIO_STEPS, Style, gradient_values
from engines.image_core.numbers.ramps import RAMP_STEPS
from engines.image_core.planning.entries import Compose, Layer
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import ONE, Gradient
from engines.image_core.rendering.rendered import Planned
from tests.parity.inputs import FILL_TRANSFORMS, FILLS, STOPS, filled
from tests.parity.support import Both, composed

STYLES: tuple[Style, ...] = ("linear", "radial", "angle", "reflected", "diamond")


@pytest.mark.parametrize(
    "fill", FILLS, ids=lambda fill: f"{fill.get('style', 'pattern')}-{FILLS.index(fill)}"
)
def test_a_fill_is_the_same_bytes(both: Both, fill: dict[str, Any]) -> None:
    """In a box of whole pixels, however it lies."""
    for transform in FILL_TRANSFORMS:
        both.same_input(filled(fill, transform))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "transform", [{"x": 0.5, "y": 3}, {"rotation": 21, "x": 40}, {"scale": 1e-3}, {"scale": 1e-12}], ids=str
)
def test_a_fill_with_soft_edges_is_the_same_bytes(
    both: Both, style: Style, transform: dict[str, Any]
) -> None:
    """Where the box needs antialiasing the gradient lies within what it covers; filters, masks and modes
    go on from there."""
    fill = {"type": "gradient", "style": style, "stops": STOPS, "angle": 12, "dither": True}
    layer = {"type": "raster", "source": {"color": fill}, "width": 90.5, "height": 41, "transform": transform}
    rect = {"selection": {"type": "ellipse", "points": [[3, 3], [99, 60]]}}
    fancy = {**layer, "mask": rect, "filters": [{"type": "blur", "radius": 2}], "blend_mode": "multiply"}
    both.same_planned(both.numpy.plan(composed(120, 70, [layer, fancy], "#ffffff")))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("bits", [0, 5, 16])
def test_places_far_out_and_in_every_direction_are_the_same_bytes(
    both: Both, style: Style, bits: int
) -> None:
    """Up to 2^30 in each direction, where a product too many would not fit 32 bits."""
    ends = [0, 1, 2, 3, 1000, 65535, 65536, 65537, (1 << 20) - 7, (1 << 29) + 5, (1 << 30) - 1]
    values = np.array([*(-end for end in ends[:0:-1]), *ends], np.int32)
    zero = np.zeros(len(values), np.int32)
    ramp = np.random.default_rng(0).integers(0, ONE + 1, (4, RAMP_STEPS + 1)).astype(np.uint16)
    step = Gradient(style, bits, values, zero, zero, values, ramp)
    root = Compose(step.width, step.height, (0, 0, 0, 0), (Layer(step, 0, 0),))
    both.same_planned(Planned(composed(9, 9, []), Plan(root, ""), {}))


def test_an_angle_is_known_to_half_a_step() -> None:
    """All around, on circles of several sizes: the ramp tells the angle in 2^-14 turns."""
    ramp = np.broadcast_to(np.arange(RAMP_STEPS + 1, dtype=np.uint16), (4, RAMP_STEPS + 1))
    for radius in (50_000, 3_000_000, 1_000_000_000):
        turns = np.arange(3600) / 3600 + 1e-5
        u, v = (
            np.round(radius * wave(2 * np.pi * turns)).astype(np.int32)[None] for wave in (np.cos, np.sin)
        )
        told = gradient_values("angle", 16, u, v, ramp)[0, 0] / RAMP_STEPS
        assert (
            np.abs(told - np.arctan2(v, u)[0] / (2 * np.pi) % 1).max()
            < 0.6 / RAMP_STEPS + 1 / RATIO_STEPS / 8
        )


PROGRAM = """
#version 430
layout(local_size_x = 64) in;
#define STYLE 1
const int ONE = 32768;
%s
layout(std430, binding = 0) buffer Numbers { uint numbers[]; };
void main() { numbers[gl_GlobalInvocationID.x] = root(numbers[gl_GlobalInvocationID.x]); }
"""


def _roots(device: Device, numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    context: Any = device.context
    text = (shader_root() / "lib" / "root.glsl").read_text(encoding="utf-8")
    program = context.compute_shader(PROGRAM.strip() % text)
    buffer = context.buffer(numbers.tobytes())
    buffer.bind_to_storage_buffer(0)
    program.run(len(numbers) // 64)
    context.memory_barrier()
    made = np.frombuffer(buffer.read(), np.uint32)
    buffer.release()
    program.release()
    device.check("taking roots")
    return made


@pytest.mark.usefixtures("gl_renderer")
def test_a_device_takes_roots_as_integers_do() -> None:
    """Every square up to 2^31 with its neighbours, where a root of floats might fall to the wrong side."""
    squares = np.arange(46342, dtype=np.int64) ** 2
    numbers = np.concatenate([squares - 1, squares, squares + 1])
    numbers = np.append(numbers[(numbers >= 0) & (numbers <= 1 << 31)], 1 << 31)
    numbers = np.append(numbers, np.zeros(-len(numbers) % 64, np.int64))
    device = open_device()
    try:
        made = device.run(lambda: _roots(device, numbers.astype(np.uint32)))
    finally:
        device.close()
    assert np.array_equal(made, np.sqrt(numbers.astype(np.float64)).astype(np.uint32))
