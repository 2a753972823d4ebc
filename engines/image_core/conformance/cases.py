"""All cases of the suite, by area."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from engines.image_core.conformance import (
    boxes,
    cards,
    colour,
    drawn,
    effects,
    large,
    options,
    spatial,
    structure,
    trees,
    type,
    warps,
)
from engines.image_core.conformance.case import LEVELS, Case, Level

__all__ = ["AREAS", "SUITE", "Case", "Level", "all_cases"]

SUITE = 2
"""The version of the suite: added cases come with the next one, and none is changed or taken away."""

Area = Literal[
    "blend",
    "alpha",
    "adjustments",
    "filters",
    "transforms",
    "masks",
    "groups",
    "stacks",
    "options",
    "effects",
    "boxes",
    "warps",
    "text",
    "type",
    "vector",
    "cards",
    "large",
    "trees",
]

AREAS: dict[Area, Callable[[], Iterator[Case]]] = {
    "blend": colour.blend,
    "alpha": colour.alpha,
    "adjustments": colour.adjustments,
    "filters": spatial.filters,
    "transforms": spatial.transforms,
    "masks": structure.masks,
    "groups": structure.groups,
    "stacks": structure.stacks,
    "options": options.options,
    "effects": effects.effects,
    "boxes": boxes.boxes,
    "warps": warps.warps,
    "text": drawn.text,
    "type": type.type_cases,
    "vector": drawn.vector,
    "cards": cards.cards,
    "large": large.large,
    "trees": trees.trees,
}


def all_cases(level: Level = "full", suite: int = SUITE) -> Iterator[Case]:
    """The cases that a suite has of a level and of those below it, in the order of `expected`."""
    wanted = LEVELS[: LEVELS.index(level) + 1]
    for area in AREAS.values():
        yield from (case for case in area() if case.level in wanted and case.suite <= suite)
