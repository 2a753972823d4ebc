"""PNG files by effort, against Pillow's default: the social card, and photographs."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data as photographs

from engines.image_core import PngOptions, Renderer
from engines.image_core.export import encode_png
from engines.image_core.export.options import Effort
from tests.bench.card_ours import compose, write_files
from tests.bench.timing import Samples, stopwatch

__all__ = ["written_files"]

_EFFORTS: tuple[Effort, ...] = ("fast", "balanced")


def written_files(rounds: int) -> dict[str, dict[str, Samples]]:
    """Every picture by every encoder; the name of a row tells the bytes of its file."""
    return {name: _written(pixels, rounds) for name, pixels in _pictures().items()}


def _pictures() -> dict[str, NDArray[np.uint8]]:
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder))
        with Renderer("numpy", folder) as renderer:
            card = np.array(renderer.render(compose("Launch day\nhas arrived")).pixels)
    enlarged = Image.fromarray(photographs.astronaut()).resize((1080, 1080), Image.Resampling.LANCZOS)
    pictures = {
        "coffee, 600x400": Image.fromarray(photographs.coffee()),
        "rocket, 640x427": Image.fromarray(photographs.rocket()),
        "astronaut enlarged to 1080x1080": enlarged,
    }
    return {"the social card, 1200x630": card} | {
        f"photograph, {name}": np.array(picture.convert("RGBA")) for name, picture in pictures.items()
    }


def _written(pixels: NDArray[np.uint8], rounds: int) -> dict[str, Samples]:
    encoders: dict[str, Callable[[], bytes]] = {
        f"image-core {effort}": partial(encode_png, pixels, PngOptions(effort=effort)) for effort in _EFFORTS
    }
    encoders["Pillow's default"] = partial(_pillow, Image.fromarray(pixels).convert("RGB"))
    rows = {name: (f"{name}, {len(encode()):,} bytes", encode) for name, encode in encoders.items()}
    results = {title: Samples() for title, _ in rows.values()}
    for _ in range(rounds):
        for title, encode in rows.values():
            stopwatch(encode, results[title])
    return results


def _pillow(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
