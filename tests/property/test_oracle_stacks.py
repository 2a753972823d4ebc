"""Random stacks against exact W3C compositing in float64: within one 8-bit step, everywhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.image_core import BlendMode, Renderer
from engines.image_core.models import LayerPath
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.planning.planner import Sources, make_plan
from engines.image_core.rendering.rendered import Planned
from tests import oracle
from tests.parity.support import ANY_SOURCE, composed, noise

SIDE = 48

STEADY = [mode for mode in BlendMode if mode not in oracle.UNSTEADY]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    stack=st.lists(
        st.tuples(st.sampled_from(STEADY), st.floats(0, 1), st.booleans()), min_size=1, max_size=12
    ),
    background=st.integers(0, 2**32 - 1),
    seed=st.integers(0, 2**31),
)
def test_a_stack_is_within_one_step_of_exact_compositing(
    numpy_renderer: Renderer, stack: list[tuple[BlendMode, float, bool]], background: int, seed: int
) -> None:
    """Modes that enlarge nothing, any opacities and alphas; colour counts where there is alpha to show it."""
    layers = [
        {"type": "raster", "source": ANY_SOURCE, "blend_mode": mode, "opacity": opacity}
        for mode, opacity, _ in stack
    ]
    images: dict[LayerPath, DecodedImage] = {
        (index,): noise(seed + index, SIDE, SIDE, opaque=opaque) for index, (_, _, opaque) in enumerate(stack)
    }
    color = f"#{background:08x}"
    composition = composed(SIDE, SIDE, layers, color)
    plan = make_plan(composition, Sources(images, {}))
    actual = numpy_renderer.draw(Planned(composition, plan, {})).pixels

    channels = np.array(list(bytes.fromhex(color[1:]))) / 255
    exact_color = np.broadcast_to(channels[:3], (SIDE, SIDE, 3))
    exact_alpha = np.full((SIDE, SIDE, 1), channels[3])
    for index, (mode, opacity, _) in enumerate(stack):
        source = images[index,].pixels / 255
        exact_color, exact_alpha = oracle.composite(
            exact_color, exact_alpha, source[..., :3], source[..., 3:] * opacity, mode.value
        )
    assert np.abs(actual[..., 3:] - exact_alpha * 255).max() <= 1
    premultiplied = actual[..., :3] * (actual[..., 3:] / 255)
    assert np.abs(premultiplied - exact_color * exact_alpha * 255).max() <= 1


@pytest.mark.parametrize("layers", [20, 60])
def test_errors_do_not_add_up_in_deep_stacks(numpy_renderer: Renderer, layers: int) -> None:
    """Many half-transparent layers over an opaque backdrop stay within one step."""
    modes = STEADY
    described = [
        {"type": "raster", "source": ANY_SOURCE, "blend_mode": modes[i % len(modes)], "opacity": 0.5}
        for i in range(layers)
    ]
    images: dict[LayerPath, DecodedImage] = {(i,): noise(i, SIDE, SIDE) for i in range(layers)}
    composition = composed(SIDE, SIDE, described, "#406080")
    plan = make_plan(composition, Sources(images, {}))
    actual = numpy_renderer.draw(Planned(composition, plan, {})).pixels
    color = np.broadcast_to(np.array([0x40, 0x60, 0x80]) / 255, (SIDE, SIDE, 3))
    alpha = np.ones((SIDE, SIDE, 1))
    for i in range(layers):
        source = images[i,].pixels / 255
        mode = modes[i % len(modes)].value
        color, alpha = oracle.composite(color, alpha, source[..., :3], source[..., 3:] * 0.5, mode)
    assert np.abs(actual[..., :3] - color * 255).max() <= 1
