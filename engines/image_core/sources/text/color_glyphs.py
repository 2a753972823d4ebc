"""Glyphs of colour fonts drawn in colour.

    ColorGlyphs (a font's colour tables) -> ColorGlyph -> draw_color_glyphs -> RGBA

A glyph is drawn from the first of these that the font has for it: paints (COLR, versions 1 and 0), an SVG
document, pictures (sbix, or CBDT with CBLC).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import uharfbuzz as hb
from numpy.typing import NDArray

from engines.image_core.composition.fields import parse_color
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.numbers.fixed import to8, to15
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.planning.placement import outward
from engines.image_core.runtime.limits import Budget, RenderLimits
from engines.image_core.sources.raster.decoding import decode_image
from engines.image_core.sources.text.color_documents import glyph_document
from engines.image_core.sources.text.color_drawing import TooFarError
from engines.image_core.sources.text.color_forms import Documented, Form, Job, Painted, Pictured
from engines.image_core.sources.text.color_modes import paint_over
from engines.image_core.sources.text.color_paints import (
    UnboundedPaintError,
    paint_box,
    without_idle_boxes,
)
from engines.image_core.sources.text.color_pictures import GlyphPicture
from engines.image_core.sources.text.color_strikes import StrikePicture, bitmap_pictures, sbix_pictures
from engines.image_core.sources.text.color_tables import (
    ColorTables,
    DamagedPaintError,
    TooManyPaintsError,
    palette,
)
from engines.image_core.sources.text.glyph_outlines import GlyphOutline

__all__ = ["ColorGlyph", "ColorGlyphs", "draw_color_glyphs", "has_color"]

_KEPT = 1 << 16  # pixels of a drawn glyph that is kept for the next of its kind
_GLYPHS_KEPT = 64
_READ = 512  # glyphs kept as read: pictures of them may take a hundred kilobytes each
_PICTURE_LIMITS = RenderLimits(source_pixels=1 << 22)
_MAX_PICTURE_PIXELS = 1 << 24  # in all strikes of a glyph


@dataclass(frozen=True, eq=False)
class ColorGlyph:
    """A glyph in colour.

    Attributes:
        box: left, bottom, right, top in font units, y upwards, around all that it may draw; zeros where it
            draws nothing.
        form: what it is drawn from.
    """

    box: tuple[int, int, int, int]
    form: Form


def has_color(face: hb.Face) -> bool:
    """Whether a font has tables of glyphs in colour, in any of the forms read here."""
    if any(_table(face, tag) for tag in ("COLR", "SVG ", "sbix")):
        return True
    return bool(_table(face, "CBLC") and _table(face, "CBDT"))


class ColorGlyphs:
    """The glyphs of a font that have colour. Several threads may use it at once.

    Args:
        face: The font.
        place: Where it lies on its normalised axes, in 2^-14; empty for a font without axes.
        name: The font's name, for messages.
        outline: A glyph's outline by its number.

    Raises:
        struct.error: a table is damaged.
    """

    def __init__(
        self, face: hb.Face, place: tuple[int, ...], name: str, outline: Callable[[int], GlyphOutline]
    ) -> None:
        self._face = face
        self._name = name
        self._outline = outline
        if _table(face, "SVG ") and not face.has_color_svg:  # HarfBuzz leaves out what is damaged
            raise struct.error
        self._tables = {tag: _table(face, tag) for tag in ("COLR", "CPAL", "sbix", "CBLC", "CBDT")}
        self._palette = palette(self._tables["CPAL"])
        self._layers = (
            ColorTables(self._tables["COLR"], self._tables["CPAL"], place) if self._tables["COLR"] else None
        )
        self.glyph = lru_cache(maxsize=_READ)(self._read)

    def _read(self, glyph: int, foreground: str) -> ColorGlyph | None:
        """A glyph in colour (`glyph` is this with a cache).

        Args:
            glyph: Its number.
            foreground: #rrggbb or #rrggbbaa: the colour of what the font leaves to the text.

        Returns:
            The glyph, or None where the font has only an outline for it.

        Raises:
            SourceError: what the font has for it is damaged, too much, or not allowed. The message names
                the glyph and the font.
        """
        name = f"glyph {glyph} of font {self._name!r}"
        try:
            if self._layers and self._layers.has(glyph):
                return self._painted(self._layers, glyph, foreground)
            document = bytes(self._face.get_glyph_color_svg(glyph).data)
            if document:
                return self._documented(document, glyph, foreground, name)
            return self._pictured(glyph, name)
        except TooManyPaintsError:
            raise SourceError(f"{name} is made of too many paints") from None
        except UnboundedPaintError:
            raise SourceError(f"{name} is painted without bounds") from None
        except (DamagedPaintError, struct.error):
            raise SourceError(f"{name} is damaged") from None

    def _painted(self, tables: ColorTables, glyph: int, foreground: str) -> ColorGlyph:
        paint = tables.paint(glyph, parse_color(foreground))

        def box(number: int) -> tuple[int, int, int, int]:
            return self._outline(number).box

        return ColorGlyph(paint_box(paint, box), Painted(without_idle_boxes(paint, box), self._outline))

    def _documented(self, document: bytes, glyph: int, foreground: str, name: str) -> ColorGlyph:
        upem = self._face.upem
        found = glyph_document(document, glyph, self._palette, foreground, upem, name)
        return ColorGlyph(found.box(upem, name), Documented(found, name))

    def _pictured(self, glyph: int, name: str) -> ColorGlyph | None:
        strikes = (
            bitmap_pictures(self._tables["CBLC"], self._tables["CBDT"], glyph) if self._tables["CBLC"] else []
        )
        if self._tables["sbix"]:
            strikes += sbix_pictures(self._tables["sbix"], glyph, self._face.glyph_count)
        if not strikes:
            return None
        upem = self._face.upem
        strikes.sort(key=_per_em)
        pictures = []
        total = 0
        for strike in strikes:
            picture = _decoded(strike, upem, name)
            pictures.append((_per_em(strike), picture))
            total += picture.pixels.size // 4
            if total > _MAX_PICTURE_PIXELS:
                raise SourceError(f"{name} has pictures of more than {_MAX_PICTURE_PIXELS:,} pixels in all")
        return ColorGlyph(_pictures_box(pictures, upem), Pictured(tuple(pictures), upem))


def _per_em(strike: StrikePicture) -> int:
    return max(strike.across, strike.up)


def _pictures_box(pictures: list[tuple[int, GlyphPicture]], upem: int) -> tuple[int, int, int, int]:
    """Around all of a glyph's pictures: colours between pixels spread half a pixel beyond the edges."""
    edges = []
    for size, picture in pictures:
        height, width = map(Fraction, picture.pixels.shape[:2])
        left, bottom, right, top = picture.place.bounds(Fraction(0), Fraction(0), width, height)
        margin = Fraction(upem, size)
        edges.append((left - margin, bottom - margin, right + margin, top + margin))
    lefts, bottoms, rights, tops = zip(*edges, strict=True)
    around = outward((min(lefts), min(bottoms), max(rights), max(tops)))
    return around.left, around.top, around.right, around.bottom


