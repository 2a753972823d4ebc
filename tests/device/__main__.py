"""All that a host's device is asked: `python -m tests.device [--device hardware|llvmpipe]`, or `make device`.

One after another: how fast it copies, composites, compiles and draws the demo card; whether it draws what
NumPy does, and the conformance suite. It takes less than eight minutes on any host and needs the runtime
dependencies alone. Written are device.json (all samples) and rows.md (rows of the documents' tables). The
exit status is 1 where there is no such device, or a part failed or found a byte that is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engines.image_core.conformance import SUITE, fingerprint
from engines.image_core.planning.planner import PIXEL_RULES
from tests.bench.machine import machine
from tests.device.choosing import WANTED
from tests.device.rows import rows
from tests.device.running import Outcome, run
from tests.device.settings import Clock, Settings

_TOTAL = 465.0
"""Seconds for everything."""

_TO_END = 15.0
"""Seconds beyond a part's own time, to finish a round and to end, before its process is killed."""

_LEAST = 40.0
"""Seconds that a part takes of what is left, whatever comes after it."""

_PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@dataclass(frozen=True)
class Part:
    """A part of the examination.

    Attributes:
        name: what is printed of it.
        work: the function that is called in its process.
        seconds: what it is given at most.
        later: the seconds that it leaves to those after it, where there are as many.
    """

    name: str
    work: str
    seconds: float
    later: float = 0


PARTS = (
    Part("copy bandwidth", "tests.device.copying:copy_bandwidth", 10),
    Part("five layers", "tests.device.stacks:five_layers", 15),
    Part("ten layers", "tests.device.stacks:ten_layers", 40),
    Part("first render of new shapes", "tests.device.first:first_render", 20),
    Part("demo card", "tests.device.card:demo_card", 20),
    Part("cards a second", "tests.device.workers:cards_a_second", 50),
    Part("parity with NumPy", "tests.device.parity:parity", 120, later=260),
    Part("conformance suite", "tests.device.suite:doctor", 250),
)


def main() -> int:
    """Run what the command line asks for; the exit status."""
    options = _options()
    clock = Clock(_TOTAL)
    chosen = run("tests.device.choosing:choose", {"wanted": options.device}, 60)
    if chosen.fault:
        print(f"tests.device: {chosen.fault}", file=sys.stderr)
        return 1
    device = chosen.result
    print(f"{device['device']}: {'renders on the CPU' if device['software'] else 'hardware'}", flush=True)
    document = _facts(device, options)
    for part in PARTS:
        document["parts"][part.name] = _run(part, device, options, clock)
        _write(options.out, document)
    faults = [part for part in document["parts"].values() if part["fault"]]
    print(f"{len(faults)} of {len(PARTS)} parts failed; written to {options.out}/device.json and rows.md")
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m tests.device", description=__doc__.split("\n")[0])
    parser.add_argument("--device", choices=WANTED, default="hardware", help="which kind of device")
    parser.add_argument("--rounds", type=_positive, default=9, help="how often what is timed is repeated")
    parser.add_argument("--out", type=Path, default=Path("out/device"), help="the folder of what is written")
    parser.add_argument("--quick", action="store_true", help="little work, to see that everything works")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _facts(device: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    packages = [re.split(r"[^\w.-]", requirement)[0] for requirement in project["dependencies"]]
    return {
        "machine": {**machine(device["device"], packages), "image-core": project["version"]},
        "device": device,
        "pixel_rules": PIXEL_RULES,
        "suite": SUITE,
        "fingerprint": fingerprint(),
        "rounds": options.rounds,
        "quick": options.quick,
        "parts": {},
    }


def _run(part: Part, device: dict[str, Any], options: argparse.Namespace, clock: Clock) -> dict[str, Any]:
    """A part's result with its "seconds" and its "fault", printed in one line."""
    started = time.perf_counter()
    left = min(clock.left, max(_LEAST, clock.left - part.later))
    given = min(part.seconds, left - _TO_END)
    if given > 0:
        settings = Settings(device["device"], device["index"], options.rounds, options.quick, given)
        outcome = run(part.work, asdict(settings), given + _TO_END)
    else:
        outcome = Outcome(fault="no time was left for it")
    seconds = time.perf_counter() - started
    print(f"{part.name}: {seconds:.1f} s{outcome.fault and f', failed: {outcome.fault}'}", flush=True)
    return {"seconds": seconds, **outcome.result, "fault": outcome.fault}


def _write(folder: Path, document: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "device.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (folder / "rows.md").write_text(rows(document), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
