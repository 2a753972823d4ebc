"""Fonts: families by name, font files, and the glyph outlines in them.

    font bytes -> LoadedFont: HarfBuzz shapes with it, FreeType reads outlines in whole font units

Nothing here scales or hints: what leaves this module is integers in font units, y upwards.
"""

from __future__ import annotations

import ctypes
import hashlib
import struct
import threading
import weakref
from collections.abc import Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import uharfbuzz as hb
from freetype import raw

from engines.image_core.errors import SourceError
from engines.image_core.sources.text.color_glyphs import ColorGlyph, ColorGlyphs, has_color
from engines.image_core.sources.text.composites import Composites, TooManyPartsError
from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.font_files import font_file
from engines.image_core.sources.text.glyph_outlines import GlyphOutline, copied

__all__ = [
    "NO_AXES",
    "Features",
    "GlyphOutline",
    "LoadedFont",
    "load_font",
]

Features: TypeAlias = dict[str, int]
"""OpenType features by tag: 0 is off."""

NO_AXES: Mapping[str, float] = MappingProxyType({})

_NO_SCALE = 1  # FT_LOAD_NO_SCALE: font units; implies no hinting
_DECORATIONS = {
    "underline": (hb.OTMetricsTag.UNDERLINE_OFFSET, hb.OTMetricsTag.UNDERLINE_SIZE),
    "strikethrough": (hb.OTMetricsTag.STRIKEOUT_OFFSET, hb.OTMetricsTag.STRIKEOUT_SIZE),
    "overline": (hb.OTMetricsTag.UNDERLINE_OFFSET, hb.OTMetricsTag.UNDERLINE_SIZE),
}
_DEFAULT_LANGUAGE = 0xFFFF  # HB_OT_LAYOUT_DEFAULT_LANGUAGE_INDEX
_SCALABLE = 1  # FT_FACE_FLAG_SCALABLE
_OUTLINE_FORMAT = int.from_bytes(b"outl", "big")  # FT_GLYPH_FORMAT_OUTLINE
_FIXED = 65536  # FT_Fixed, 16.16: the 65536ths in which FreeType takes places on axes