def _table(face: hb.Face, tag: str) -> bytes:
    return bytes(face.reference_table(tag).data)


def _decoded(strike: StrikePicture, upem: int, name: str) -> GlyphPicture:
    pixels = decode_image(strike.data, name, limits=_PICTURE_LIMITS).pixels
    x, y = Fraction(upem, strike.across), Fraction(upem, strike.up)
    top = strike.edge if strike.hangs else strike.edge + pixels.shape[0]
    return GlyphPicture(pixels, Affine(x, Fraction(0), Fraction(0), -y, x * strike.left, y * top))


def draw_color_glyphs(
    items: Sequence[tuple[ColorGlyph, Affine]], rect: Rect, label: str, budget: Budget | None = None
) -> NDArray[np.uint8]:
    """Draw colour glyphs in order, each normally over the last.

    Args:
        items: Glyphs, each with what takes font units, y downwards from its origin on the baseline, to
            pixels of the parent.
        rect: The parent's pixels that are wanted.
        label: The layer, for messages about what it asks for; those about a font name none.
        budget: Says how long it may take.

    Returns:
        uint8, shape (rect.height, rect.width, 4): straight RGBA, what is invisible 0, 0, 0, 0. Each glyph
        is rounded to 8 bits and then composited by the rule of a normal layer.

    Raises:
        SourceError: a glyph's data is damaged or not allowed.
        CompositionError: a glyph reaches too far, or the time is over.
    """
    job = Job(label, budget or Budget())
    pixels = np.zeros((rect.height, rect.width, 4), np.uint8)
    drawn = _Drawn()
    for glyph, affine in items:
        left, bottom, right, top = map(Fraction, glyph.box)
        whole = outward(affine.bounds(left, -top, right, -bottom))
        area = whole.intersect(rect)
        if area.empty:
            continue
        place = area.shift(-rect.left, -rect.top)
        try:
            tile = drawn.tile(glyph, affine, whole, area, job)
        except TooFarError as error:
            raise CompositionError(f"{label}: glyphs are too large: allowed is 16777216 pixels") from error
        _over(tile, pixels[place.top : place.bottom, place.left : place.right])
    return pixels


class _Drawn:
    """Draws glyphs and keeps small ones: an emoji said thrice is often drawn once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, Affine], NDArray[np.uint8]] = {}

    def tile(self, glyph: ColorGlyph, affine: Affine, whole: Rect, area: Rect, job: Job) -> NDArray[np.uint8]:
        """The pixels of an area of the glyph's whole box."""
        if whole.width * whole.height > _KEPT:
            return glyph.form.draw(affine, area, job)
        moved = Affine(
            affine.xx, affine.xy, affine.yx, affine.yy, affine.x0 - whole.left, affine.y0 - whole.top
        )
        key = id(glyph), moved
        if key not in self._kept:
            if len(self._kept) >= _GLYPHS_KEPT:
                self._kept.clear()
            self._kept[key] = glyph.form.draw(moved, Rect(0, 0, whole.width, whole.height), job)
        place = area.shift(-whole.left, -whole.top)
        return self._kept[key][place.top : place.bottom, place.left : place.right]


def _over(source: NDArray[np.uint8], backdrop: NDArray[np.uint8]) -> None:
    """Composite straight RGBA8 of one shape, in place; over nothing it stays as it is."""
    if not backdrop[..., 3].any():
        backdrop[:] = source
        return
    planes = to15(np.moveaxis(backdrop, -1, 0))
    own = to15(np.moveaxis(source, -1, 0))
    paint_over(own, own[3], planes)
    planes = to8(planes)
    planes *= planes[3] > 0
    backdrop[:] = np.moveaxis(planes, 0, -1)
