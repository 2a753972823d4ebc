"""The demo card, from its files to the bytes of a PNG: cold, and with another headline."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from engines.image_core import ImageComposition, Renderer
from engines.image_core.rendering.renderer import CACHE_BYTES
from tests.bench.batch import card_jobs, card_template
from tests.bench.end_to_end import render_to_png
from tests.bench.timing import Samples, stopwatch
from tests.device.pictures import write_photographs
from tests.device.settings import Clock, Settings, require

__all__ = ["demo_card"]


def demo_card(**settings: Any) -> dict[str, Any]:
    """The samples "cold" (kept are the open device and its programs) and "headline" (the caches are
    on, and each round has a headline of its own)."""
    told = Settings(**settings)
    clock = Clock(told.seconds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_photographs(folder)
        same = _as_numpy_draws(told, folder)
        cold = _timed(told, folder, 0, Clock(clock.left / 2))
        headline = _timed(told, folder, CACHE_BYTES, clock)
    result = {"device": told.device, "cold": asdict(cold), "headline": asdict(headline)}
    return result if same else result | {"fault": "the card is not as NumPy draws it"}


def _compositions() -> Iterator[ImageComposition]:
    template = card_template()
    return (template.fill(job.values, job.name) for job in card_jobs(1_000_000))


def _as_numpy_draws(settings: Settings, folder: Path) -> bool:
    composition = next(_compositions())
    with Renderer("gl", folder, settings.index) as gl, Renderer("numpy", folder) as numpy:
        image = gl.render(composition)
        require(settings, image.device)
        return image.pixel_hash == numpy.render(composition).pixel_hash


def _timed(settings: Settings, folder: Path, cache_bytes: int, clock: Clock) -> Samples:
    samples = Samples()
    compositions = _compositions()
    with Renderer("gl", folder, settings.index, cache_bytes=cache_bytes) as renderer:
        require(settings, renderer.render(next(compositions)).device)
        for _ in clock.rounds(settings.rounds):
            stopwatch(partial(render_to_png, renderer, next(compositions), samples), samples)
    return samples
