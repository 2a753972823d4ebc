"""Font files of every kind, made from fonts at hand: collections, web fonts, and small fonts with axes."""

from __future__ import annotations

import importlib.resources
import io
from collections.abc import Mapping, Sequence
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from fontTools.ttLib.woff2 import WOFF2FlavorData

__all__ = ["BOLD", "ITALIC", "REGULAR", "RUBIK", "RUBIK_ITALIC", "collection", "square_font", "web_font"]


def _file(package: str, name: str) -> bytes:
    return (importlib.resources.files(package) / "files" / name).read_bytes()


REGULAR = _file("font_source_sans_pro", "SourceSansPro-Regular.otf")
BOLD = _file("font_source_sans_pro", "SourceSansPro-Bold.ttf")
ITALIC = _file("font_source_sans_pro", "SourceSansPro-It.ttf")
RUBIK = _file("fontpkg_rubik", "Rubik[wght].ttf")
RUBIK_ITALIC = _file("fontpkg_rubik", "Rubik-Italic[wght].ttf")


def web_font(font: bytes, flavor: str, *transformed: str) -> bytes:
    """A WOFF ("woff") or WOFF2 ("woff2") file of a font, the latter with these tables transformed."""
    file = TTFont(io.BytesIO(font), recalcTimestamp=False)
    file.flavor = flavor
    if flavor == "woff2":
        file.flavorData = WOFF2FlavorData(transformedTables=set(transformed))
    return _saved(file)


def collection(*fonts: bytes) -> bytes:
    """A collection of fonts, their equal tables shared."""
    file = TTCollection()
    file.fonts = [TTFont(io.BytesIO(font), recalcTimestamp=False) for font in fonts]
    return _saved(file)


def _saved(file: TTFont | TTCollection) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def square_font(
    family: str = "Square",
    *,
    style: str = "Regular",
    weight: int = 400,
    width_class: int = 5,
    italic: bool = False,
    axes: Mapping[str, tuple[float, float, float]] | None = None,
    names: Mapping[str, str] | None = None,
    postscript: str | None = None,
    instances: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """A TrueType font whose "A" is a square of 500 units, to which each axis' end adds 100 of width.

    Args:
        family, style: its names.
        weight, width_class, italic: what "OS/2" says of it.
        axes: least, default and most by tag.
        names: the family's names by other languages.
        postscript: its PostScript name; without it, the family's and the style's.
        instances: named instances, as fontTools' `setupFvar` takes them.
    """
    builder = FontBuilder(1000, isTTF=True)
    order = [".notdef", "A"]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({65: "A"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    named = {
        "familyName": {"en": family, **(names or {})},
        "styleName": style,
        "fullName": f"{family} {style}",
        "psName": postscript or f"{family}-{style}".replace(" ", ""),
    }
    builder.setupNameTable(named, mac=False)
    builder.setupOS2(usWeightClass=weight, usWidthClass=width_class, fsSelection=1 if italic else 64)
    builder.setupPost()
    if axes:
        builder.setupFvar([(tag, *ends, tag) for tag, ends in axes.items()], list(instances))
        wider = [(0, 0), (0, 0), (100, 0), (100, 0), (0, 0), (100, 0), (0, 0), (0, 0)]
        builder.setupGvar({"A": [TupleVariation({tag: (0.0, 1.0, 1.0)}, wider) for tag in axes]})
    return _saved(builder.font)
