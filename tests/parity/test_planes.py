"""Planes of images, combined, averaged, grown, lit, grainy and coloured: equal on both backends."""

from __future__ import annotations

import numpy as np
import pytest

from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.ramps import RAMP_STEPS
from engines.image_core.planning.entries import Compose, Coverage, Layer
from engines.image_core.planning.planes import Alpha, Box, Combine, Grain, Grow, Part, Relief
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.steps import Colored, MaskRaster, Raster, Solid, Step
from engines.image_core.rendering.rendered import Planned
from tests.parity.support import Both, composed, decoded, decoded_mask, noise


def _shape(seed: int) -> MaskRaster:
    """Noise with holes, and a part that is full."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 256, (33, 41)) * (rng.random((33, 41)) < 0.3)
    values[5:12, 20:31] = 255
    return MaskRaster(decoded_mask(values.astype(np.uint8)))


def _steps() -> dict[str, Step]:
    image = Raster(noise(3, 33, 28))
    alpha = Alpha(image)
    flat = Raster(decoded(np.dstack([np.zeros((9, 9, 3), np.uint8), np.full((9, 9), 255, np.uint8)])))
    made: dict[str, Step] = {
        "alpha": alpha,
        "alpha-15": Alpha(Compose(28, 33, (0, 0, 0, 0), (Layer(image, 3, -2, opacity=20000),))),
        "alpha-opaque": Alpha(flat),
        "difference": Combine(40, 30, (Part(alpha, 3, 1), Part(_shape(8), -2, 4, True)), "difference"),
    }
    for side in (1, 2, 9, 64, 250):
        made[f"box-{side}"] = Box(60, 47, _shape(4), side, -side // 2, 1 - side)
    for radius in (0, 1, 9000, 3 * ONE + 5, 60 * ONE):
        made[f"grow-{radius}"] = Grow(70, 58, _shape(4), radius, -20, -9)
        made[f"grow-alpha-{radius}"] = Grow(20, 90, alpha, radius, 4, -30)
    made["grow-falling"] = Grow(70, 58, _shape(4), 11 * ONE, -20, -9, 7)
    made["grow-chamfer"] = Grow(70, 58, _shape(4), 7 * ONE + 300, -20, -9, metric="chamfer")
    lights = (0, 0, ONE), (ONE, 0, 0), (-20000, 15000, 21192), (23170, 23170, 0)
    for index, light in enumerate(lights):
        for scale, shift in ((16384, 1), (-32767, 9), (20001, 14)):
            source = _shape(4) if index % 2 else alpha
            made[f"relief-{index}-{shift}"] = Relief(60, 47, source, -5, -4, scale, shift, light)
    for amount in (0, 9999, ONE):
        made[f"grain-{amount}"] = Grain(alpha if amount else _shape(5), amount, -7, 12_000)
    return made


@pytest.mark.parametrize("bits", [8, 15])
def test_a_plane_s_colours_are_the_same_on_both_backends(both: Both, bits: int) -> None:
    """Of a ramp of any colours."""
    ramp = np.random.default_rng(1).integers(0, ONE + 1, (4, RAMP_STEPS + 1)).astype(np.uint16)
    image = Colored(_shape(3) if bits == 8 else Alpha(Raster(noise(3, 33, 28))), ramp)
    root = Compose(image.width, image.height, (0, 0, 0, 0), (Layer(image, 0, 0),))
    both.same_planned(Planned(composed(9, 9, []), Plan(root, ""), {}))


@pytest.mark.parametrize("name", list(_steps()))
def test_a_plane_is_the_same_on_both_backends(both: Both, name: str) -> None:
    """Seen as the mask of a colour."""
    plane = _steps()[name]
    shown = Layer(Solid(plane.width, plane.height, (ONE, ONE // 3, 0, ONE)), 0, 0, mask=Coverage(plane, 0, 0))
    root = Compose(plane.width, plane.height, (0, 0, 0, 0), (shown,))
    both.same_planned(Planned(composed(9, 9, []), Plan(root, ""), {}))
