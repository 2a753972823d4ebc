"""Text layers: laid out, their glyphs' outlines mapped to the parent's pixels, and filled.

    TextLayer -> layout -> outlines in 26.6 -> pieces, one for each paint -> RGBA

Outlines are scaled and rotated, never bitmaps: text is crisp under any transform. No float decides a pixel.
"""

from __future__ import annotations

import importlib.metadata
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial, reduce

import uharfbuzz as hb

from engines.image_core.errors import SourceError
from engines.image_core.models import TextLayer
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.planning.decoded import DecodedImage, LayerBox
from engines.image_core.planning.entries import EVERYWHERE
from engines.image_core.planning.fitting import layer_affine
from engines.image_core.planning.placement import outward
from engines.image_core.runtime.limits import Budget
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.paint import Frame, box_affine
from engines.image_core.sources.patterns import NO_PICTURES, PatternPictures, by_content
from engines.image_core.sources.text.color_glyphs import draw_color_glyphs
from engines.image_core.sources.text.faces import Chains
from engines.image_core.sources.text.hyphenation import HYPHENATION_VERSION
from engines.image_core.sources.text.inking import Ink, inks, layout_clip
from engines.image_core.sources.text.layout import Layout, lay_out
from engines.image_core.sources.text.opportunities import ICU_VERSIONS
from engines.image_core.sources.vector.outline import FREETYPE_VERSION, Outline
from engines.image_core.sources.vector.pieces import Drawn, Piece, drawn_pieces, filled

__all__ = ["rasterise_text", "text_bounds", "text_box", "text_hash", "text_outlines"]


def text_box(layer: TextLayer, chains: Chains, label: str) -> LayerBox:
    """The layer's box.

    The width is `box_width`, else the widest line's advance; the height is `box_height`, else that of all
    lines; of vertical text it is the other way round. Along a path it is the box around it, `size` larger on
    each side. Raises as `rasterise_text`.
    """
    layout, affine = _laid_out(layer, chains, label)
    width, height, left, top = layout.box
    return LayerBox(width, height, replace(IDENTITY, x0=left, y0=top).then(affine))


def text_bounds(layer: TextLayer, chains: Chains, label: str) -> Rect:
    """The parent's pixels that the outlines of all glyphs touch, seen or not. Raises as `rasterise_text`."""
    layout, affine = _laid_out(layer, chains, label)
    with _naming(label):
        found = list(inks(layer, layout, affine, EVERYWHERE, label))
        rects = [outline.bounds() for ink in found for outline in ink.outlines]
        bounds = reduce(Rect.union, [*rects, *map(_colored_bounds, found)], Rect(0, 0, 0, 0))
        clip = layout_clip(layer, layout, affine)
        return bounds if clip is None else bounds.intersect(clip.bounds())


def text_outlines(layer: TextLayer, chains: Chains, label: str) -> list[Outline]:
    """All glyphs, lines along them and fills behind them, seen or not, in 26.6 of the parent's pixels, each
    outline to be filled non-zero; of glyphs in colours of their own there is none. Raises as
    `rasterise_text`."""
    layout, affine = _laid_out(layer, chains, label)
    with _naming(label):
        found = inks(layer, layout, affine, EVERYWHERE, label)
        return [outline for ink in found for outline in ink.outlines]


