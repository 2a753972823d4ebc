"""Polygons made one, held to winding numbers of points."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.sources.vector import crossing
from engines.image_core.sources.vector.uniting import Inside, united

Ints = NDArray[np.int64]

SQUARE = np.array([(0, 0), (100, 0), (100, 100), (0, 100)], np.int64)


def wound(rings: list[Ints], points: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """The winding numbers of points, and how far from all edges they are."""
    numbers, near = np.zeros(len(points), np.int64), np.full(len(points), np.inf)
    for ring in rings:
        for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            along, moved = end - start, points - start
            level = (points[:, 1] >= min(start[1], end[1])) & (points[:, 1] < max(start[1], end[1]))
            side = along[0] * moved[:, 1] - along[1] * moved[:, 0]
            down = bool(end[1] > start[1])
            numbers += np.where(level & (side < 0 if down else side > 0), 1 if down else -1, 0)
            part = np.clip(moved @ along / max(int(along @ along), 1), 0, 1)
            near = np.minimum(near, np.hypot(*(moved - part[:, None] * along).T))
    return numbers, near


def area(rings: list[Ints]) -> int:
    """Twice the area, below 0 where polygons turn as their inside lies to the right, y upwards."""
    return sum(
        int((ring[:, 0] * np.roll(ring[:, 1], -1) - np.roll(ring[:, 0], -1) * ring[:, 1]).sum())
        for ring in rings
    )


@pytest.mark.parametrize("span", [400_000, 200, 12])
@pytest.mark.parametrize("seed", range(40))
def test_they_enclose_what_is_wound_around(seed: int, span: int) -> None:
    """Once, and nothing else; on a coarse grid, where edges lie on edges and on corners, as on a fine one."""
    rng = np.random.default_rng((seed, span))
    grid = int(rng.choice([max(span // 8, 1), 1]))
    count = rng.integers(1, 6)
    rings = [rng.integers(0, span // grid + 1, (rng.integers(1, 9), 2)) * grid for _ in range(count)]
    points = rng.integers(0, span + 1, (300, 2))
    numbers, near = wound(rings, points)
    found = united(rings)
    once, _ = wound(found, points)
    clear = near > 2  # cuts are rounded to the grid
    assert np.array_equal(numbers[clear] != 0, once[clear] == 1)
    assert np.isin(once[clear], (0, 1)).all()
    assert area(found) <= 0


@pytest.mark.parametrize("rule", [lambda number: number % 2 == 1, lambda number: number >= 2])
@pytest.mark.parametrize("seed", range(20))
def test_other_rules_say_what_is_inside(seed: int, rule: Inside) -> None:
    """By the winding numbers, whose sign is that of polygons which turn as those that are returned."""
    rng = np.random.default_rng(seed)
    rings = [rng.integers(0, 400_000, (7, 2)) for _ in range(3)]
    points = rng.integers(0, 400_000, (300, 2))
    numbers, near = wound(rings, points)
    once, _ = wound(united(rings, inside=rule), points)
    assert np.array_equal(rule(numbers[near > 2]), once[near > 2] == 1)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_one_stays_as_it_is(seed: int) -> None:
    """United again, nothing is cut any more."""
    rng = np.random.default_rng(seed)
    once = united([rng.integers(0, 4096 * 100, (9, 2)) for _ in range(3)])
    again = united(once)
    assert (len(again), area(again)) == (len(once), area(once))
    assert sorted(map(len, again)) == sorted(map(len, once))


def test_borders_that_are_shared_vanish() -> None:
    """Two squares beside each other are an oblong; the same twice is one; at a corner they stay two."""
    beside = united([SQUARE, SQUARE + np.array((100, 0))])
    assert [area([ring]) for ring in beside] == [-2 * 20_000]
    assert [area([ring]) for ring in united([SQUARE, SQUARE])] == [-2 * 10_000]
    assert [area([ring]) for ring in united([SQUARE, SQUARE + 100])] == [-2 * 10_000] * 2


def test_a_line_there_and_back_encloses_nothing() -> None:
    """Nor does a point, or nothing."""
    assert united([SQUARE[:2]]) == united([SQUARE[:1]]) == united([]) == []


def test_too_many_lines_in_one_place_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than minutes."""
    monkeypatch.setattr(crossing, "_MAX_PAIRS", 1000)
    with pytest.raises(SourceError, match="its lines meet in too many places"):
        united([np.random.default_rng(0).integers(0, 4096, (100, 2))])
