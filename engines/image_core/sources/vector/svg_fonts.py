"""The fonts of an SVG's text: files that resvg reads, and the names they go by in the document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

import uharfbuzz as hb

from engines.image_core.errors import SourceError
from engines.image_core.sources.vector.svg_check import SVG

__all__ = ["SvgFonts", "name_families", "told_missing"]

_FAMILY_NAMES = (hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY, hb.OTNameIdPredefined.FONT_FAMILY)
_DECLARED = re.compile(r"(font-family\s*+:\s*+)([^;}]*+)", re.IGNORECASE)
_SHORTHAND = re.compile(r"(?<![-\w])(font\s*+:\s*+)([^;}]*+)", re.IGNORECASE)
_GENERIC = ("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui")
_GENERIC_PART = re.compile(rf"(?<=[\s,])(?:{'|'.join(_GENERIC)})(?=\s*(?:,|!|$))")
_NO_MATCH = re.compile(r"No match for '(.*)' font-family\.")
_NO_GLYPH = re.compile(r"No fonts with an? .*/U\+([0-9A-F]+) character were found")


@dataclass(frozen=True, eq=False)
class SvgFonts:
    """Fonts for the text of a drawing.

    Attributes:
        files: TrueType or OpenType fonts, one each; at least one. Text without a family, and with those that
            are called serif, sans-serif, monospace, cursive or fantasy, is drawn in the first.
    """

    files: tuple[bytes, ...]

    @cached_property
    def digests(self) -> tuple[str, ...]:
        """The SHA-256 of each file, in order."""
        return tuple(hashlib.sha256(file).hexdigest() for file in self.files)

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The names of the families, that of the first file first."""
        return tuple(dict.fromkeys(name for file in self.files if (name := _family(file))))


def _family(file: bytes) -> str:
    face = hb.Face(hb.Blob(file))
    return next((name for kind in _FAMILY_NAMES if (name := face.get_name(kind, "en"))), "")


def name_families(root: Element, fonts: SvgFonts) -> None:
    """Write the families that a document names as resvg looks for them.

    It tells capitals apart, which CSS does not, and knows generic families in a way of its own: here they
    are the first of the fonts.
    """
    first = fonts.families[0] if fonts.families else ""
    known = dict.fromkeys(_GENERIC, first) | {name.casefold(): name for name in fonts.families}
    if not root.get("font-family"):
        root.set("font-family", f"'{first}'")
    for element in root.iter():
        if family := element.get("font-family"):
            element.set("font-family", _named(family, known))
        if font := element.get("font"):
            element.set("font", _shorthand(font, first))
        if style := element.get("style"):
            element.set("style", _styled(style, known, first))
        if element.tag == SVG + "style" and element.text:
            element.text = _styled(element.text, known, first)


def _styled(css: str, known: Mapping[str, str], first: str) -> str:
    css = _DECLARED.sub(lambda found: found[1] + _named(found[2], known), css)
    return _SHORTHAND.sub(lambda found: found[1] + _shorthand(found[2], first), css)


def _shorthand(font: str, first: str) -> str:
    return _GENERIC_PART.sub(f"'{first}'", font)


def _named(families: str, known: Mapping[str, str]) -> str:
    return ",".join(_one(name, known) for name in families.split(","))


def _one(name: str, known: Mapping[str, str]) -> str:
    bare, important, _ = name.partition("!")
    found = known.get(" ".join(bare.strip().strip("'\"").split()).casefold())
    return name if found is None else f"'{found}'{important and ' !important'}"


def told_missing(log: Iterable[str], fonts: SvgFonts, label: str) -> None:
    """Raise what resvg only logs: text that it left out for want of a font.

    Raises:
        SourceError: a family or a character is in none of the fonts.
    """
    there = ", ".join(fonts.families)
    for line in log:
        if found := _NO_MATCH.search(line):
            raise SourceError(
                f"{label}: svg: the font family {found[1][:200]} is not there: there are {there};"
                " name it in the layer's fonts"
            )
        if found := _NO_GLYPH.search(line):
            raise SourceError(
                f"{label}: svg: no font has the character U+{found[1]}: there are {there}; name one that"
                " has it in the layer's fonts"
            )
