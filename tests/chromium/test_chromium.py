"""Text as Chromium sets it: lines that end alike, letters and lines within half a pixel, and the same ink.

The paragraphs that come out otherwise are named, with the reason, in `differences.py`.
"""

from __future__ import annotations

import pytest

from tests.chromium.differences import WHY
from tests.chromium.measuring import SAMPLES, Row, rows
from tests.others import chromium
from tests.parts import require_part

MOST_INK = 2.5
"""In grey levels, the mean over a paragraph's box."""


@pytest.fixture(scope="module")
def found() -> dict[str, Row]:
    """All paragraphs by their names, set and drawn by both."""
    version = chromium.version()
    require_part("chromium", bool(version), "chromium is not installed (Debian: apt-get install chromium)")
    return {row.name: row for row in rows()}


def _alike(row: Row) -> bool:
    return row.apart.near and row.ink.apart <= MOST_INK


def test_names_are_of_one_paragraph_each() -> None:
    """And what is said to differ is there."""
    names = [sample.name for sample in SAMPLES]
    assert len(set(names)) == len(names)
    assert set(names) >= WHY.keys()


def test_paragraphs_come_out_as_chromium_sets_them(found: dict[str, Row]) -> None:
    """All but those that are known to differ, and why."""
    assert {name for name, row in found.items() if not _alike(row)} == WHY.keys()


def test_first_baselines_are_where_rounded_metrics_put_them(found: dict[str, Row]) -> None:
    """Chromium's: all that ours are lower or higher by is rounding of ascent, descent and leading."""
    assert max(row.unexplained for row in found.values()) < 1 / 32