class LoadedFont:
    """One style of a font. Several threads may use it at once.

    Attributes:
        name: The font's own full name, for messages.
        digest: SHA-256 of the file's bytes, unpacked, of which of its fonts it is, and of the place on that
            font's variation axes.
        units_per_em: Font units in one em.
        ascent, descent: Above and below the baseline, in font units: the OS/2 typographic metrics where the
            font asks for them (USE_TYPO_METRICS), else hhea's. The descent is positive downwards.
    """

    def __init__(
        self,
        data: bytes,
        weight: int,
        italic: bool,
        axes: Mapping[str, float] = NO_AXES,
        index: int = 0,
        exact: bool = True,
    ) -> None:
        data = font_file(data, index)
        self._lock = threading.Lock()
        self._freetype = _open_freetype(self, data, index)
        face = hb.Face(hb.Blob(data), index)
        self._outlined = bool(self._freetype.contents.face_flags & _SCALABLE)
        if not self._outlined and not has_color(face):
            raise FontError("the font has no outlines")
        if not face.glyph_count or (self._outlined and face.upem != self._freetype.contents.units_per_EM):
            raise FontError("the font file is damaged")
        self._composites = Composites(*(_table(face, name) for name in ("glyf", "loca", "head")))
        self._harfbuzz = hb.Font(face)
        try:
            place = _axis_values(face, self._harfbuzz, weight, italic, axes, exact)
        except UnicodeDecodeError as error:  # the axes' tags are read as UTF-8
            raise FontError("the font file is damaged") from error
        if place:
            self._harfbuzz.set_variations(place)
            fixed = [int(value * _FIXED) for value in place.values()]
            _call(raw.FT_Set_Var_Design_Coordinates, self._freetype, len(fixed), _longs(*fixed))
        extents = self._harfbuzz.get_font_extents("ltr")
        self.name = face.get_name(hb.OTNameIdPredefined.FULL_NAME, "en") or "unnamed font"
        which = f"{place}{index or ''}"
        self.digest = hashlib.sha256(hashlib.sha256(data).digest() + which.encode()).hexdigest()
        self.units_per_em: int = face.upem
        self.ascent: int = extents.ascender
        self.descent: int = -extents.descender
        self.glyph = lru_cache(maxsize=4096)(self._read_glyph)
        self._colors = self._color_glyphs(face)

    def _color_glyphs(self, face: hb.Face) -> ColorGlyphs | None:
        if not has_color(face):
            return None
        place = tuple(round(value * (1 << 14)) for value in self._harfbuzz.get_var_coords_normalized())
        try:
            return ColorGlyphs(face, place, self.name, self.glyph)
        except struct.error as error:
            raise FontError("the font file is damaged") from error

    @property
    def colored(self) -> bool:
        """Whether the font has glyphs in colour."""
        return self._colors is not None

    def color_glyph(self, glyph: int, foreground: str) -> ColorGlyph | None:
        """A glyph in colour; None where it has no colour, and its outline is to be drawn.

        Args:
            glyph: Its number.
            foreground: #rrggbb or #rrggbbaa: the colour of what the font leaves to the text.

        Raises:
            SourceError: what the font has for it is damaged, too much, or not allowed.
        """
        return self._colors.glyph(glyph, foreground) if self._colors else None

    def shape(self, buffer: hb.Buffer, features: Features) -> None:
        """Shape a buffer in place; positions come in font units."""
        with self._lock:
            hb.shape(self._harfbuzz, buffer, features)

    def has(self, character: str) -> bool:
        """Whether the font maps this character to a glyph."""
        return self._harfbuzz.get_nominal_glyph(ord(character)) is not None

    def advance(self, character: str) -> int | None:
        """That of the glyph of this character, in font units; None where it has none."""
        glyph = self._harfbuzz.get_nominal_glyph(ord(character))
        return None if glyph is None else int(self._harfbuzz.get_glyph_h_advance(glyph))

    @cached_property
    def letter_height(self) -> int:
        """How far the letter d reaches above the baseline, in font units; the ascent where it has no ink."""
        glyph = self._harfbuzz.get_nominal_glyph(ord("d"))
        top = 0 if glyph is None else self.glyph(glyph).box[3]
        return top if top > 0 else self.ascent

    @cached_property
    def _features(self) -> frozenset[str]:
        """The tags of all features of glyph substitution, whatever script they are for."""
        face = self._harfbuzz.face
        tags: set[str] = set()
        for script in range(len(face.get_table_script_tags("GSUB"))):
            for language in (*range(len(face.get_script_language_tags("GSUB", script))), _DEFAULT_LANGUAGE):
                tags.update(face.get_language_feature_tags("GSUB", script, language))
        return frozenset(tags)

    def has_feature(self, tag: str) -> bool:
        """Whether the font has a feature of glyph substitution, such as smcp."""
        return tag in self._features

    def decoration(self, name: str) -> tuple[int, int]:
        """The top of an underline, a strikethrough or an overline, above the baseline, and how thick it is.

        The underline is that of "post", the strikethrough that of OS/2; where a font says nothing, or that
        they are not thick at all, it is HarfBuzz's or a twentieth of the em. An overline ends at the
        ascent.
        """
        position, size = _DECORATIONS[name]
        top = self._harfbuzz.get_metric_position_with_fallback(position)
        thickness = self._harfbuzz.get_metric_position_with_fallback(size)
        if thickness <= 0:
            thickness = self.units_per_em // 20
        return (self.ascent if name == "overline" else top), thickness

    def _read_glyph(self, glyph: int) -> GlyphOutline:
        """The outline of a glyph (`glyph` is this with a cache).

        Raises:
            SourceError: the font's data for the glyph is damaged.
        """
        if not self._outlined:
            return GlyphOutline.empty()
        with self._lock:
            try:
                self._composites.check(glyph)
                _call(raw.FT_Load_Glyph, self._freetype, glyph, _NO_SCALE)
            except TooManyPartsError:
                raise SourceError(f"glyph {glyph} of font {self.name!r} is made of too many others") from None
            except FontError as error:
                raise SourceError(f"glyph {glyph} of font {self.name!r}: {error}") from None
            slot = self._freetype.contents.glyph.contents
            if slot.format != _OUTLINE_FORMAT:
                raise SourceError(f"glyph {glyph} of font {self.name!r} is not an outline")
            return copied(slot.outline)


def _table(face: hb.Face, name: str) -> bytes:
    return bytes(face.reference_table(name).data)


def _longs(*values: int) -> Any:
    return (ctypes.c_long * len(values))(*values)


