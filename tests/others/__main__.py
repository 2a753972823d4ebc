"""Print the tables of docs/CONFORMANCE.md, measured here and now: `python -m tests.others`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import PIL

from engines.image_core import Renderer
from tests.others import adjusting, blending, chromium, imagemagick
from tests.others.comparisons import ADJUSTING, BLENDING, Comparison
from tests.others.peers import Peers


def main() -> None:
    """Draw everything, compare and print."""
    today = datetime.datetime.now(datetime.UTC).date()
    print(f"{today}: {chromium.version()}; {imagemagick.version()}; Pillow {PIL.__version__}\n")
    with Renderer("numpy") as renderer:
        peers = Peers(renderer)
        _table("mode", blending.KINDS, BLENDING, peers)
        _table("setting", tuple(adjusting.PICTURES), ADJUSTING, peers)


def _table(what: str, columns: Sequence[str], comparisons: Iterable[Comparison], peers: Peers) -> None:
    """A row a peer and setting, the peers one after the other."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for comparison in comparisons:
        cells = rows.setdefault((comparison.peer, comparison.what), {})
        cells[comparison.on] = str(comparison.measure(peers))
    print(f"| against | {what} | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 2) + "|")
    for (peer, setting), cells in sorted(rows.items(), key=lambda row: row[0][0]):
        print(f"| {peer} | {setting} | {' | '.join(cells.get(column, '') for column in columns)} |")
    print()


if __name__ == "__main__":
    main()
