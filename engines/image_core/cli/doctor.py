"""The command `image-core doctor`: does this host draw the bytes that every other one draws?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from engines.image_core.cli.support import AsJson, Verbose, print_json, reporting, say
from engines.image_core.conformance import SUITE, all_cases, fingerprint
from engines.image_core.conformance.doctor import Examination, examine
from engines.image_core.errors import ImageCoreError
from engines.image_core.planning.planner import PIXEL_RULES

__all__ = ["doctor"]

DIFFERS = 1


def doctor(
    full: Annotated[bool, typer.Option("--full", help="All cases: minutes instead of seconds.")] = False,
    case: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Print a case's composition as JSON, which `image-core render` takes, and do no more.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Draw the conformance suite with NumPy and every OpenGL device, and compare with the stored hashes.

    Each device has a process of its own, so that one whose driver crashes is a line of the table. The exit
    status is 0 only if every device that can be used draws every case as it has to, and 1 otherwise.
    """
    with reporting(verbose):
        if case is not None:
            _print_case(case)
            return
        found = list(examine("full" if full else "quick"))
        well = all(examination.well for examination in found)
        if as_json:
            versions = {"pixel_rules": PIXEL_RULES, "suite": SUITE, "fingerprint": fingerprint()}
            print_json({"well": well, **versions, "devices": [asdict(device) for device in found]})
        else:
            _tell(found, well)
    if not well:
        raise typer.Exit(DIFFERS)


def _print_case(name: str) -> None:
    for case in all_cases():
        if case.name == name:
            print(json.dumps(case.fields))
            return
    raise ImageCoreError(f"case {name!r}: there is none of this name")


def _tell(found: list[Examination], well: bool) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("device", "driver", "OpenGL", "largest texture", "cases", "mismatches", "seconds"):
        table.add_column(heading, overflow="fold")
    for device in found:
        texture = str(device.limits.get("texture", ""))
        drawn = (str(device.cases), str(len(device.mismatches)), f"{device.seconds:.1f}")
        table.add_row(device.name, device.driver, device.opengl, texture, *drawn)
    console = Console()
    console.width = max(console.width, 140)  # a pipe is no narrow terminal
    console.print(table)
    for device in found:
        if device.fault:
            say(f"{device.name}: {'' if device.usable else 'cannot be used: '}{device.fault}")
        if device.mismatches:
            first = device.mismatches[0]
            say(f"{device.name}: {first['case']} is wrong: {first['how']}")
            say(f"{device.name}: its inputs: image-core doctor --case {first['case']}")
    agree = "all agree with" if well else "NOT all agree with"
    say(f"pixel rules {PIXEL_RULES}, suite {SUITE}: {agree} the fingerprint {fingerprint()}")
