"""The soak run: `python -m tests.soak --renders 20000 [--minutes N] [--backend numpy]`, or `make soak`.

Many renders of varied compositions in one process. Every result has to be that of the first time, and
nothing that the process holds may grow; the rule for that is `samples.judge`. The exit status is 1 if one of
these is not so.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.soak.deck import make_deck
from tests.soak.run import Soak
from tests.soak.samples import FEWEST, Verdict, judge

_SAMPLES = 200
_LINES = 20


def main() -> int:
    """Run, print a table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--renders", type=int, default=20_000)
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="end after so many, even if unfinished"
    )
    parser.add_argument("--backend", choices=["gl", "numpy"], default="gl")
    parser.add_argument("--out", type=Path, default=Path("out/soak.json"), help="where the JSON goes")
    options = parser.parse_args()
    package = importlib.util.find_spec("skimage")
    assert package is not None, "scikit-image is a development dependency"
    assert package.origin is not None
    with tempfile.TemporaryDirectory() as folder:
        deck = make_deck(Path(folder), Path(package.origin).parent / "data")
        soak = Soak(options.backend, deck, Path(folder))
        every = max(1, options.renders // _SAMPLES)
        soak.run(options.renders, every, 60 * options.minutes, _progress)
    verdicts = judge(soak.samples) if len(soak.samples) >= FEWEST else {}
    well = bool(verdicts) and not soak.faults and not any(verdict.grown for verdict in verdicts.values())
    _tell(soak, verdicts)
    print("all well" if well else "NOT well" if verdicts else "NOT well: too short to be judged")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(_report(soak, verdicts, well), indent=1) + "\n")
    return 0 if well else 1


def _progress(soak: Soak) -> None:
    if len(soak.samples) % (_SAMPLES // _LINES) == 0:
        held = ", ".join(f"{value:.0f} {name}" for name, value in soak.samples[-1].held.items())
        print(
            f"{soak.renders:,} renders, {soak.seconds:.0f} s, {len(soak.faults)} faults: {held}", flush=True
        )


def _tell(soak: Soak, verdicts: dict[str, Verdict]) -> None:
    console = Console(width=140)
    table = Table(title=soak.device, title_justify="left")
    for heading in ("held", "at 25 %", "50 %", "75 %", "100 %", "second quarter", "last quarter", ""):
        table.add_column(heading, justify="right")
    for name, verdict in verdicts.items():
        at = [soak.samples[len(soak.samples) * part // 4 - 1].held[name] for part in (1, 2, 3, 4)]
        figures = [f"{value:.0f}" for value in (*at, verdict.second, verdict.last)]
        table.add_row(name, *figures, "GROWN" if verdict.grown else "")
    console.print(table)
    console.print(*soak.faults, sep="\n", end="\n" if soak.faults else "", soft_wrap=True)
    console.print(
        f"{soak.renders:,} renders, {soak.exports:,} files, {soak.refusals:,} refused,"
        f" {soak.seconds / 60:.1f} minutes, {len(soak.faults)} faults"
    )


def _report(soak: Soak, verdicts: dict[str, Verdict], well: bool) -> dict[str, object]:
    return {
        "well": well,
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "device": soak.device,
        "minutes": soak.seconds / 60,
        "renders": soak.renders,
        "files": soak.exports,
        "refused": soak.refusals,
        "faults": soak.faults,
        "verdicts": {name: asdict(verdict) for name, verdict in verdicts.items()},
        "samples": [asdict(sample) for sample in soak.samples],
    }


if __name__ == "__main__":
    sys.exit(main())
