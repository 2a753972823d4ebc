"""All benchmarks, ours and the peers in one run: `python -m tests.bench [--rounds 9] [--only card ...]`.

Prints tables and writes out/bench.json. The parts:

- stacks: five layers in four kinds, and 1 to 50 layers, 1920x1080, decoded photographs in memory.
- large: ten layers of 3840x2160 and of 7680x4320, beside the floor that copying sets.
- modes: five layers in newer blend modes against five in the first ones, on each backend.
- passed: three layers in a group that is passed through against the same three without it, on each backend.
- adjusted: three adjustment layers over a photograph, ours, Pillow's and psd-tools'.
- effects: an outlined headline with a shadow on a photograph, beside a plain one, and made by hand.
- text: a paragraph of 200 words in three runs, and a headline, set by ours, Skia, Pango and Pillow.
- groups: two nested groups over a photograph, and what ten groups take of the device's memory.
- first: the first render of a new stack, compiling included, and the demo card to a PNG.
- card: a social card from its files to PNG and to WEBP, nothing kept.
- template: the same card to PNG with another headline each time.
- host: the demo card with another headline, processor time outside the device and the encoder, by stage.
- psd: another headline in a Photoshop file of 20 layers, beside the social card; and all files of the folder
  IMAGE_CORE_PSD, where one is named, beside psd-tools.
- files: PNG by effort against Pillow's.
- batch: many cards by worker processes, images a second and memory.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from engines.image_core.backend import GLBackend, open_backend
from engines.image_core.models import BlendMode
from tests.bench.adjusted import three_adjustments
from tests.bench.batch import print_batches
from tests.bench.card import cold_cards, template_cards
from tests.bench.contenders import (
    Contender,
    Ours,
    PillowAlphaComposite,
    PillowChops,
    Skia,
    Vips,
    VipsInTwoSteps,
)
from tests.bench.effects import PLAIN, headlines
from tests.bench.end_to_end import card_to_png, first_renders
from tests.bench.files import written_files
from tests.bench.floor import copy_rates, floor_ms
from tests.bench.groups import group_memory, nested_groups
from tests.bench.host import host_time
from tests.bench.layered import newer_modes, passed_through
from tests.bench.machine import machine
from tests.bench.paragraphs import paragraph, short_line
from tests.bench.psd import corpus, psd_folder
from tests.bench.psd import headlines as psd_headlines
from tests.bench.report import print_added, print_race, print_stages, print_whole, write_json
from tests.bench.stacks import UHD_4K, UHD_8K, Kind, Stack, make_stack
from tests.bench.timing import Samples, race, spread

Results = dict[str, dict[str, Samples]]

STACKS = (
    ("faded", 5),
    ("cut-outs", 5),
    ("translucent", 5),
    ("cut-outs", 1),
    ("cut-outs", 2),
    ("cut-outs", 10),
    ("cut-outs", 20),
    ("cut-outs", 50),
)  # fmt: skip

KINDS: tuple[Kind, ...] = ("faded", "cut-outs", "translucent")


def stacks(console: Console, rounds: int) -> Results:
    """Compositing at 1920x1080, ours and everybody's."""
    made = [make_stack(kind, count) for kind, count in STACKS]  # type: ignore[arg-type]  # literals of Kind
    made.append(make_stack("translucent", 5, (BlendMode.NORMAL,)))
    return _raced(console, made, rounds)


