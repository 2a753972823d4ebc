"""Draw clip-art of many authors, and compare each drawing with resvg's own: `python -m tests.clipart`.

It prints a table in Markdown, then each refusal and each drawing that is more than rounding apart, and fails
where less than 98 % are drawn or any is apart.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clipart.comparing import Result, compared
from tests.clipart.packages import chosen, fetch

_LEAST = 0.98
_COLUMNS = ("package", "drawings", "drawn", "like resvg's", "apart", "not compared", "largest step")


def main() -> int:
    """Compare, and print; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="where packages are unpacked and stay")
    parser.add_argument("--most", type=int, default=1000, help="drawings of a package, at random but seeded")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder: Path = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        fetch(folder)
        return _report(folder, options.most)


def _report(folder: Path, most: int) -> int:
    told: list[str] = []
    results: list[Result] = []
    print(f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|")
    for name, paths in chosen(folder, most):
        with ThreadPoolExecutor() as pool:
            found = list(pool.map(compared, paths))
        print(_row(name, found), flush=True)
        results += found
        told += [
            f"{path.relative_to(folder)}: {line}"
            for path, result in zip(paths, found, strict=True)
            if (line := _told(result))
        ]
    print(_row("all", results), *sorted(told), sep="\n")
    drawn = sum(not result.refusal for result in results)
    apart = sum(not (result.refusal or result.unlike or result.alike) for result in results)
    return 0 if drawn >= _LEAST * len(results) and not apart else 1


def _row(name: str, results: list[Result]) -> str:
    counts = Counter(
        "refused" if one.refusal else "unlike" if one.unlike else "alike" if one.alike else "apart"
        for one in results
    )
    drawn = len(results) - counts["refused"]
    cells = [name, len(results), f"{drawn} ({drawn / len(results):.1%})"]
    cells += [counts["alike"], counts["apart"], counts["unlike"], max(one.apart for one in results)]
    return f"| {' | '.join(map(str, cells))} |"


def _told(result: Result) -> str:
    if result.refusal or result.unlike:
        return result.refusal or result.unlike
    return "" if result.alike else f"apart by {result.apart}, in {result.parts:.2%} of the pixels"


if __name__ == "__main__":
    sys.exit(main())
