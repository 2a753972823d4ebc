"""An outlined headline with a shadow on a photograph: what the effects cost, and the same made by hand.

Another headline each time, as a host has it. What is timed begins with its text and ends with the canvas'
RGBA pixels in main memory. Fonts are open, programs compiled, and the photograph is decoded: peers have it as
an image of theirs, ours where a renderer keeps layers.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from engines.image_core import RenderedImage, Renderer
from tests.bench.contenders import Job
from tests.bench.effects_ours import compose, headline, write_photo
from tests.bench.effects_peers import PROGRAMS, Program
from tests.bench.timing import Samples, race

__all__ = ["PLAIN", "headlines"]

PLAIN = ", no effects"
"""What is added to our names where the headline has none."""

_WARM = 3
"""Headlines drawn before any is timed: a shape that comes again gets a program of its own."""


def headlines(rounds: int, out: Path) -> dict[str, Samples]:
    """Ours with effects, and without them to compare with, and peers with them. out: where pictures go."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_photo(folder)
        time.sleep(2.5)  # until the photograph counts as old: see `sources.files`
        with Renderer("gl", folder) as gl, Renderer("numpy", folder) as numpy:
            jobs: dict[str, Job] = {}
            for renderer, contender in ((gl, "image-core gl"), (numpy, "image-core numpy")):
                jobs[contender] = _ours(renderer)
                jobs[contender + PLAIN] = _ours(renderer, plain=True)
            with Image.open(folder / "photo.png") as photo:
                jobs |= {program.name: _theirs(program, photo) for program in PROGRAMS}
            for contender, job in jobs.items():
                for _ in range(_WARM):
                    drawn = job.run()
                Image.fromarray(job.pixels(drawn)).save(out / f"headline {contender}.png")
            results = race(jobs, rounds)
    for contender, samples in results.items():
        if contender.endswith(PLAIN):
            samples.difference = None  # it is to be another picture
    return results


def _ours(renderer: Renderer, *, plain: bool = False) -> Job:
    numbers = itertools.count()

    def run() -> RenderedImage:
        return renderer.render(compose(headline(next(numbers)), plain=plain))

    return Job(run, lambda image: image.pixels, lambda image: image.timings)


def _theirs(program: Program, photo: Image.Image) -> Job:
    numbers, draw = itertools.count(), program.ready(photo)
    return Job(lambda: draw(headline(next(numbers))), lambda drawn: np.asarray(program.pixels(drawn)))
