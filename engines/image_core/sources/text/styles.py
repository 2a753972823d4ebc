"""The styles of font families: what files say of their fonts, and which is nearest to what is wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import uharfbuzz as hb

from engines.image_core.sources.text.builtin_fonts import nearest_weight
from engines.image_core.sources.text.font_error import FontError
from engines.image_core.sources.text.font_files import check_font, font_count, sfnt_of
from engines.image_core.sources.text.postscript_names import postscript_names

__all__ = ["Axis", "FontStyle", "best_style", "styles_of"]

_MOST_FONTS = 1000  # of a collection; the largest have some tens
_MOST_LANGUAGES = 100  # in which a family's name is looked at
_DESCRIBING = frozenset((b"name", b"OS/2", b"fvar", b"STAT", b"cmap", b"head", b"hhea", b"maxp", b"post"))


class Axis(NamedTuple):
    """A variation axis: its ends, and where it is unless it is set."""

    least: float
    default: float
    most: float


@dataclass(frozen=True)
class FontStyle:
    """A font of a file, as its tables tell it.

    Attributes:
        file: where it is, below its folder; None of a built-in font.
        index: which font of a collection, 0 of a file of one font.
        families: the names of its family, each language's, in English first.
        name: of the style, such as "Bold Italic".
        weight, width: the least and the most, the same but for axes; the width in percent.
        upright, italic: which of them it has.
        axes: by their tags, in the font's order.
        characters: how many it maps to glyphs.
        postscript: places on its axes by PostScript names: its own name, and those of a variable font's named
            instances; a font without axes has no place.
    """

    file: str | None
    index: int
    families: tuple[str, ...]
    name: str
    weight: tuple[int, int]
    width: tuple[float, float]
    upright: bool
    italic: bool
    axes: Mapping[str, Axis]
    characters: int
    postscript: Mapping[str, Mapping[str, float]]


def styles_of(data: bytes, file: str | None) -> tuple[FontStyle, ...]:
    """The styles in a file of any kind, in its order. file: how they name it.

    Raises:
        FontError: it is no font file, damaged, without names, or a collection of more than 1,000 fonts.
    """
    sfnt = sfnt_of(data, _DESCRIBING)
    count = font_count(sfnt)
    if count > _MOST_FONTS:
        raise FontError(f"the collection has {count:,} fonts: allowed are {_MOST_FONTS:,}")
    return tuple(_style(sfnt, index, file) for index in range(count))


def best_style(
    styles: Sequence[FontStyle], weight: int, italic: bool, axes: Mapping[str, float]
) -> tuple[FontStyle, int] | None:
    """The style nearest to what is wanted, and its weight that is; None where italic is missing.

    CSS Fonts Level 4, section 5.2, but that a missing italic is not made do without. Of those that have the
    axes that are asked for, if any, the nearest in width goes first and then the nearest in weight; of equal
    ones the first is taken.

    Args:
        styles: of one family, at least one.
        weight: 1 to 1000.
        italic: whether the italic is wanted; without it, upright ones go first.
        axes: values of axes by their tags: wdth and wght also say what width and weight are wanted.
    """
    if italic:
        fitting = [style for style in styles if style.italic]
    else:
        fitting = [style for style in styles if style.upright] or list(styles)
    if not fitting:
        return None
    fitting = [style for style in fitting if axes.keys() <= style.axes.keys()] or fitting
    width = axes.get("wdth", 100.0)
    widths = [_within(width, style.width) for style in fitting]
    nearest = min(widths, key=lambda w: (w > width if width <= 100 else w < width, abs(w - width)))
    fitting = [style for style, w in zip(fitting, widths, strict=True) if w == nearest]
    wanted = axes.get("wght", weight)
    weights = [_within(wanted, style.weight) for style in fitting]
    chosen = nearest_weight(wanted, weights)
    return fitting[weights.index(chosen)], int(chosen)


def _within(value: float, ends: tuple[float, float]) -> float:
    return min(max(value, ends[0]), ends[1])


def _style(sfnt: bytes, index: int, file: str | None) -> FontStyle:
    check_font(sfnt, index)
    face = hb.Face(hb.Blob(sfnt), index)
    if not face.glyph_count:
        raise FontError("the font file is damaged")
    font = hb.Font(face)
    try:
        infos = face.axis_infos if face.has_var_data else []
        axes = {info.tag: Axis(info.min_value, info.default_value, info.max_value) for info in infos}
        families = _family_names(face)
        postscript = postscript_names(face)
    except UnicodeDecodeError as error:  # tags of axes and of languages are read as UTF-8
        raise FontError("the font file is damaged") from error
    style = _name(face, hb.OTNameIdPredefined.TYPOGRAPHIC_SUBFAMILY, hb.OTNameIdPredefined.FONT_SUBFAMILY)
    weight, width = (font.get_style_value(tag) for tag in (hb.StyleTag.WEIGHT, hb.StyleTag.WIDTH))
    upright, italic = _slants(axes, bool(font.get_style_value(hb.StyleTag.ITALIC)))
    return FontStyle(
        file=file,
        index=index,
        families=families,
        name=style,
        weight=_whole(axes["wght"]) if "wght" in axes else (int(weight), int(weight)),
        width=(axes["wdth"].least, axes["wdth"].most) if "wdth" in axes else (width, width),
        upright=upright,
        italic=italic,
        axes=axes,
        characters=len(face.unicodes),
        postscript=postscript,
    )


def _whole(axis: Axis) -> tuple[int, int]:
    return math.ceil(axis.least), math.floor(axis.most)


def _slants(axes: Mapping[str, Axis], is_italic: bool) -> tuple[bool, bool]:
    """Whether a font can be upright, and whether italic."""
    if "ital" in axes:
        return axes["ital"].least <= 0, axes["ital"].most >= 1
    if "slnt" in axes:
        return not is_italic, is_italic or axes["slnt"].least < 0
    return not is_italic, is_italic


def _family_names(face: hb.Face) -> tuple[str, ...]:
    """The family's names: typographic ones where there are any, which put more than four styles together."""
    ids = hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY, hb.OTNameIdPredefined.FONT_FAMILY
    languages = dict.fromkeys(["en", *(name.language for name in face.list_names() if name.name_id in ids)])
    found = (_name(face, *ids, language=language) for language in list(languages)[:_MOST_LANGUAGES])
    names = tuple(dict.fromkeys(name for name in found if name))
    if not names:
        raise FontError("the font has no name of its family")
    return names


def _name(face: hb.Face, better: int, other: int, *, language: str = "en") -> str:
    return (face.get_name(better, language) or face.get_name(other, language) or "").strip()
