"""A paragraph of 200 words in three runs, and a headline of one line, from text to pixels.

Fonts are open. Peers get the same files and the same width, and break lines themselves, but for Pillow,
which cannot: it is told our lines, and draws each run where the one before ends. What is timed ends with RGBA
pixels in main memory. Each keeps what it keeps: Skia and Pillow glyphs that are drawn once for many places,
ours none.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np
import pyvips
import skia
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import Rect
from engines.image_core.sources.text.builtin_fonts import family_font
from engines.image_core.sources.text.drawing import rasterise_text
from engines.image_core.sources.text.layout import lay_out
from tests.bench.contenders import Job
from tests.bench.timing import Samples, race

__all__ = ["paragraph", "short_line"]

_WIDTH, _HEIGHT, _SIZE, _HEADLINE, _TEXTS = 900, 600, 22.0, 96.0, 3
_FONTS = {
    weight: str(files("font_source_sans_pro") / f"files/SourceSansPro-{name}.otf")
    for weight, name in ((400, "Regular"), (700, "Bold"))
}
_INKS = {400: "#202020", 700: "#a01010"}
_WORDS = [
    "letters",
    "set",
    "in",
    "lines",
    "are",
    "read",
    "with",
    "ease",
    "where",
    "the",
    "eye",
    "finds",
    "what",
    "it",
    "looks",
    "for",
    "and",
    "hears",
    "no",
    "type",
]
_RECT = Rect(0, 0, _WIDTH, _HEIGHT)

Run = tuple[str, int]  # a text and its weight
Pixels = NDArray[np.uint8]


def paragraph(rounds: int) -> dict[str, Samples]:
    """200 words, the middle third bold and red."""
    return _raced(_paragraphs(), _SIZE, rounds)


def short_line(rounds: int) -> dict[str, Samples]:
    """A headline of four words."""
    return _raced(_lines(), _HEADLINE, rounds)


def _raced(texts: list[list[Run]], size: float, rounds: int) -> dict[str, Samples]:
    draws = {
        "image-core": _ours(size),
        "Skia Paragraph": _skia(size),
        "Pango through pyvips": _pango(size),
        "Pillow (raqm), told our lines": _pillow(size, texts),
    }
    return race(_jobs(draws, texts), rounds, alike=False)


def _jobs(draws: dict[str, Callable[[list[Run]], Any]], texts: list[list[Run]]) -> dict[str, Job]:
    def job(draw: Callable[[list[Run]], Any]) -> Job:
        turn = itertools.cycle(texts)
        return Job(lambda: draw(next(turn)), np.asarray)

    return {name: job(draw) for name, draw in draws.items()}


def _paragraphs() -> list[list[Run]]:
    """The texts that contenders set in turn."""
    found = []
    for number in range(_TEXTS):
        words = random.Random(number).choices(_WORDS, k=200)
        parts = words[:70], words[70:130], words[130:]
        found.append(
            [(" ".join(part) + " ", weight) for part, weight in zip(parts, (400, 700, 400), strict=True)]
        )
    return found


def _lines() -> list[list[Run]]:
    return [[(" ".join(random.Random(number).choices(_WORDS, k=4)), 400)] for number in range(_TEXTS)]


def _layer(runs: list[Run], size: float) -> TextLayer:
    written = [{"text": text, "weight": weight, "color": _INKS[weight]} for text, weight in runs]
    fields = {"type": "text", "runs": written, "size": size, "box_width": float(_WIDTH)}
    return TextLayer.model_validate(fields)


def _chains(runs: list[Run]) -> list[tuple[Any, ...]]:
    return [(family_font("Source Sans Pro", "bench", weight=weight),) for _, weight in runs]


def _ours(size: float) -> Callable[[list[Run]], Pixels]:
    def draw(runs: list[Run]) -> Pixels:
        image = rasterise_text(_layer(runs, size), _chains(runs), _RECT, "bench")
        assert image is not None
        return image.pixels

    return draw


def _skia(size: float) -> Callable[[list[Run]], Pixels]:
    provider = skia.textlayout.TypefaceFontProvider()
    for weight, path in _FONTS.items():
        provider.registerTypeface(skia.Typeface.MakeFromFile(path), str(weight))
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(provider)
    unicode = skia.Unicodes.ICU.Make()

    def draw(runs: list[Run]) -> Pixels:
        builder = skia.textlayout.ParagraphBuilder.make(skia.textlayout.ParagraphStyle(), collection, unicode)
        for text, weight in runs:
            style = skia.textlayout.TextStyle()
            style.setFontFamilies([str(weight)])
            style.setFontSize(size)
            style.setColor(int(_INKS[weight][1:], 16) | 0xFF000000)
            builder.pushStyle(style)
            builder.addText(text)
            builder.pop()
        set_text = builder.Build()
        set_text.layout(_WIDTH)
        pixels = np.zeros((_HEIGHT, _WIDTH, 4), np.uint8)
        set_text.paint(skia.Canvas(pixels), 0, 0)
        return pixels

    return draw


def _pango(size: float) -> Callable[[list[Run]], Pixels]:
    def draw(runs: list[Run]) -> Pixels:
        spans = "".join(
            f'<span weight="{weight}" foreground="{_INKS[weight]}">{escape(text)}</span>'
            for text, weight in runs
        )
        font = f"Source Sans Pro {size:g}"
        image = pyvips.Image.text(spans, font=font, fontfile=_FONTS[400], width=_WIDTH, dpi=72, rgba=True)
        return image.numpy()  # type: ignore[no-any-return]

    pyvips.Image.text("a", fontfile=_FONTS[700])  # so that Pango knows the bold too
    return draw


def _pillow(size: float, texts: list[list[Run]]) -> Callable[[list[Run]], Pixels]:
    fonts = {weight: ImageFont.truetype(path, size) for weight, path in _FONTS.items()}
    lines = {id(runs): _broken(runs, size) for runs in texts}

    def draw(runs: list[Run]) -> Pixels:
        canvas = Image.new("RGBA", (_WIDTH, _HEIGHT))
        pen = ImageDraw.Draw(canvas)
        for number, line in enumerate(lines[id(runs)]):
            x = 0.0
            for text, weight in line:
                pen.text((x, number * size * 1.2), text, _INKS[weight], fonts[weight])
                x += fonts[weight].getlength(text)
        return np.asarray(canvas)

    return draw


def _broken(runs: list[Run], size: float) -> list[list[Run]]:
    """The lines of a text as ours are, run by run."""
    letters = iter([(letter, weight) for text, weight in runs for letter in text])
    found = []
    for line in lay_out(_layer(runs, size), _chains(runs), "bench").lines:
        own = itertools.groupby(itertools.islice(letters, len(line.text) + 1), lambda pair: pair[1])
        found.append([("".join(letter for letter, _ in group), weight) for weight, group in own])
    return found