def large(console: Console, rounds: int) -> Results:
    """Ten layers at 4K and 8K, and what a copy of their bytes would take."""
    results: Results = {}
    for size in (UHD_4K, UHD_8K):
        stack = make_stack("cut-outs", 10, size=size)
        results |= _raced(console, [stack], max(3, rounds // 2))
        gl = open_backend("gl")
        assert isinstance(gl, GLBackend)
        bandwidth = spread(copy_rates(gl, rounds))
        gl.close()
        least = floor_ms(stack, bandwidth.median)
        console.print(
            f"a copy moves {bandwidth.median / 1e9:.1f} GB/s ({bandwidth.low / 1e9:.1f}-"
            f"{bandwidth.high / 1e9:.1f}): the floor is {least:.1f} ms\n",
            highlight=False,
        )
    return results


def modes(console: Console, rounds: int) -> Results:
    """Newer blend modes, in stacks of each kind."""
    results: Results = {}
    for name in ("gl", "numpy"):
        backend = open_backend(name)
        for kind in KINDS:
            title = f"{name}: a photograph and five layers, {kind}"
            results[title] = newer_modes(backend, kind, rounds)
            print_race(console, title, results[title])
        backend.close()
    return results


def passed(console: Console, rounds: int) -> Results:
    """Groups that are passed through."""
    results: Results = {}
    for name in ("gl", "numpy"):
        backend = open_backend(name)
        title = f"{name}: three layers over a photograph, cut-outs"
        results[title] = passed_through(backend, rounds)
        print_race(console, title, results[title])
        backend.close()
    return results


def adjusted(console: Console, rounds: int) -> Results:
    """Curves, hue and levels."""
    samples = three_adjustments(rounds)
    print_race(console, "curves, hue and levels over a photograph, 1920x1080", samples)
    return {"three adjustment layers": samples}


def effects(console: Console, rounds: int) -> Results:
    """Layer effects on a headline."""
    samples = headlines(rounds, _pictures())
    print_race(console, "an outlined headline with a shadow on a photograph, 1200x630", samples)
    for name in ("image-core gl", "image-core numpy"):
        print_added(console, f"{name}: the effects", samples[name], samples[name + PLAIN])
    return {"headline with effects": samples}


def text(console: Console, rounds: int) -> Results:
    """Setting and drawing text."""
    results = {
        "a paragraph of 200 words in three runs": paragraph(rounds),
        "a headline of four words": short_line(rounds),
    }
    for title, samples in results.items():
        print_race(console, title, samples)
    return results


def groups(console: Console, rounds: int) -> Results:
    """Groups, on each backend of ours."""
    samples: dict[str, Samples] = {}
    for name in ("gl", "numpy"):
        backend = open_backend(name)
        samples[name] = nested_groups(backend, rounds)
        backend.close()
    print_whole(console, "two nested groups over a photograph, 1920x1080", samples)
    mebibytes = group_memory() / (1 << 20)
    console.print(f"ten groups of two photographs: {mebibytes:.0f} MiB of textures at most\n")
    return {"nested groups": samples}


def first(console: Console, rounds: int) -> Results:
    """Whole jobs of ours alone."""
    renders: dict[str, Samples] = {}
    for name in ("gl", "numpy"):
        backend = open_backend(name)
        renders[name] = first_renders(backend, rounds)
        backend.close()
    cards = {"gl": card_to_png("gl", rounds), "numpy": card_to_png("numpy", rounds)}
    print_whole(console, "first render of five translucent layers in a new order of modes", renders)
    print_whole(console, "the demo card, 1200x630, from files to PNG", cards)
    return {"first render of a new stack": renders, "demo card to PNG": cards}


def card(console: Console, rounds: int) -> Results:
    """The social card, cold, to both formats."""
    results = {f"social card to {name}": cold_cards(rounds, name, _pictures()) for name in ("PNG", "WEBP")}
    for title, samples in results.items():
        print_race(console, title, samples)
    return results


def template(console: Console, rounds: int) -> Results:
    """The social card with another headline each time."""
    samples = template_cards(rounds)
    print_race(console, "social card with another headline, to PNG", samples)
    return {"social card with another headline": samples}


def host(console: Console, rounds: int) -> Results:
    """What planning the demo card with another headline costs."""
    samples = host_time(rounds)
    print_stages(console, "another headline, on the host", samples)
    return {"demo card with another headline, host": {"image-core": samples}}


def psd(console: Console, rounds: int) -> Results:
    """Photoshop files, all of a folder."""
    results = {"another headline in a file of 20 layers, to PNG": psd_headlines(rounds)}
    print_race(console, "another headline in a file of 20 layers, to PNG", *results.values())
    folder = psd_folder()
    if folder is None:
        console.print("psd: IMAGE_CORE_PSD names no folder of Photoshop files")
        return results
    results["Photoshop files"] = corpus(folder, rounds)
    print_race(console, "all Photoshop files of a folder, parsed before", results["Photoshop files"])
    return results


def files(console: Console, rounds: int) -> Results:
    """PNG files of the card and of photographs."""
    results = written_files(rounds)
    for title, samples in results.items():
        print_race(console, title, samples)
    return results


def batch(console: Console, rounds: int) -> Results:
    """500 cards by one worker and by two."""
    print_batches(cards=500, rounds=1, backend="gl")
    return {}


PARTS: dict[str, Callable[[Console, int], Results]] = {
    part.__name__: part
    for part in (
        stacks,
        large,
        modes,
        passed,
        adjusted,
        effects,
        text,
        groups,
        first,
        card,
        template,
        host,
        psd,
        files,
        batch,
    )
}


def main() -> None:
    """Run, print, and write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each contender is measured")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="which parts")
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"), help="where the JSON goes")
    options = parser.parse_args()
    os.environ["MESA_SHADER_CACHE_DISABLE"] = "true"  # a first render compiles, whatever ran last week
    console = Console(width=150)
    gl = open_backend("gl")
    facts = machine(gl.device)
    gl.close()
    for name, value in facts.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print()
    results: Results = {}
    for name in options.only:
        results |= PARTS[name](console, options.rounds)
        write_json(options.out, facts, results)
    console.print(f"written to {options.out}")


def _pictures() -> Path:
    """Where contenders' pictures go."""
    folder = Path("out/bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _raced(console: Console, made: list[Stack], rounds: int) -> Results:
    gl, numpy = open_backend("gl"), open_backend("numpy")
    peers: list[Contender] = [Vips(), VipsInTwoSteps(), PillowChops(), PillowAlphaComposite(), Skia()]
    results: Results = {}
    for stack in made:
        jobs = {contender.name: contender.prepare(stack) for contender in (Ours(gl), Ours(numpy), *peers)}
        results[stack.name] = race({name: job for name, job in jobs.items() if job}, rounds)
        print_race(console, stack.name, results[stack.name])
    gl.close()
    numpy.close()
    return results


if __name__ == "__main__":
    main()
