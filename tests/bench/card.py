"""The social card, from files to a PNG or WEBP file, ours and as peers' programs.

Cold: nothing is kept between rounds but open devices and compiled programs. Template: another headline each
round; ours keeps what its caches do, and peers redo all, or keep the picture below the headline.
"""

from __future__ import annotations

import io
import itertools
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from engines.image_core import PngOptions, Renderer, WebpOptions
from engines.image_core.export import encode
from tests.bench.card_ours import compose, write_files
from tests.bench.card_peers import PROGRAMS, WEBP_QUALITY, Program
from tests.bench.timing import Samples, difference, stopwatch

__all__ = ["cold_cards", "template_cards"]

Draw = Callable[[str], bytes]
CardFormat = Literal["PNG", "WEBP"]


def cold_cards(rounds: int, format: CardFormat, out: Path) -> dict[str, Samples]:
    """Every contender draws the whole card from its files. out: where each one's picture goes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        with Renderer("gl", folder, cache_bytes=0) as gl, Renderer("numpy", folder, cache_bytes=0) as numpy:
            draws = _ours(gl, numpy, format)
            for program in PROGRAMS:
                if format == "PNG" or program.webp:
                    draws[program.name] = partial(_whole, program, folder, format)
            return _race(draws, rounds, out)


def template_cards(rounds: int) -> dict[str, Samples]:
    """Every contender draws the card with a headline it has not drawn yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        with Renderer("gl", folder) as gl, Renderer("numpy", folder) as numpy:
            draws = _ours(gl, numpy, "PNG")
            for program in PROGRAMS:
                kept = program.background(folder)
                if program.name == "pyvips":
                    kept = kept.copy_memory()  # else it is a recipe that is run again
                draws[f"{program.name}, all redone"] = partial(_whole, program, folder, "PNG")
                draws[f"{program.name}, background kept"] = partial(program.png, kept)
            return _race(draws, rounds, None)


def _whole(program: Program, folder: Path, format: CardFormat, headline: str) -> bytes:
    finish = program.png if format == "PNG" else program.webp
    assert finish is not None, "programs that write no WEBP are left out of that race"
    return finish(program.background(folder), headline)


def _ours(gl: Renderer, numpy: Renderer, format: CardFormat) -> dict[str, Draw]:
    options = PngOptions() if format == "PNG" else WebpOptions(quality=WEBP_QUALITY, effort="balanced")

    def drawn(renderer: Renderer, headline: str) -> bytes:
        return encode(renderer.render(compose(headline)).pixels, options)

    return {"image-core gl": partial(drawn, gl), "image-core numpy": partial(drawn, numpy)}


def _race(draws: dict[str, Draw], rounds: int, out: Path | None) -> dict[str, Samples]:
    """As `timing.race`, of functions that draw a headline to a file."""
    results = {name: Samples() for name in draws}
    first = None
    for name, draw in draws.items():
        file = draw("Launch day\nhas arrived")
        pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGBA"))
        first = pixels if first is None else first
        results[name].difference = difference(first, pixels)
        if out is not None:
            Image.fromarray(pixels).save(out / f"card {name}.png")
    names, numbers = list(draws), itertools.count()
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            headline = f"Launch {next(numbers)}\nhas arrived"
            stopwatch(lambda n=name, h=headline: draws[n](h), results[name])  # type: ignore[misc]  # as above
    return results
