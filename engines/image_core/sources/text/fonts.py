"""Fonts: families by name, font files, and the glyph outlines in them.

    font bytes -> LoadedFont: HarfBuzz shapes with it, FreeType reads outlines in whole font units

Nothing here scales or hints: what leaves this module is integers in font units, y upwards.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.resources
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import numpy as np
import uharfbuzz as hb
from freetype import raw
from numpy.typing import NDArray

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources.text.composites import Composites, TooManyPartsError
from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.font_files import font_file

__all__ = [
    "FAMILIES",
    "NO_AXES",
    "Features",
    "GlyphOutline",
    "LoadedFont",
    "builtin_files",
    "family_font",
    "load_font",
    "nearest_weight",
]

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

NO_AXES: Mapping[str, float] = MappingProxyType({})
_Number = TypeVar("_Number", int, float)

_NO_SCALE = 1  # FT_LOAD_NO_SCALE: font units; implies no hinting
_FIXED = 65536  # FT_Fixed, 16.16: the 65536ths in which FreeType takes places on axes
_OUTLINE_FORMAT = int.from_bytes(b"outl", "big")  # FT_GLYPH_FORMAT_OUTLINE


@dataclass(frozen=True, eq=False)
class GlyphOutline:
    """A glyph's contours in font units, y upwards.

    Attributes:
        points: int64, shape (n, 2).
        tags: uint8, shape (n,): 1 on the curve, 0 the control point of a conic, 2 of a cubic.
        ends: int64, the index of each contour's last point.
        box: left, bottom, right, top around all points; zeros for a glyph without ink.
    """

    points: NDArray[np.int64]
    tags: NDArray[np.uint8]
    ends: NDArray[np.int64]
    box: tuple[int, int, int, int]


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
        self, data: bytes, weight: int, italic: bool, axes: Mapping[str, float] = NO_AXES, index: int = 0
    ) -> None:
        data = font_file(data, index)
        self._lock = threading.Lock()
        self._freetype = _open_freetype(self, data, index)
        face = hb.Face(hb.Blob(data), index)
        if not face.glyph_count or face.upem != self._freetype.contents.units_per_EM:
            raise FontError("the font file is damaged")
        if face.has_color_layers or face.has_color_paint or face.has_color_png or face.has_color_svg:
            raise FontError("color fonts are not supported: give a font of plain outlines")
        self._composites = Composites(*(_table(face, name) for name in ("glyf", "loca", "head")))
        self._harfbuzz = hb.Font(face)
        try:
            place = _axis_values(face, self._harfbuzz, weight, italic, axes)
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

    def shape(self, buffer: hb.Buffer, features: Features) -> None:
        """Shape a buffer in place; positions come in font units."""
        with self._lock:
            hb.shape(self._harfbuzz, buffer, features)

    def has(self, character: str) -> bool:
        """Whether the font maps this character to a glyph."""
        return self._harfbuzz.get_nominal_glyph(ord(character)) is not None

    def _read_glyph(self, glyph: int) -> GlyphOutline:
        """The outline of a glyph (`glyph` is this with a cache).

        Raises:
            SourceError: the font's data for the glyph is damaged.
        """
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
            return _copied(slot.outline)


def _table(face: hb.Face, name: str) -> bytes:
    return bytes(face.reference_table(name).data)


def _copied(outline: Any) -> GlyphOutline:
    count, contours = outline.n_points, outline.n_contours
    if not count or not contours:
        empty = np.zeros(0, np.int64)
        return GlyphOutline(empty.reshape(0, 2), empty.astype(np.uint8), empty, (0, 0, 0, 0))
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


def _open_freetype(owner: LoadedFont, data: bytes, index: int) -> Any:
    """A face in an FT_Library of its own, so that no font waits for another; both go with the owner."""
    library, face = raw.FT_Library(), raw.FT_Face()
    _call(raw.FT_Init_FreeType, ctypes.byref(library))
    # FreeType reads the bytes for as long as the face lives: the finalizer holds them.
    weakref.finalize(owner, lambda _data: raw.FT_Done_FreeType(library), data)
    _call(raw.FT_New_Memory_Face, library, data, len(data), index, ctypes.byref(face))
    if not face.contents.face_flags & 1:  # FT_FACE_FLAG_SCALABLE
        raise FontError("the font has no outlines")
    return face


def _call(function: Any, *arguments: Any) -> None:
    code = function(*arguments)
    if code:
        raise FontError(f"the font file is damaged (FreeType error {code:#04x})")


def _axis_values(
    face: hb.Face, font: hb.Font, weight: int, italic: bool, asked: Mapping[str, float]
) -> dict[str, float]:
    """Where on each axis a style lies, in the font's order of axes; empty for a font without axes."""
    axes = {axis.tag: axis for axis in face.axis_infos} if face.has_var_data else {}
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


def _check_range(axis: Any, value: float, fault: str) -> None:
    if not axis.min_value <= value <= axis.max_value:  # nor is what is no number
        raise FontError(f"{fault}: allowed is {axis.min_value:g} to {axis.max_value:g}")


@lru_cache(maxsize=16)
def _open(
    data: bytes, weight: int, italic: bool, axes: tuple[tuple[str, float], ...], index: int
) -> LoadedFont:
    return LoadedFont(data, weight, italic, dict(axes), index)


def load_font(
    data: bytes,
    label: str,
    *,
    weight: int = 400,
    italic: bool = False,
    axes: Mapping[str, float] = NO_AXES,
    index: int = 0,
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

    Raises:
        SourceError: not a font of plain outlines, damaged, too large unpacked, or without the index, the
            style or the axis.
    """
    try:
        return _open(data, weight, italic, tuple(sorted(axes.items())), index)
    except FontError as error:
        raise SourceError(f"{label}, font: {error}") from None


def family_font(
    family: str,
    label: str,
    *,
    weight: int = 400,
    italic: bool = False,
    axes: Mapping[str, float] = NO_AXES,
) -> LoadedFont:
    """A font by the name of its family (in any case), in the nearest weight by CSS's font matching.

    Raises:
        CompositionError: the family is not known.
        SourceError: axes are asked for: it has none.
    """
    if family.casefold() not in (known.casefold() for known in FAMILIES):
        raise CompositionError(
            f"{label}, font: {family!r} is not known: allowed are {', '.join(FAMILIES)} or a font file"
        )
    nearest = nearest_weight(weight, tuple(_SOURCE_SANS))
    data = _family_file(f"SourceSansPro-{_SOURCE_SANS[nearest][italic]}.otf")
    return load_font(data, label, weight=nearest, italic=italic, axes=axes)


def builtin_files() -> dict[str, bytes]:
    """The files of the families known by name, by their own names."""
    names = [f"SourceSansPro-{style}.otf" for styles in _SOURCE_SANS.values() for style in styles]
    return {name: _family_file(name) for name in names}


@lru_cache
def _family_file(name: str) -> bytes:
    return importlib.resources.files("font_source_sans_pro").joinpath("files", name).read_bytes()


def nearest_weight(wanted: float, weights: Sequence[_Number]) -> _Number:
    """CSS Fonts Level 4, section 5.2, font-weight: the order in which other weights are tried."""
    if 400 <= wanted <= 500:
        return min(weights, key=lambda w: (not wanted <= w <= 500, w > 500, abs(w - wanted)))
    lighter = wanted < 400
    return min(weights, key=lambda w: (w > wanted if lighter else w < wanted, abs(w - wanted)))
