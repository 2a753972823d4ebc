"""What colour glyphs are drawn from: paints, an SVG document, or pictures, each drawn alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.runtime.limits import Budget
from engines.image_core.sources.text.color_documents import GlyphDocument
from engines.image_core.sources.text.color_drawing import draw_paint
from engines.image_core.sources.text.color_paints import Paint
from engines.image_core.sources.text.color_pictures import GlyphPicture
from engines.image_core.sources.text.glyph_outlines import GlyphOutline
from engines.image_core.sources.vector.outline import FillWork

__all__ = ["Documented", "Form", "Job", "Painted", "Pictured"]

_BAND = 1 << 17  # pixels drawn at a time: paints nested 64 deep take some hundred megabytes
_UP = Affine(Fraction(1), Fraction(0), Fraction(0), Fraction(-1), Fraction(0), Fraction(0))
"""Turns y upwards to y downwards, and back."""


@dataclass(frozen=True)
class Job:
    """What drawing needs besides the glyph: the layer's name, its budget, and the work done for it."""

    label: str
    budget: Budget
    work: FillWork = field(default_factory=FillWork)


class Form(Protocol):
    """What a colour glyph is drawn from."""

    def draw(self, affine: Affine, region: Rect, job: Job) -> NDArray[np.uint8]:
        """The glyph over nothing, straight RGBA8 of the region's shape. affine: from font units, y
        downwards."""


@dataclass(frozen=True, eq=False)
class Painted:
    """Drawn from paints, whose outlines are those of glyphs by their numbers."""

    paint: Paint
    outline: Callable[[int], GlyphOutline]

    def draw(self, affine: Affine, region: Rect, job: Job) -> NDArray[np.uint8]:
        """See `Form`."""
        pixels = np.empty((region.height, region.width, 4), np.uint8)
        clock = job.budget.clock(job.label)
        for band in _bands(region):
            drawn = draw_paint(self.paint, self.outline, _UP.then(affine), band, job.work, clock)
            pixels[band.top - region.top : band.bottom - region.top] = drawn
        return pixels


@dataclass(frozen=True, eq=False)
class Documented:
    """Drawn from an SVG document; the name is the glyph's, for messages."""

    document: GlyphDocument
    name: str

    def draw(self, affine: Affine, region: Rect, job: Job) -> NDArray[np.uint8]:
        """See `Form`."""
        return self.document.draw(affine, region, self.name, job.budget)


@dataclass(frozen=True, eq=False)
class Pictured:
    """Pictures in several sizes, each with its pixels per em, the smallest first."""

    pictures: tuple[tuple[int, GlyphPicture], ...]
    units_per_em: int

    def draw(self, affine: Affine, region: Rect, job: Job) -> NDArray[np.uint8]:
        """See `Form`."""
        picture = self._nearest(affine)
        pixels = np.empty((region.height, region.width, 4), np.uint8)
        clock = job.budget.clock(job.label)
        for band in _bands(region):
            clock()
            drawn = picture.draw(_UP.then(affine), band)
            pixels[band.top - region.top : band.bottom - region.top] = drawn
        return pixels

    def _nearest(self, affine: Affine) -> GlyphPicture:
        """The smallest that is not enlarged, or the largest."""
        squared = max(affine.xx**2 + affine.yx**2, affine.xy**2 + affine.yy**2) * self.units_per_em**2
        enough = (picture for size, picture in self.pictures if size * size >= squared)
        return next(enough, self.pictures[-1][1])


def _bands(region: Rect) -> Iterator[Rect]:
    rows = max(_BAND // max(region.width, 1), 1)
    for top in range(region.top, region.bottom, rows):
        yield Rect(region.left, top, region.right, min(top + rows, region.bottom))
