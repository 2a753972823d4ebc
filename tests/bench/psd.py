"""Photoshop files, parsed before: ours, and psd-tools' own compositing of their layers.

IMAGE_CORE_PSD names a folder of them, as tests/photoshop reads it. One measurement is all files of it whose
picture Photoshop itself stored, one after the other, each as if it were met for the first time: nothing is
kept between them but compiled programs. What is timed begins with parsed files, whose pixels are still
packed, and ends with RGBA pixels in main memory.
"""

from __future__ import annotations

import io
import itertools
import logging
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage

from engines.image_core import ImageComposition, PngOptions, Renderer
from engines.image_core.export import encode
from engines.image_core.psd.template import PsdTemplate
from tests.bench.card_ours import compose
from tests.bench.contenders import Job
from tests.bench.psd_card import HEADLINE, write_psd_card
from tests.bench.timing import Samples, race
from tests.photoshop.measuring import collection

__all__ = ["corpus", "headlines", "psd_folder"]

U8 = NDArray[np.uint8]


def psd_folder() -> Path | None:
    """The folder of Photoshop files; None where none is named."""
    name = os.environ.get("IMAGE_CORE_PSD")
    return Path(name) if name else None


def corpus(folder: Path, rounds: int) -> dict[str, Samples]:
    """All files of the folder, by each contender."""
    warnings.filterwarnings("ignore")
    logging.getLogger("psd_tools").setLevel(logging.CRITICAL)
    paths = [sample.path for sample in collection(folder)]
    root = folder / "files"
    templates = [PsdTemplate.open(path, source=path.name, profile="keep") for path in paths]
    images = [PSDImage.open(path) for path in paths]
    with Renderer("gl", root, cache_bytes=0) as gl, Renderer("numpy", root, cache_bytes=0) as numpy:
        jobs = {
            "image-core gl": _job(lambda: _ours(gl, templates)),
            "image-core numpy": _job(lambda: _ours(numpy, templates)),
            "psd-tools": _job(lambda: [_theirs(image) for image in images]),
        }
        return race(jobs, rounds, alike=False)


def headlines(rounds: int) -> dict[str, Samples]:
    """A Photoshop file of 20 layers with another headline each time, to PNG, beside the social card that is a
    template of JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_psd_card(folder)
        time.sleep(2.5)  # until the files count as old: see `sources.files`
        template = PsdTemplate.open(path, source=path.name)
        with Renderer("gl", folder) as gl, Renderer("numpy", folder) as numpy:
            jobs: dict[str, Job] = {}
            for renderer, contender in ((gl, "gl"), (numpy, "numpy")):
                jobs[f"{contender}, a PSD file"] = _headline(renderer, partial(_of_psd, template))
                jobs[f"{contender}, the social card"] = _headline(renderer, compose)
            for job in jobs.values():
                for _ in range(_WARM):
                    job.run()
            return race(jobs, rounds, alike=False)


_WARM = 3
"""Headlines drawn before any is timed: a shape that comes again gets a program of its own."""


def _of_psd(template: PsdTemplate, headline: str) -> ImageComposition:
    return template.composition(tenant_id="bench", env="bench", text={HEADLINE: headline})


def _headline(renderer: Renderer, composed: Callable[[str], ImageComposition]) -> Job:
    numbers = itertools.count()

    def run() -> bytes:
        composition = composed(f"Launch {next(numbers)}\nhas arrived")
        return encode(renderer.render(composition).pixels, PngOptions())

    return Job(run, lambda file: np.asarray(Image.open(io.BytesIO(file)).convert("RGBA")))


def _ours(renderer: Renderer, templates: list[PsdTemplate]) -> list[U8]:
    compositions = (template.composition(tenant_id="bench", env="bench") for template in templates)
    return [renderer.render(composition).pixels for composition in compositions]


def _theirs(image: PSDImage) -> U8:
    picture = image.composite(ignore_preview=True)
    assert picture is not None
    return np.asarray(picture.convert("RGBA"))


def _job(run: Callable[[], list[U8]]) -> Job:
    return Job(run, lambda pictures: pictures[0])
