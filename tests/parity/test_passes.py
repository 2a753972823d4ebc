"""Passes on the device: what they may have bound and hold, and stacks that are cut between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engines.image_core.composition.blending import BlendMode
from engines.image_core.gl import Choice, Device, Session, choosing, evaluate, open_device
from engines.image_core.gl.compose import fits
from engines.image_core.gl.session import Units
from engines.image_core.gl.textures import Texture
from engines.image_core.numbers.kernels import gaussian_kernel
from engines.image_core.planning.entries import Adjust, Compose, Coverage, Entry, Layer, Matrix, Stack
from engines.image_core.planning.instructions import program
from engines.image_core.planning.options import Options
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.runs import cut
from engines.image_core.planning.steps import ONE, Blur, MaskRaster, Raster
from engines.image_core.reference import evaluate as evaluate_with_numpy
from tests.parity.support import decoded_mask, noise

SIDE = 20


@pytest.fixture
def device(gl_renderer: object) -> Iterator[Device]:
    """The first OpenGL device, in a context of its own."""
    opened = open_device()
    yield opened
    opened.close()


def _image(seed: int) -> Raster:
    return Raster(noise(seed, SIDE, SIDE))


def _mask(seed: int) -> Coverage:
    values = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    return Coverage(MaskRaster(decoded_mask(values)), 0, 0)


def _agree(
    device: Device, *entries: Entry, choice: Choice = "general", units: Units | None = None
) -> Session:
    """Fail unless entries have the same bytes on both backends; the session that drew them."""
    plan = Plan(Compose(SIDE, SIDE, (9000, 0, ONE, 20000), entries), "")
    session = device.run(lambda: Session(device, choice=choice, units=units))
    actual, _, _ = device.run(lambda: evaluate(session, plan))
    expected = evaluate_with_numpy(plan)
    assert np.array_equal(actual, expected)
    assert session.textures.live == 0
    return session


@pytest.mark.parametrize(("before", "between"), [(14, 0), (0, 6)], ids=["its end", "its beginning"])
def test_a_stack_in_two_places_may_be_whole_in_a_pass_and_cut_in_the_same(
    device: Device, before: int, between: int
) -> None:
    """One object twice: a pass, of 24 instructions, has one of the two whole and of the other its end, or its
    beginning."""
    layers = [Layer(_image(number), 3 * number, 2, opacity=20000) for number in (0, 1)] * 5
    stack = Stack(tuple(layers), opacity=20000, blend=BlendMode.SCREEN)
    session = _agree(device, *(layers * 2)[:before], stack, *layers[:between], stack, choice="specialised")
    assert session.passes["specialised"] == 2


def test_a_knockout_onto_a_level_on_which_nothing_has_been_drawn(device: Device) -> None:
    """A pass has the end of one group and the beginning of another, both cut out of the one they lie in, down
    to an empty level that the pass before began and the next one ends: nobody has stored anything of it."""
    layers = tuple(Layer(_image(number), 3 * number, 2, opacity=20000) for number in range(2)) * 13
    cut_out = Stack(layers, options=Options(knockout="shallow"), opacity=20000)
    through = Stack((cut_out, cut_out), start="backdrop", opacity=25000)
    session = _agree(device, Stack((through,), opacity=30000), choice="specialised")
    assert session.passes["specialised"] == 3


@pytest.mark.parametrize("textures", [6, 8])
def test_the_general_program_has_no_more_textures_bound_than_a_pass_may(
    device: Device, monkeypatch: pytest.MonkeyPatch, textures: int
) -> None:
    """Four blurred images and as many masks are read as textures: with fewer than eight units a program of
    their own takes them, whose units are counted when the passes are cut."""
    most = 0
    bind = Texture.bind_sampler

    def counted(self: Texture, unit: int) -> None:
        nonlocal most
        most = max(most, unit + 1)
        bind(self, unit)

    monkeypatch.setattr(Texture, "bind_sampler", counted)
    kernel = gaussian_kernel(0.5)
    blurred = [Blur(SIDE, SIDE, _image(number), kernel, 0, 0) for number in range(4)]
    entries = [Layer(image, 0, 0, mask=_mask(index)) for index, image in enumerate(blurred)]
    session = _agree(device, *entries, units=Units(images=4, textures=textures))
    assert most <= textures
    assert session.passes["general"] == (textures == 8)


def test_a_pass_holds_a_bounded_number_of_colour_operations() -> None:
    """Twenty adjustments of forty matrices each have 7,200 numbers; a device has room for some thousand."""
    matrix = Matrix((12000, 4000, 384, 0, 16384, 0, 500, 500, 15384))
    step = Compose(SIDE, SIDE, (0, 0, 0, 0), (Adjust((matrix,) * 40),) * 20)
    session: Any = SimpleNamespace(units=Units(images=8, textures=16))
    runs = cut(program(step), lambda needs: fits(session, needs))
    assert len(runs) == 20


def test_the_general_program_calls_a_mode_by_its_identifier() -> None:
    """A mode with a hyphen in its name has a shader and a function with an underscore."""
    text = choosing.blending(frozenset({"by channel"}))
    assert '#include "blend/soft_light.glsl"' in text
    assert "blend_soft_light(cb, cs)" in text
    assert "soft-light" not in text


def test_the_general_program_has_later_modes_only_where_a_run_has_one_of_their_kind() -> None:
    """Those of the first suite always; four programs are all there are of a shape."""
    first, channels, colors = (
        {mode for mode in BlendMode if f"blend/{mode.identifier}.glsl" in choosing.blending(frozenset(kinds))}
        for kinds in ((), ("by channel",), ("of colours",))
    )
    assert {mode.facts.suite for mode in first} == {1}
    assert channels | colors == {*BlendMode}
    assert channels & colors == first
    assert not any(mode.facts.separable for mode in colors - first)
