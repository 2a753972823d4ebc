"""Whole jobs of this library alone: the demo card from files to a PNG, and a stack it has not seen before."""

from __future__ import annotations

import itertools
import tempfile
import time
from functools import partial
from pathlib import Path

from engines.image_core import ImageComposition, Renderer
from engines.image_core.backend import Backend, BackendChoice
from engines.image_core.documents.demo import demo_card, write_photos
from tests.bench.stacks import MIXED, Picture, make_stack
from tests.bench.timing import Samples, stopwatch

__all__ = ["card_to_png", "first_renders", "render_to_png"]


def card_to_png(choice: BackendChoice, rounds: int) -> Samples:
    """The demo card, 1200x630, from its files to the bytes of a PNG; nothing is kept between rounds but the
    open backend and its programs."""
    samples = Samples()
    with tempfile.TemporaryDirectory() as folder:
        write_photos(Path(folder))
        composition = demo_card()
        with Renderer(choice, root=folder, cache_bytes=0) as renderer:
            renderer.render(composition)
            for _ in range(rounds):
                stopwatch(lambda: render_to_png(renderer, composition, samples), samples)
    return samples


def render_to_png(renderer: Renderer, composition: ImageComposition, samples: Samples) -> bytes:
    """A PNG of a composition; how long each stage took is added to the samples."""
    image = renderer.render(composition)
    started = time.perf_counter()
    data = image.to_png()
    stages = {**image.timings, "encode": 1000 * (time.perf_counter() - started)}
    samples.add_stages(stages)
    return data


def first_renders(backend: Backend, rounds: int, picture: Picture | None = None) -> Samples:
    """Five translucent layers, their modes in an order that the backend has not met, so that it compiles."""
    samples = Samples()
    orders = itertools.islice(itertools.permutations(MIXED), 1, rounds + 1)  # the first order has been timed
    for plan in [make_stack("translucent", 5, order, picture=picture).plan() for order in orders]:
        samples.add_stages(stopwatch(partial(backend.evaluate, plan), samples).timings)
    return samples
