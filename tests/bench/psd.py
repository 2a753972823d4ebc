"""Photoshop files, parsed before: ours, and psd-tools' own compositing of their layers.

IMAGE_CORE_PSD names a folder of them, as tests/photoshop reads it. One measurement is all files of it whose
picture Photoshop itself stored, one after the other, each as if it were met for the first time: nothing is
kept between them but compiled programs. What is timed begins with parsed files, whose pixels are still
packed, and ends with RGBA pixels in main memory.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from psd_tools import PSDImage

from engines.image_core import Renderer
from engines.image_core.psd.template import PsdTemplate
from tests.bench.contenders import Job
from tests.bench.timing import Samples, race
from tests.photoshop.measuring import collection

__all__ = ["corpus", "psd_folder"]

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


def _ours(renderer: Renderer, templates: list[PsdTemplate]) -> list[U8]:
    compositions = (template.composition(tenant_id="bench", env="bench") for template in templates)
    return [renderer.render(composition).pixels for composition in compositions]


def _theirs(image: PSDImage) -> U8:
    picture = image.composite(ignore_preview=True)
    assert picture is not None
    return np.asarray(picture.convert("RGBA"))


def _job(run: Callable[[], list[U8]]) -> Job:
    return Job(run, lambda pictures: pictures[0])
