"""Glyphs that a font has as SVG: OpenType 1.9.1, "SVG".

Of a document, which may hold thousands of glyphs, one is drawn: the element of its number, as its ancestors
and what it refers to make it. Documents go through the checks of SVG layers and are drawn as those are.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

import numpy as np
from numpy.typing import NDArray

from engines.image_core.errors import SourceError
from engines.image_core.numbers.geometry import Affine, Rect
from engines.image_core.runtime.limits import DEFAULT_LIMITS, Budget
from engines.image_core.sources.vector.svg import rasterise_svg
from engines.image_core.sources.vector.svg_check import SVG, parse_svg

__all__ = ["GlyphDocument", "glyph_document"]

_PROBE = 128  # pixels of an em in which a document's box is looked for
_GZIP = b"\x1f\x8b"
_VARIABLE = re.compile(r"var\(\s*--color([0-9]{1,5})\s*(?:,([^()]*(?:\([^()]*\))?[^()]*))?\)")
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\s\"')]+)|^\s*#(\S+)\s*$")
_OWN = ("width", "height", "x", "y")  # of the document's viewport, which is the em's square

Palette = Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True, eq=False)
class GlyphDocument:
    """One glyph as an SVG element in font units, y downwards, to be put into a document of any size."""

    body: str

    def box(self, units_per_em: int, label: str) -> tuple[int, int, int, int]:
        """Left, bottom, right, top in whole font units, y upwards, around what it draws; zeros for nothing.

        What a document draws is known only once it is drawn: it is drawn small, with an em to spare on all
        sides of the em's square above the baseline, beyond which nothing is shown. Raises as `draw`.
        """
        unit, zero = Fraction(_PROBE, units_per_em), Fraction(0)
        region = Rect(-_PROBE, -2 * _PROBE, 2 * _PROBE, _PROBE)
        pixels = self.draw(Affine(unit, zero, zero, unit, zero, zero), region, label, Budget())
        rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return 0, 0, 0, 0
        # A pixel more on each side, for lines too thin to show.
        left, right = columns[0] + region.left - 1, columns[-1] + region.left + 2
        top, bottom = rows[0] + region.top - 1, rows[-1] + region.top + 2
        return (
            math.floor(int(left) / unit), math.floor(-int(bottom) / unit),
            math.ceil(int(right) / unit), math.ceil(-int(top) / unit),
        )  # fmt: skip

    def draw(self, affine: Affine, region: Rect, label: str, budget: Budget) -> NDArray[np.uint8]:
        """The glyph over nothing.

        Args:
            affine: From font units, y downwards, to pixels.
            region: The pixels wanted.
            label: Who asks, for messages.
            budget: Says how long the document and its drawing may be.

        Returns:
            uint8, shape (region.height, region.width, 4): straight RGBA, what is invisible 0, 0, 0, 0.

        Raises:
            SourceError: resvg cannot draw it.
        """
        entries = (
            affine.xx, affine.yx, affine.xy, affine.yy, affine.x0 - region.left, affine.y0 - region.top
        )  # fmt: skip
        matrix = " ".join(repr(float(entry)) for entry in entries)
        document = (
            f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 {region.width} {region.height}" width="{region.width}"'
            f' height="{region.height}"><g transform="matrix({matrix})">{self.body}</g></svg>'
        )
        return rasterise_svg(document, region.width, region.height, label, budget).pixels


def glyph_document(
    data: bytes, glyph: int, palette: Palette, foreground: str, units_per_em: int, label: str
) -> GlyphDocument:
    """One glyph of a font's SVG document.

    Args:
        data: The document, plain or gzipped.
        glyph: The glyph's number.
        palette: What the document's variables --color0 and so on stand for.
        foreground: What currentColor stands for, #rrggbb or #rrggbbaa.
        units_per_em: The side of the square that the document is placed in.
        label: Font and glyph, for messages.

    Raises:
        SourceError: the document is refused as that of an SVG layer, or lacks the glyph.
    """
    root = _parsed(data, label)
    path = _path(root, f"glyph{glyph}")
    if path is None:
        raise SourceError(f"{label}: its SVG document has no element 'glyph{glyph}'")
    alone = deepcopy(_alone(path, _needed(root, path)))  # the document's own elements stay as they are
    for name in _OWN:
        alone.attrib.pop(name, None)
    if alone.get("viewBox"):
        # Placed in the em's square, as a picture of that size would be, and seen beyond it too.
        alone.attrib.update(width=str(units_per_em), height=str(units_per_em), overflow="visible")
    else:
        alone.tag = SVG + "g"
    if not alone.get("color"):
        alone.set("color", foreground)
    for element in alone.iter():
        for name, value in element.attrib.items():
            if "var(" in value:
                element.set(name, _colored(value, palette))
        if element.tag == SVG + "style" and element.text:
            element.text = _colored(element.text, palette)
    return GlyphDocument(tostring(alone, encoding="unicode"))


@lru_cache(maxsize=2)
def _parsed(data: bytes, label: str) -> Element:
    return parse_svg(_text(data, label), label)


def _text(data: bytes, label: str) -> str:
    if data[:2] == _GZIP:
        unpacking = zlib.decompressobj(wbits=31)
        try:
            # Four bytes a character at most: no more is unpacked than the longest document allowed.
            data = unpacking.decompress(data, 4 * DEFAULT_LIMITS.svg_length + 1)
        except zlib.error as error:
            raise SourceError(f"{label}: its SVG document is damaged: {error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{label}: its SVG document is not UTF-8") from error


def _path(root: Element, name: str) -> list[Element] | None:
    """From the root down to the element of an id."""
    above = {child: element for element in root.iter() for child in element}
    found = next((element for element in root.iter() if element.get("id") == name), None)
    if found is None:
        return None
    path = [found]
    while path[-1] in above:
        path.append(above[path[-1]])
    return path[::-1]


def _needed(root: Element, path: list[Element]) -> set[Element]:
    """The elements that the glyph and its ancestors refer to, and those that these refer to."""
    named = {element.get("id"): element for element in root.iter()}
    needed: set[Element] = set()
    pending = [name for element in path[:-1] for name in _references(element)]
    pending += [name for element in path[-1].iter() for name in _references(element)]
    pending += [name for element in root.iter(SVG + "style") for name in _in_style(element)]
    while pending:
        element = named.get(pending.pop())
        if element is not None and element not in needed:
            needed.add(element)
            pending += [name for part in element.iter() for name in _references(part)]
    return needed


def _references(element: Element) -> Iterator[str]:
    for value in element.attrib.values():
        for found in _REFERENCE.finditer(value):
            yield found[1] or found[2]


def _in_style(element: Element) -> Iterator[str]:
    for found in _REFERENCE.finditer("".join(element.itertext())):
        yield found[1] or found[2]


def _alone(path: list[Element], needed: set[Element]) -> Element:
    """The elements of a path, each with but the next in it, and beside it, not drawn, what is needed."""
    element = copy(path[0])
    if len(path) == 1:
        return element
    for child in list(element):
        if child is not path[1]:
            element.remove(child)
    element.remove(path[1])
    for child in path[0]:
        if child is path[1]:
            element.append(_alone(path[1:], needed))
        elif child.tag == SVG + "style":
            element.append(child)
        elif any(part in needed for part in child.iter()):
            hidden = Element(SVG + "defs")
            hidden.append(child)
            element.append(hidden)
    return element


def _colored(text: str, palette: Palette) -> str:
    """Variables of the palette replaced by their colours, or what is written for want of one."""

    def color(found: re.Match[str]) -> str:
        index = int(found[1])
        if index < len(palette):
            red, green, blue, alpha = palette[index]
            return f"rgba({red},{green},{blue},{alpha / 255:.4f})"
        return (found[2] or "black").strip()

    return _VARIABLE.sub(color, text)
