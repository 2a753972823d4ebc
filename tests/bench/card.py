"""The social card, from files to a PNG, ours and as peers' programs: `python -m tests.bench.card`.

Cold: nothing is kept between rounds but open devices and compiled programs. Template: another headline each
round; ours keeps what its caches do, and peers redo all, or keep the picture below the headline.
"""

from __future__ import annotations

import argparse
import io
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console

from engines.image_core import Renderer
from tests.bench.card_ours import compose, write_files
from tests.bench.card_peers import PROGRAMS
from tests.bench.machine import machine
from tests.bench.report import print_race, write_json
from tests.bench.timing import Samples, difference, stopwatch

__all__ = ["cold_cards", "template_cards"]

Draw = Callable[[str], bytes]


def main() -> None:
    """Run, print, and write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.card", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each contender is measured")
    parser.add_argument("--out", type=Path, default=Path("out/bench"), help="where the files and the JSON go")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    console = Console(width=150)
    with Renderer("gl") as renderer:
        facts = machine(renderer._backend.device)
    for name, value in facts.items():
        console.print(f"{name}: {value}", highlight=False)
    results = {
        "the social card, cold": cold_cards(options.rounds, options.out),
        "the social card with another headline": template_cards(options.rounds),
    }
    for title, samples in results.items():
        print_race(console, title, samples)
    write_json(options.out / "card.json", facts, results)


def cold_cards(rounds: int, out: Path | None = None) -> dict[str, Samples]:
    """Every contender draws the whole card from its files. out: where each one's picture goes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        with Renderer("gl", folder, cache_bytes=0) as gl, Renderer("numpy", folder, cache_bytes=0) as numpy:
            draws = _ours(gl, numpy)
            for program in PROGRAMS:
                draws[program.name] = lambda text, p=program: p.finish(p.background(folder), text)  # type: ignore[misc]  # p is bound here
            return _race(draws, rounds, out)


def template_cards(rounds: int) -> dict[str, Samples]:
    """Every contender draws the card with a headline it has not drawn yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        with Renderer("gl", folder) as gl, Renderer("numpy", folder) as numpy:
            draws = _ours(gl, numpy)
            for program in PROGRAMS:
                kept = program.background(folder)
                if program.name == "pyvips":
                    kept = kept.copy_memory()  # else it is a recipe that is run again
                draws[f"{program.name}, all redone"] = lambda text, p=program: p.finish(
                    p.background(folder), text
                )  # type: ignore[misc]  # as above
                draws[f"{program.name}, background kept"] = lambda text, p=program, k=kept: p.finish(k, text)  # type: ignore[misc]  # as above
            return _race(draws, rounds, None)


def _ours(gl: Renderer, numpy: Renderer) -> dict[str, Draw]:
    return {
        "image-core gl": lambda text: gl.render(compose(text)).to_png(),
        "image-core numpy": lambda text: numpy.render(compose(text)).to_png(),
    }


def _race(draws: dict[str, Draw], rounds: int, out: Path | None) -> dict[str, Samples]:
    """As `timing.race`, of functions that draw a headline to a PNG file."""
    results = {name: Samples() for name in draws}
    first = None
    for name, draw in draws.items():
        file = draw("Launch day\nhas arrived")
        pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGBA"))
        first = pixels if first is None else first
        results[name].difference = difference(first, pixels)
        if out is not None:
            (out / f"card {name}.png").write_bytes(file)
    names, numbers = list(draws), itertools.count()
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            headline = f"Launch {next(numbers)}\nhas arrived"
            stopwatch(lambda n=name, h=headline: draws[n](h), results[name])  # type: ignore[misc]  # as above
    return results


if __name__ == "__main__":
    main()
