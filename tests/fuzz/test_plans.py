"""Random plans on NumPy and on the device, by every kind of program and with more and fewer units."""

from __future__ import annotations

from collections import Counter

import pytest

from engines.image_core.planning.entries import Adjust, Stack
from engines.image_core.planning.instructions import Pop, program
from tests.fuzz.plan_checking import plan_faults
from tests.fuzz.plans import random_plan

CASES = 200
_AT_ONCE = 25


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("first", range(0, CASES, _AT_ONCE))
def test_random_plans_are_the_same_bytes_whatever_draws_them(first: int) -> None:
    """The number is the first of 25 seeds: `random_plan(seed)` is the plan. Nothing stays in use."""
    assert plan_faults(range(first, first + _AT_ONCE)) == []


def test_the_plans_have_every_kind_of_entry() -> None:
    """Stacks of each start, with and without keeping alpha, masked and faded; adjustments; deep ones."""
    counts: Counter[str] = Counter()
    for seed in range(2 * CASES):
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
