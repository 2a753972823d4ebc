"""Directions of text: Unicode's own test of its bidirectional algorithm, UAX #9."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple, cast

from engines.image_core.composition.type import Direction
from engines.image_core.sources.text.shaping import _levels, _runs, _visual_order
from engines.image_core.tests.sources.text.unicode_rows import unicode_lines

DIRECTIONS: tuple[Direction, ...] = ("ltr", "rtl", "auto")


# A character of each class of UAX #9, but for what ends a paragraph or a stretch of one (see TABBED).
CLASSES = {
    "L": "a", "R": "\u05d0", "AL": "\u0627", "EN": "1", "ES": "+", "ET": "$", "AN": "\u0661", "CS": ",",
    "WS": " ", "ON": "!", "NSM": "\u0300", "BN": "\u00ad", "LRE": "\u202a", "LRO": "\u202d", "RLE": "\u202b",
    "RLO": "\u202e", "PDF": "\u202c", "LRI": "\u2066", "RLI": "\u2067", "FSI": "\u2068", "PDI": "\u2069",
}  # fmt: skip
# At a line's end these are where the paragraph ends (rule L1): lines are set without the spaces there.
HANGING = {"WS", "BN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


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


def test_levels_of_all_short_sequences_of_classes_are_those_of_unicode() -> None:
    """Every fifth row of BidiTest.txt, which has all sequences of up to four: each in three directions."""
    expected: list[str] = []
    count = 0
    for number, line in enumerate(unicode_lines("BidiTest.txt")):
        if line.startswith("@"):
            expected = line.removeprefix("@Levels:").split() if line.startswith("@Levels:") else expected
            continue
        classes, asked = line.split(";")
        names = classes.split()
        if number % 5 or not CLASSES.keys() >= set(names):
            continue
        text = "".join(map(CLASSES.__getitem__, names))
        end = max((place for place, name in enumerate(names, 1) if name not in HANGING), default=0)
        for direction, bit in (("auto", 1), ("ltr", 2), ("rtl", 4)):
            if int(asked) & bit:
                levels, _ = _levels(text, cast(Direction, direction))
                pairs = zip(levels[:end], expected, strict=False)
                assert all(level == "x" or found == int(level) for found, level in pairs), (line, direction)
                count += 1
    assert count > 100_000
