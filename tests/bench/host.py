"""What a card costs the host: processor time outside the device and the encoder.

The demo card from a template, another headline each time, so that all but the headline was there before.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from engines.image_core import Renderer
from engines.image_core.documents.demo import write_photos
from engines.image_core.documents.templates import Template
from tests.bench.batch import card_template
from tests.bench.timing import Samples, stopwatch

__all__ = ["host_time"]

CARDS_A_ROUND = 20
"""A card takes a few milliseconds: one alone would tell more of the machine than of the card."""


def host_time(rounds: int) -> Samples:
    """Milliseconds of processor time a card, of all threads, by stage: model (the template filled and
    checked), sources and plan. Two of each card's three lines of text stay as they are."""
    samples = Samples()
    template = card_template()
    with tempfile.TemporaryDirectory() as folder:
        write_photos(Path(folder))
        # Nothing is drawn: no part of planning depends on what was.
        with Renderer("numpy", root=folder) as renderer:
            _planned(renderer, template, "Warm\nas it is.", Samples())
            time.sleep(2.5)  # until the photographs count as old: see `sources.files`
            for number in range(-1, CARDS_A_ROUND * rounds):
                counted = samples if number >= 0 else Samples()
                _planned(renderer, template, f"Card {number},\nhere to orbit.", counted)
    return samples


def _planned(renderer: Renderer, template: Template, headline: str, samples: Samples) -> None:
    stages: dict[str, float] = {}

    def plan() -> None:
        started = time.process_time()
        composition = template.fill({"headline": headline})
        stages["model"] = 1000 * (time.process_time() - started)
        # The renderer times its stages by the wall clock; here that clock tells processor time.
        with patch.object(time, "perf_counter", time.process_time):
            timings = renderer.plan(composition).timings
        stages.update(sources=timings["decode"], plan=timings["plan"])

    stopwatch(plan, samples)
    samples.add_stages(stages)
