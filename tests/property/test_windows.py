"""Parts of canvases: a window has the pixels of the whole, and nothing differs outside of what is told."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.entries import Compose, Entry, Layer, Stack
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.windows import changed, sketch, window
from engines.image_core.reference import evaluate
from tests.fuzz.plans import random_plan

SEEDS = 120


def _cut(root: Compose, rng: random.Random) -> Rect:
    left, top = rng.randrange(root.width), rng.randrange(root.height)
    return Rect(left, top, rng.randint(left + 1, root.width), rng.randint(top + 1, root.height))


@pytest.mark.parametrize("first", range(0, SEEDS, 30))
def test_a_window_has_the_pixels_of_the_whole(first: int) -> None:
    """Random plans of every kind of entry, a random part of each."""
    for seed in range(first, first + 30):
        root = random_plan(seed).root
        area = _cut(root, random.Random(seed))
        whole = evaluate(Plan(root, ""))
        part = evaluate(Plan(window(root, area), ""))
        assert np.array_equal(part, whole[area.top : area.bottom, area.left : area.right]), seed


def _varied(entries: tuple[Entry, ...], rng: random.Random) -> tuple[Entry, ...]:
    """Entries of which one is left out, doubled, fainter or elsewhere, or has such a change inside."""
    if not entries:
        return entries
    at = rng.randrange(len(entries))
    entry = entries[at]
    if isinstance(entry, Stack) and rng.random() < 0.7:
        inside = _varied(entry.entries, rng)
        varied: tuple[Entry, ...] = (replace(entry, entries=inside),) if inside else ()
    elif isinstance(entry, Layer) and rng.random() < 0.5:
        varied = (replace(entry, left=entry.left + rng.randint(-5, 5), opacity=rng.randint(1, 32768)),)
    else:
        varied = rng.choice([(), (entry, entry), (replace(entry, opacity=entry.opacity // 2),)])
    return (*entries[:at], *varied, *entries[at + 1 :])


@pytest.mark.parametrize("first", range(0, SEEDS, 30))
def test_nothing_differs_outside_of_what_changed(first: int) -> None:
    """Random plans with one entry changed, at any depth; now and then that is a part of the canvas."""
    parts = 0
    for seed in range(first, first + 30):
        root = random_plan(seed).root
        other = replace(root, entries=_varied(root.entries, random.Random(seed)))
        area = changed(sketch(root), sketch(other))
        differ = (evaluate(Plan(root, "")) != evaluate(Plan(other, ""))).any(axis=2)
        differ[max(0, area.top) : area.bottom, max(0, area.left) : area.right] = False
        assert not differ.any(), seed
        parts += area != Rect(0, 0, root.width, root.height)
    assert parts > 3


def test_a_canvas_is_not_changed_beside_itself() -> None:
    """Two plans made apart of the same seed."""
    for seed in range(20):
        assert changed(sketch(random_plan(seed).root), sketch(random_plan(seed).root)).empty


def test_canvases_of_other_sizes_differ_all_over() -> None:
    """So do those of another background."""
    root = Compose(40, 30, (0, 0, 0, 0), ())
    for other in (replace(root, width=50), replace(root, background=(1, 1, 1, 32768))):
        assert changed(sketch(root), sketch(other)) == Rect(0, 0, other.width, other.height)