def rasterise_text(
    layer: TextLayer,
    chains: Chains,
    region: Rect,
    label: str,
    budget: Budget | None = None,
    pictures: PatternPictures = NO_PICTURES,
) -> DecodedImage | None:
    """Draw a text layer.

    Args:
        layer: The text and its transform.
        chains: For each of its runs the fonts, as `family_font` or `load_font` made them.
        region: The pixels of the parent that are wanted.
        label: The layer, for messages.
        budget: Says how long it may take.
        pictures: Those of the text's patterns.

    Returns:
        The layer's paints in straight RGBA, alpha = coverage x the paint's alpha, in the tightest box
        around all pixels of alpha above 0 within the region, placed in the parent's pixels; None if there
        is no such pixel. Glyphs of one paint that overlap are filled as one shape; of several paints the
        later in the text lies over the earlier.

    Raises:
        CompositionError: a control character, glyphs larger than 16 million pixels, text that does not fit
            and must, or a path that no text can run along.
        SourceError: a character the fonts lack, a damaged glyph, or a path that is not SVG path data.
        TooLargeError: so much of it is seen that it would have too many pixels.
    """
    layout, affine = _laid_out(layer, chains, label)
    with _naming(label):
        clip = layout_clip(layer, layout, affine)
        budget = budget or Budget()
        found = inks(layer, layout, affine, region, label)
        pieces = [_piece(ink, affine, clip, region, pictures, label, budget) for ink in found]
        digest = text_hash(layer, chains, region, pictures)
        return drawn_pieces(pieces, region, digest, budget.clock(label))


def _laid_out(layer: TextLayer, chains: Chains, label: str) -> tuple[Layout, Affine]:
    """The layout, and what takes it to the parent's pixels."""
    layout = lay_out(layer, chains, label)
    return layout, layer_affine(layer.transform, *layout.box)


def _colored_bounds(ink: Ink) -> Rect:
    """The pixels that an ink's colour glyphs touch."""
    rects = []
    for glyph, affine in ink.colored:
        left, bottom, right, top = map(Fraction, glyph.box)
        rects.append(outward(affine.bounds(left, -top, right, -bottom)))
    return reduce(Rect.union, rects, Rect(0, 0, 0, 0))


def _piece(
    ink: Ink, affine: Affine, clip: Outline | None, region: Rect, pictures: PatternPictures, label: str,
    budget: Budget,
) -> Piece:  # fmt: skip
    if ink.colored:
        draw = partial(draw_color_glyphs, ink.colored, label=label, budget=budget)
        return Drawn(_colored_bounds(ink), draw, clip)
    if ink.box is None:
        nothing = Frame(Fraction(1), Fraction(1), Rect(0, 0, 0, 0))
        return filled(ink.outlines, ink.paint, affine, nothing, region, pictures, clip)
    left, top, right, bottom = ink.box
    box = box_affine(left, top, right - left, bottom - top).then(affine)
    around = outward(affine.bounds(left, top, right, bottom)).expand(2)
    frame = Frame(right - left, bottom - top, around)
    return filled(ink.outlines, ink.paint, box, frame, region, pictures, clip)


@contextmanager
def _naming(label: str) -> Iterator[None]:
    """Let the errors of fonts and outlines, which know of no layers, name the layer."""
    try:
        yield
    except SourceError as error:
        raise SourceError(f"{label}: {error}") from error


_OF_FONTS = ("font", "fonts", "weight", "italic", "axes")


def text_hash(layer: TextLayer, chains: Chains, region: Rect, pictures: PatternPictures = NO_PICTURES) -> str:
    """SHA-256 hex digest of all that decides a text's pixels; fonts count by their bytes and the pictures of
    patterns by what they hold, not by their names."""
    fields = by_content(layer.drawing(*_OF_FONTS), pictures)
    for run in fields.get("runs", ()):
        for name in _OF_FONTS:
            run.pop(name, None)
    fonts = [[font.digest for font in chain] for chain in chains]
    box = [region.left, region.top, region.right, region.bottom]
    return content_hash("text", {"layer": fields, "fonts": fonts, "region": box}, *_libraries())


@cache
def _libraries() -> list[str]:
    """Names and versions of all that decides where glyphs lie and what they cover."""
    packages = [
        f"{name} {importlib.metadata.version(name)}"
        for name in (
            "uharfbuzz",
            "python-bidi",
            "unicodedataplus",
            "pillow",
            "resvg_py",
        )  # the last for colour glyphs
    ]
    unicode = f"unicodedata {unicodedata.unidata_version}"  # shaping asks it which marks soft hyphens pass
    native = [f"harfbuzz {hb.version_string()}", FREETYPE_VERSION, ICU_VERSIONS, HYPHENATION_VERSION]
    return [*packages, *native, unicode]
