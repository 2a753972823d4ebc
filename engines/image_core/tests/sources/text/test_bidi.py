"""Directions of text: Unicode's own test of its bidirectional algorithm, UAX #9."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from engines.image_core.composition.type import Direction
from engines.image_core.sources.text.shaping import _levels, _runs, _visual_order
from engines.image_core.tests.sources.text.unicode_rows import unicode_lines

DIRECTIONS: tuple[Direction, ...] = ("ltr", "rtl", "auto")


class Row(NamedTuple):
    """A paragraph of one line.

    Attributes:
        text: Its characters.
        direction: What is asked for.
        base: The paragraph's level.
        levels: Those of its characters; None where UAX #9 removes one that only says a direction.
        order: The indices of the others from left to right.
    """

    text: str
    direction: Direction
    base: int
    levels: list[int | None]
    order: list[int]


# The one row with a tab, which cuts a line into stretches that are ordered apart (rule L1): text is set with
# spaces for tabs, so that no paragraph has one.
TABBED = Row("\u0661\t(\u0662)", "auto", 0, [2, 0, 1, 2, 1], [0, 1, 4, 3, 2])


def rows() -> Iterator[Row]:
    """Those of BidiCharacterTest.txt."""
    for line in unicode_lines("BidiCharacterTest.txt"):
        text, direction, base, levels, order = line.split(";")
        yield Row(
            "".join(chr(int(one, 16)) for one in text.split()),
            DIRECTIONS[int(direction)],
            int(base),
            [None if level == "x" else int(level) for level in levels.split()],
            [int(index) for index in order.split()],
        )


def visual_order(text: str, levels: list[int]) -> list[int]:
    """The indices of characters from left to right: runs as they are ordered, each in its direction."""
    runs = _visual_order(list(_runs(text, levels, [0] * len(text))))
    indices = (range(run.start, run.end)[:: -1 if run.level & 1 else 1] for run in runs)
    return list(itertools.chain.from_iterable(indices))


def test_levels_and_order_are_those_of_unicode() -> None:
    """Every row of BidiCharacterTest.txt, whatever the paragraph's direction, but for the one with a tab."""
    count = 0
    for row in rows():
        count += 1
        if row == TABBED:
            continue
        levels, base = _levels(row.text, row.direction)
        kept = [index for index, level in enumerate(row.levels) if level is not None]
        assert base == row.base, ascii(row)
        assert [levels[index] for index in kept] == [row.levels[index] for index in kept], ascii(row)
        shown = [index for index in visual_order(row.text, levels) if row.levels[index] is not None]
        assert shown == row.order, ascii(row)
    assert count > 91_000
