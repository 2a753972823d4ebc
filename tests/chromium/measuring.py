"""All paragraphs set by both programs, and how far apart they come out."""

from __future__ import annotations

import itertools
import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.image_core import Renderer
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.reading import Reading
from engines.image_core.sources.text.faces import Chains
from engines.image_core.sources.text.families import FontFolder
from tests.chromium.browser import set_page
from tests.chromium.comparing import Apart, apart
from tests.chromium.fonts import gather
from tests.chromium.inking import MARGIN, Ink, curve, draw, grey, through
from tests.chromium.latin import LATIN
from tests.chromium.page import Place, page
from tests.chromium.rounding import rounded_baseline
from tests.chromium.samples import Sample
from tests.chromium.scripts import INDIC, OTHERS, RIGHT_TO_LEFT, SOUTH_EAST
from tests.chromium.typesetting import Typeset, by_chromium, by_us

__all__ = ["GROUPS", "SAMPLES", "Row", "rows"]

GROUPS = {
    "Latin, some Greek and Cyrillic": LATIN,
    "Arabic and Hebrew": RIGHT_TO_LEFT,
    "ten scripts of India and Sri Lanka": INDIC,
    "Thai, Lao, Khmer and Burmese": SOUTH_EAST,
    "Georgian, Armenian, Ethiopic, many in one line, emoji": OTHERS,
}
SAMPLES = tuple(itertools.chain.from_iterable(GROUPS.values()))

_COLUMNS = 4


@dataclass(frozen=True)
class Row:
    """A paragraph's measurements.

    Attributes:
        name: Of the sample.
        apart: Where its lines and letters are.
        ink: What was drawn, ours moved so that the first baselines meet on whole pixels.
        curved: The difference of ink that Chromium's contrast and gamma leave.
        unexplained: How far Chromium's first baseline is from where its rounding puts it, in pixels; 0 for
            paragraphs in several styles.
    """

    name: str
    apart: Apart
    ink: Ink
    curved: float
    unexplained: float


def rows() -> list[Row]:
    """Set all paragraphs and compare them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fonts = gather(folder)
        reading = Reading(FileRoot(None), None, FontFolder(folder))
        chains = [reading.fonts(sample.layer, sample.name) for sample in SAMPLES]
        ours = [by_us(sample.layer, chain) for sample, chain in zip(SAMPLES, chains, strict=True)]
        sheet = _sheet(ours)
        sections, pixels = set_page(page(zip(SAMPLES, sheet.places, strict=True), fonts), *sheet.size)
        theirs = [
            by_chromium(section, sample.layer, one)
            for section, sample, one in zip(sections, SAMPLES, ours, strict=True)
        ]
        with Renderer("numpy", fonts=folder) as renderer:
            inks = list(_inks(renderer, ours, theirs, sheet, pixels))
    pairs = list(zip(ours, theirs, strict=True))
    aparts = [apart(*pair, sample.text) for sample, pair in zip(SAMPLES, pairs, strict=True)]
    levels = curve([ink for ink, far in zip(inks, aparts, strict=True) if far.near])
    unexplained = [
        _unexplained(sample, chain, two) for sample, chain, two in zip(SAMPLES, chains, theirs, strict=True)
    ]
    return [
        Row(sample.name, far, ink, through(ink, levels).apart, baseline)
        for sample, far, ink, baseline in zip(SAMPLES, aparts, inks, unexplained, strict=True)
    ]


class _Sheet(NamedTuple):
    """The page: where its paragraphs begin, how large their pictures are, and how large it is."""

    places: list[Place]
    pictures: list[tuple[int, int]]
    size: tuple[int, int]


def _sheet(ours: list[Typeset]) -> _Sheet:
    """Paragraphs in columns, with room for a line more than ours have."""
    widths = [math.ceil(sample.layer.inline_size or 0) + 2 * MARGIN for sample in SAMPLES]
    heights = [math.ceil(one.height * 1.3) + 40 + 2 * MARGIN for one in ours]
    column, downs = max(widths), [0] * _COLUMNS
    places = []
    for number, height in enumerate(heights):
        at = number % _COLUMNS
        places.append(Place(at * column + MARGIN, downs[at] + MARGIN))
        downs[at] += height
    return _Sheet(places, list(zip(widths, heights, strict=True)), (_COLUMNS * column, max(downs)))


def _inks(
    renderer: Renderer, ours: list[Typeset], theirs: list[Typeset], sheet: _Sheet, pixels: NDArray[np.uint8]
) -> Iterator[Ink]:
    together = zip(SAMPLES, ours, theirs, sheet.places, sheet.pictures, strict=True)
    for sample, one, two, place, (width, height) in together:
        down = round(two.baselines[0]) - one.baselines[0]
        left, top = place.x - MARGIN, place.y - MARGIN
        cut = pixels[top : top + height, left : left + width]
        yield Ink(grey(draw(renderer, sample.layer, (width, height), down)), grey(cut))


def _unexplained(sample: Sample, chain: Chains, theirs: Typeset) -> float:
    if sample.layer.runs is not None:
        return 0.0
    return abs(rounded_baseline(sample.layer, chain[0][0]) - theirs.baselines[0])
