"""How far our pictures of Photoshop files are from the merged pictures that Photoshop stored in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from psd_tools.psd import PSD

from engines.image_core import Renderer
from engines.image_core.psd.template import PsdTemplate

U8 = NDArray[np.uint8]


@dataclass(frozen=True)
class Sample:
    """A file of the collection: where it is, and what is in it (`clip`, `adj:curves`, ...)."""

    path: Path
    features: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """The largest difference, the mean and the share of pixels over two steps; or why there is none."""

    sample: Sample
    largest: float = np.inf
    mean: float = np.inf
    over_two: float = 1.0
    error: str = ""


def collection(folder: Path) -> list[Sample]:
    """The files whose merged picture is Photoshop's own, as the folder's manifest.json lists them."""
    entries = json.loads((folder / "manifest.json").read_text())
    return [
        Sample(folder / "files" / entry["file"], tuple(entry["features"] or ()))
        for entry in entries
        if entry["scored"]
    ]


def scores(samples: list[Sample], *, redrawn: bool = False) -> Iterator[Score]:
    """Draw each file with NumPy and compare it."""
    for sample in samples:
        try:
            steps = differences(sample.path, drawn(sample.path, redrawn=redrawn))
        except Exception as error:  # what cannot be mapped is a row of the table as well
            yield Score(sample, error=f"{type(error).__name__}: {error}".splitlines()[0])
            continue
        yield Score(sample, float(steps.max()), float(steps.mean()), float((steps > 2.01).mean()))


def drawn(path: Path, *, redrawn: bool = False) -> U8:
    """A Photoshop file drawn by our rules: straight RGBA."""
    template = PsdTemplate.open(path, profile="keep")
    composition = template.composition(
        tenant_id="t", env="test", redraw={"shape", "fill"} if redrawn else False
    )
    with Renderer("numpy", root=path.parent) as renderer:
        return renderer.render(composition).pixels


def differences(path: Path, ours: U8) -> NDArray[np.float64]:
    """Per pixel the largest difference over the channels, in 8-bit steps.

    Photoshop stores merged colour over white where a file has transparency; where its count of layers is
    negative, the fourth channel is the picture's alpha.
    """
    with path.open("rb") as file:
        psd = PSD.read(file)
    planes = psd.image_data.get_data(psd.header, split=True)
    height, width = psd.header.height, psd.header.width
    merged = np.stack([np.frombuffer(bytes(plane), np.uint8).reshape(height, width) for plane in planes], -1)
    mine = ours.astype(np.float64)
    alpha = mine[..., 3:] / 255
    steps: NDArray[np.float64] = np.abs(mine[..., :3] * alpha + 255 * (1 - alpha) - merged[..., :3]).max(-1)
    info = psd.layer_and_mask_information.layer_info
    if info is not None and info.layer_count < 0 and merged.shape[2] > 3:
        steps = np.maximum(steps, np.abs(mine[..., 3] - merged[..., 3]))
    return steps
