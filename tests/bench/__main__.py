"""Runs all benchmarks: `python -m tests.bench [--rounds 9] [--out out/bench.json]`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from rich.console import Console

from engines.image_core.backend import open_backend
from engines.image_core.models import BlendMode
from tests.bench.contenders import (
    Contender,
    Ours,
    PillowAlphaComposite,
    PillowChops,
    Skia,
    Vips,
    VipsInTwoSteps,
)
from tests.bench.end_to_end import card_to_png, first_renders
from tests.bench.machine import machine
from tests.bench.report import print_race, print_whole, write_json
from tests.bench.stacks import make_stack
from tests.bench.timing import Samples, race

STACKS = (
    make_stack("faded", 5),
    make_stack("cut-outs", 5),
    make_stack("translucent", 5),
    make_stack("translucent", 5, (BlendMode.NORMAL,)),
    make_stack("cut-outs", 1),
    make_stack("cut-outs", 2),
    make_stack("cut-outs", 10),
    make_stack("cut-outs", 20),
    make_stack("cut-outs", 50),
)


def main() -> None:
    """Run, print, and write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="how often each contender is measured")
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"), help="where the JSON goes")
    options = parser.parse_args()
    os.environ["MESA_SHADER_CACHE_DISABLE"] = "true"  # a first render compiles, whatever ran last week
    console = Console()
    gl, numpy = open_backend("gl"), open_backend("numpy")
    facts = machine(gl.device)
    for name, value in facts.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print()
    peers: list[Contender] = [Vips(), VipsInTwoSteps(), PillowChops(), PillowAlphaComposite(), Skia()]
    results: dict[str, dict[str, Samples]] = {}
    for stack in STACKS:
        made = {contender.name: contender.prepare(stack) for contender in (Ours(gl), Ours(numpy), *peers)}
        results[stack.name] = race({name: job for name, job in made.items() if job}, options.rounds)
        print_race(console, f"{stack.name}, 1920x1080", results[stack.name])
    first: dict[str, Samples] = {
        backend.name: first_renders(backend, options.rounds) for backend in (gl, numpy)
    }
    gl.close()
    numpy.close()
    card: dict[str, Samples] = {
        "gl": card_to_png("gl", options.rounds),
        "numpy": card_to_png("numpy", options.rounds),
    }
    results["first render of a new stack"], results["demo card to PNG"] = first, card
    print_whole(console, "first render of five translucent layers in a new order of modes", first)
    print_whole(console, "the demo card, 1200x630, from files to PNG", card)
    write_json(options.out, facts, results)
    console.print(f"written to {options.out}")


if __name__ == "__main__":
    main()