def _open_freetype(owner: LoadedFont, data: bytes, index: int) -> Any:
    """A face in an FT_Library of its own, so that no font waits for another; both go with the owner."""
    library, face = raw.FT_Library(), raw.FT_Face()
    _call(raw.FT_Init_FreeType, ctypes.byref(library))
    # FreeType reads the bytes for as long as the face lives: the finalizer holds them.
    weakref.finalize(owner, lambda _data: raw.FT_Done_FreeType(library), data)
    _call(raw.FT_New_Memory_Face, library, data, len(data), index, ctypes.byref(face))
    return face


def _call(function: Any, *arguments: Any) -> None:
    code = function(*arguments)
    if code:
        raise FontError(f"the font file is damaged (FreeType error {code:#04x})")


def _axis_values(
    face: hb.Face, font: hb.Font, weight: int, italic: bool, asked: Mapping[str, float], exact: bool
) -> dict[str, float]:
    """Where on each axis a style lies, in the font's order of axes; empty for a font without axes. exact: it
    is an error where the font does not have it; else it is the nearest that the font has."""
    axes = {axis.tag: axis for axis in face.axis_infos} if face.has_var_data else {}
    if not exact:
        weight = int(_within(axes["wght"], weight)) if "wght" in axes else 400
        slanted = {"ital", "slnt"} & axes.keys() or font.get_style_value(hb.StyleTag.ITALIC)
        italic = italic and bool(slanted)
        asked = {tag: _within(axes[tag], value) for tag, value in asked.items() if tag in axes}
    values = {tag: axis.default_value for tag, axis in axes.items()}
    if "wght" in axes:
        if "wght" not in asked:
            _check_range(axes["wght"], weight, f"weight {weight} is not in the font")
            values["wght"] = float(weight)
    elif weight not in (own := int(font.get_style_value(hb.StyleTag.WEIGHT)), 400):
        raise FontError(
            f"weight {weight} is not in the font: its one weight is {own}; give that or leave it out"
        )
    if "ital" in axes:
        values["ital"] = float(italic)
    elif italic and "slnt" in axes:
        values["slnt"] = axes["slnt"].min_value
    elif italic and not font.get_style_value(hb.StyleTag.ITALIC):
        raise FontError("italic is not in the font: give the font file of the italic")
    for tag, value in asked.items():
        if tag not in axes:
            has = f"it has {', '.join(map(repr, axes))}" if axes else "it has no axes"
            raise FontError(f"axis {tag!r} is not in the font: {has}")
        _check_range(axes[tag], value, f"axis {tag!r}, {value:g}, is not in the font")
        values[tag] = round(value * _FIXED) / _FIXED
    return values


def _within(axis: Any, value: float) -> float:
    return float(min(max(value, axis.min_value), axis.max_value))


def _check_range(axis: Any, value: float, fault: str) -> None:
    if not axis.min_value <= value <= axis.max_value:  # nor is what is no number
        raise FontError(f"{fault}: allowed is {axis.min_value:g} to {axis.max_value:g}")


@lru_cache(maxsize=64)
def _open(
    data: bytes, weight: int, italic: bool, axes: tuple[tuple[str, float], ...], index: int, exact: bool
) -> LoadedFont:
    return LoadedFont(data, weight, italic, dict(axes), index, exact)


def load_font(
    data: bytes,
    label: str,
    *,
    weight: int = 400,
    italic: bool = False,
    axes: Mapping[str, float] = NO_AXES,
    index: int = 0,
    exact: bool = True,
) -> LoadedFont:
    """A font from the bytes of a TrueType, OpenType, WOFF or WOFF2 file, or from a collection of fonts.

    A variable font is set to the weight (its wght axis), and to italic by its ital axis or the end of its
    slnt axis; other axes stay at their defaults, unless `axes` says otherwise. A file of one style is drawn
    as it is: the weight must be 400 (not asked for) or the file's own, and italic is allowed where the file
    is italic. Nothing is faked.

    Args:
        data: The file's bytes.
        label: Who asks, for messages.
        weight: 1 to 1000, as in CSS.
        italic: Whether the italic is wanted.
        axes: Values of variation axes by their tags, such as {"wdth": 75}, taken to a 65536th; what is said
            here of wght, ital or slnt goes before weight and italic.
        index: Which font of a collection, counted from 0; 0 of a file of one font.
        exact: Whether it must have the style and axes; else it is taken as near to them as it can be.

    Raises:
        SourceError: neither outlines nor pictures in it, damaged, too large unpacked, or without the index,
            the style or the axis.
    """
    try:
        return _open(data, weight, italic, tuple(sorted(axes.items())), index, exact)
    except FontError as error:
        raise SourceError(f"{label}, font: {error}") from None
