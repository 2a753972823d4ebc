"""Print the table of docs/CONFORMANCE.md of text that Chromium set too: `python -m tests.chromium`.

With --pictures FOLDER each paragraph is written there as both drew it.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
from pathlib import Path

from tests.chromium.comparing import HALF
from tests.chromium.differences import WHY
from tests.chromium.measuring import GROUPS, Row, rows
from tests.chromium.pictures import write
from tests.others import chromium


def main() -> None:
    """Set everything, compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    print(f"{datetime.datetime.now(datetime.UTC).date()}: {chromium.version()}\n")
    found = rows()
    _groups(found)
    _table([row for row in found if row.name in WHY])
    _table([row for row in found if row.name not in WHY])
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        for row in found:
            write(options.pictures, row.name, row.ink)


def _table(found: list[Row]) -> None:
    """A row a paragraph."""
    print("\n| paragraph | lines | across | first baseline | other baselines | ink | why |")
    print("|---" * 7 + "|")
    for row in found:
        print(_line(row))


def _line(row: Row) -> str:
    apart, why = row.apart, WHY.get(row.name, "")
    lines = str(apart.lines[0])
    if apart.parted is not None:
        lines = f"{apart.lines[0]} and {apart.lines[1]}: “{apart.parted[0]}”, “{apart.parted[1]}”"
    across = f"{apart.across:.2f}" + (f" (“{apart.where}”)" if apart.across > HALF else "")
    cells = row.name, lines, across, f"{apart.first:+.2f}", f"{apart.down:.2f}", f"{row.ink.apart:.2f}", why
    return f"| {' | '.join(cells)} |"


def _groups(found: list[Row]) -> None:
    """A row a group, and what explains inks and first baselines."""
    print("| paragraphs | number | break alike | within half a pixel | across, largest | ink, mean |")
    print("|---" * 6 + "|")
    for name, samples in GROUPS.items():
        print(_group(name, [row for row in found if row.name in {sample.name for sample in samples}]))
    print(_group("all", found))
    curved = statistics.mean(row.curved for row in found if row.apart.near)
    print(f"\nInks through the curve of contrast and gamma: mean {curved:.2f}.")
    print(f"First baselines are where rounding puts them, to {max(row.unexplained for row in found):.2f}.")


def _group(name: str, rows: list[Row]) -> str:
    """Of a group: how many come out alike, and how far apart those are."""
    near = [row for row in rows if row.apart.near]
    alike = sum(row.apart.parted is None for row in rows)
    across, ink = max(row.apart.across for row in near), statistics.mean(row.ink.apart for row in near)
    return f"| {name} | {len(rows)} | {alike} | {len(near)} | {across:.2f} | {ink:.2f} |"


if __name__ == "__main__":
    main()
