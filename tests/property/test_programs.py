"""A Compose as a program, and how it is cut into runs: nothing is lost, nor read where it is not there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pytest

from engines.image_core.planning.entries import Compose, Layer, Stack
from engines.image_core.planning.instructions import Draw, Instruction, Pop, Push, program
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.runs import Needs, Run, cut
from engines.image_core.planning.steps import Raster
from engines.image_core.reference import evaluate
from tests.fuzz.plans import random_plan
from tests.parity.support import noise

SEEDS = range(2000, 2150)

BACKGROUND, NOTHING = 1, 2
"""What level 0 and what another is before anything is drawn on it."""

Fits = Callable[[Needs], bool]


def _limits(seed: int) -> Fits:
    """What fits within random limits."""
    rng = random.Random(seed)
    instructions, images, planes = rng.choice((1, 2, 3, 5, 24)), rng.randint(1, 4), rng.randint(1, 3)
    levels, ops = rng.choice((3, 3, 4, 8)), rng.choice((2, 6))
    return lambda needs: (
        needs.instructions <= instructions
        and needs.images <= images
        and needs.planes <= planes
        and needs.levels_read + needs.levels_written <= levels
        and needs.color_ops <= ops
    )


def _needs(run: Run) -> Needs:
    """What a run holds, counted by itself."""
    steps = {id(step): step for step in run.steps()}
    planes = sum(step.plane for step in steps.values())
    ops = sum(len(draw.entry.color_ops) for draw in run.instructions if isinstance(draw, Draw))
    levels = len(run.read), len(run.written)
    return Needs(len(run.instructions), len(steps) - planes, planes, *levels, ops)


def _execute(instructions: Iterable[Instruction], levels: dict[int, int], stored: Mapping[int, int]) -> None:
    """Run instructions on levels that are told apart by numbers: alike are those that the same was drawn on.

    A level that is not at hand is as it began. So it must be, none that was stored.
    """

    def at_hand(number: int) -> int:
        if number not in levels:
            assert number not in stored, f"level {number} was stored and is not read"
            levels[number] = NOTHING if number else BACKGROUND
        return levels[number]

    for step in instructions:
        match step:
            case Draw():
                levels[step.level] = hash((id(step), at_hand(step.level)))
            case Push():
                # A backdrop that is known to be nothing need not be at hand: the level is nothing as well.
                through = step.stack.start == "backdrop" and step.known != "nothing"
                levels[step.level] = at_hand(step.level - 1) if through else NOTHING
            case Pop():
                levels[step.level - 1] = hash((id(step), at_hand(step.level), at_hand(step.level - 1)))
                del levels[step.level]
                stored = {number: value for number, value in stored.items() if number != step.level}


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_one_after_another_are_the_program(seed: int) -> None:
    """Each instruction once and in its place; only a program of nothing has a run of nothing."""
    instructions = program(random_plan(seed).root)
    runs = cut(instructions, _limits(seed))
    assert [id(step) for run in runs for step in run.instructions] == [id(step) for step in instructions]
    assert instructions == [] or all(run.instructions for run in runs)
    assert len(runs) == 1 or instructions


@pytest.mark.parametrize("seed", SEEDS)
def test_each_run_fits(seed: int) -> None:
    """Or it has one instruction, of which there is no less."""
    fits = _limits(seed)
    for run in cut(program(random_plan(seed).root), fits):
        assert fits(_needs(run)) or len(run.instructions) == 1


@pytest.mark.parametrize("most", [1, 3, 7])
@pytest.mark.parametrize("seed", range(2000, 2020))
def test_there_are_no_more_runs_than_there_must_be(seed: int, most: int) -> None:
    """Of seven instructions at most: a seventh of the program's, rounded up."""
    instructions = program(random_plan(seed).root)
    runs = cut(instructions, lambda needs: needs.instructions <= most)
    assert len(runs) == max(1, -(-len(instructions) // most))


@pytest.mark.parametrize("seed", SEEDS)
def test_cut_up_a_program_comes_to_the_same(seed: int) -> None:
    """A run has the levels that it reads, which earlier ones wrote and none has ended since, and no others;
    what it does not write is forgotten. In the end level 0 is what it is in one run, and it alone is open."""
    instructions = program(random_plan(seed).root)
    whole: dict[int, int] = {}
    _execute(instructions, whole, {})
    stored: dict[int, int] = {}
    runs = cut(instructions, _limits(seed))
    for run in runs:
        levels = {number: stored[number] for number in run.read}
        _execute(run.instructions, levels, stored)
        stored = {number: value for number, value in stored.items() if number not in run.ended}
        stored |= {number: levels.get(number, BACKGROUND) for number in run.written}
    assert runs[-1].written == [0]
    assert stored == {0: whole.get(0, BACKGROUND)}


@pytest.mark.parametrize("seed", SEEDS)
def test_however_a_program_is_cut_numpy_draws_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored between runs loses nothing."""
    plan = random_plan(seed)
    whole = evaluate(plan)
    monkeypatch.setattr("engines.image_core.reference.compose._fits", _limits(seed))
    assert np.array_equal(evaluate(plan), whole)


def test_a_level_that_nothing_is_drawn_on_is_not_stored() -> None:
    """It begins anew in the run that draws on it, or ends as it began."""
    layer = Layer(Raster(noise(1, 2, 2)), 0, 0)
    canvas = Compose(2, 2, (0, 0, 0, 0), (layer, Stack((layer,)), Stack(())))
    runs = cut(program(canvas), lambda needs: needs.instructions <= 1)
    assert [run.written for run in runs] == [[0], [], [1], [0], [], [0]]
    assert [sorted(run.read) for run in runs] == [[], [], [], [0, 1], [], [0]]


def test_a_thousand_stacks_in_one_another_are_drawn() -> None:
    """No call goes as deep as stacks lie in stacks, and each has a level of its own."""
    image = Raster(noise(1, 2, 2, opaque=True))
    entry: Layer | Stack = Layer(image, 0, 0)
    for _ in range(1500):
        entry = Stack((entry,))
    canvas = Compose(2, 2, (0, 0, 0, 0), (entry,))
    assert [step.level for step in program(canvas)][1499:1502] == [1500, 1500, 1500]
    pixels = evaluate(Plan(canvas, ""))
    assert np.array_equal(pixels, image.image.pixels)
