"""Random plans on NumPy and on the device, by every kind of program and with more and fewer units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from engines.image_core import BackendUnavailableError
from engines.image_core.gl import Device, Session, evaluate, open_device
from engines.image_core.gl.session import Choice, Units
from engines.image_core.planning.entries import Adjust, Stack
from engines.image_core.planning.instructions import Pop, program
from engines.image_core.reference.evaluate import evaluate as evaluate_with_numpy
from engines.image_core.runtime.caching import Cache, Tally
from tests.failures import told
from tests.fuzz.plans import random_plan
from tests.parts import require_part

CASES = 400
_AT_ONCE = 50
SESSIONS: dict[str, tuple[Choice, Units | None]] = {
    "general": ("general", None),
    "specialised": ("specialised", None),
    "the fewest units": ("specialised", Units(images=4, textures=3)),
    "eight image units": ("general", Units(images=8, textures=16)),
}


@pytest.fixture(scope="module")
def device() -> Iterator[Device]:
    """The first OpenGL device."""
    try:
        opened = open_device()
    except BackendUnavailableError as error:
        require_part("gl", available=False, why=str(error))
        raise
    yield opened
    opened.close()


@pytest.mark.parametrize("name", SESSIONS)
@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_random_plans_are_the_same_bytes_whatever_draws_them(device: Device, name: str, first: int) -> None:
    """The number is the first of fifty seeds: `random_plan(seed)` is the plan. Nothing stays in use."""
    choice, units = SESSIONS[name]
    session = device.run(lambda: Session(device, choice=choice, units=units))
    for seed in range(first, first + _AT_ONCE):
        plan = random_plan(seed)
        expected = evaluate_with_numpy(plan, Cache(0, lambda _: 0), Tally())
        actual, _, _ = device.run(lambda plan=plan: evaluate(session, plan))  # type: ignore[misc]
        assert (expected == actual).all(), told(f"plan {seed}", expected, actual)
        assert session.textures.live == 0
    device.run(session.release)


def test_the_plans_have_every_kind_of_entry() -> None:
    """Stacks of each start, with and without keeping alpha, masked and faded; adjustments; deep ones."""
    counts: Counter[str] = Counter()
    for seed in range(CASES):
        for instruction in program(random_plan(seed).root):
            if isinstance(instruction, Pop):
                stack: Stack = instruction.stack
                counts[f"{stack.start} {stack.keep_alpha}"] += 1
                counts["masked"] += stack.mask is not None
                counts["deep"] += stack.depth > 2
            else:
                counts["adjusted"] += isinstance(getattr(instruction, "entry", None), Adjust)
    wanted = {
        "nothing False",
        "nothing True",
        "backdrop False",
        "backdrop True",
        "base True",
        "masked",
        "deep",
    }
    assert {name: counts[name] for name in wanted | {"adjusted"} if counts[name] < 10} == {}
