"""From a text layer to paragraphs of characters, each with the face that it is drawn in.

runs -> letter case -> paragraphs -> a font of the run's for each cluster -> faces
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import unicodedataplus

from engines.image_core.composition.type import RunBackground, TextStyle
from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.casing import cased
from engines.image_core.sources.text.fallback import font_of_each
from engines.image_core.sources.text.fonts import Features, LoadedFont
from engines.image_core.sources.text.hyphenation import with_soft_hyphens
from engines.image_core.sources.text.opportunities import clusters

__all__ = ["Chains", "Face", "Grid", "Style", "Styled", "StyledText", "styled_text"]

Chains: TypeAlias = "Sequence[tuple[LoadedFont, ...]]"
"""For each run of a layer, its fonts in order."""

_NEWLINE = re.compile("\r\n|[\n\r\u2028\u2029]")
_TAB = "    "
_SMALL = Fraction(7, 10)
"""Of the size, small capitals where a font has none; what browsers take."""


@dataclass(frozen=True, eq=False)
class Style:
    """How a run is drawn.

    Attributes:
        fonts: In order.
        size: The em in pixels, at the layer's own size.
        features: OpenType features that are on or off against the font's defaults.
        language: A BCP 47 tag; "und" for none.
        letter_spacing, word_spacing: In pixels.
        shift: How far it is raised, in its ems.
        small_caps: Small letters are drawn as small capitals.
        decoration: The names of lines along it.
        background: What lies behind it.
        combined: Stands upright as one letter in vertical text.
        painted_by: The number of the run whose colour it has; None for the layer's.
    """

    fonts: tuple[LoadedFont, ...]
    size: Fraction
    features: tuple[tuple[str, int], ...] = ()
    language: str = "und"
    letter_spacing: Fraction = Fraction(0)
    word_spacing: Fraction = Fraction(0)
    shift: Fraction = Fraction(0)
    small_caps: bool = False
    decoration: tuple[str, ...] = ()
    background: RunBackground | None = None
    combined: bool = False
    painted_by: int | None = None


@dataclass(frozen=True, eq=False)
class Face:
    """One font of a style's, at a size of it.

    Attributes:
        font: The font.
        style: The style.
        size: As the style's; smaller for small capitals that the font does not have.
        features: As the style's, with what small capitals take.
        upright: Stands upright in vertical text, where other letters lie on their side.
    """

    font: LoadedFont
    style: Style
    size: Fraction
    features: tuple[tuple[str, int], ...]
    upright: bool = False

    @property
    def shaped_by(self) -> tuple[object, ...]:
        """All that decides how it is shaped: faces that are alike here are shaped as one."""
        style = self.style
        return (
            id(self.font),
            self.size,
            self.features,
            style.language,
            bool(style.letter_spacing),
            style.shift,
            self.upright,
            self.upright and style.combined,
        )


@dataclass(frozen=True)
class Styled:
    """A paragraph.

    Attributes:
        text: Its characters in logical order.
        faces: For each character, the number of its face.
        style: That of an empty paragraph.
    """

    text: str
    faces: list[int]
    style: Style


@dataclass(frozen=True)
class Grid:
    """The units that advances and spacings are counted in, so that all are whole numbers.

    Attributes:
        per_em: Units in an em of the layer's size.
        per_pixel: Units of spacing in a pixel.
        scales: For each face, the units that one of its font units is.
        raises: For each face, how far it is raised, in units of an em.
    """

    per_em: int
    per_pixel: int
    scales: list[int]
    raises: list[int]

    def of(self, face: int) -> tuple[int, int]:
        """The scale and the raise of a face."""
        return self.scales[face], self.raises[face]


@dataclass(frozen=True)
class StyledText:
    """A layer's paragraphs and the faces that they are drawn in.

    ellipses: For each style, by its identity, the layer's ellipsis and the faces of its characters; empty
        where the layer needs none.
    """

    paragraphs: list[Styled]
    faces: list[Face]
    ellipses: dict[int, tuple[str, list[int]]] = field(default_factory=dict)

    def grid(self, size: Fraction, *, vertical: bool = False) -> Grid:
        """The units for a layer of this size."""
        ratios = [face.size / size / face.font.units_per_em for face in self.faces]
        shifts = [face.style.shift * face.style.size / size for face in self.faces]
        if vertical:  # lines stand on their middle, and what is upright in them has its own there
            shifts = [
                shift - (0 if face.upright else ratio * (face.font.ascent - face.font.descent) / 2)
                for face, ratio, shift in zip(self.faces, ratios, shifts, strict=True)
            ]
        per_em = math.lcm(*(number.denominator for number in (*ratios, *shifts)))
        spacings = ((face.style.letter_spacing, face.style.word_spacing) for face in self.faces)
        per_pixel = math.lcm(*(spacing.denominator for pair in spacings for spacing in pair))
        scales, raises = ([int(number * per_em) for number in numbers] for numbers in (ratios, shifts))
        return Grid(per_em, per_pixel, scales, raises)


def styled_text(layer: TextLayer, chains: Chains, label: str) -> StyledText:
    """The paragraphs of a layer, cut at LF, CR, both together, U+2028 and U+2029; a tab is four spaces.

    Raises:
        CompositionError: there is any other control character, or half of a surrogate pair.
    """
    runs = layer.styled
    styles = _styles([style for _, style in runs], chains)
    languages = [style.language for _, style in runs]
    texts = cased([text for text, _ in runs], [style.case for _, style in runs], languages)
    if layer.hyphenate:
        texts = with_soft_hyphens(texts, languages, label)
    text = "".join(texts)
    _check_characters(text, f"{label}, text")
    numbers = [number for number, part in enumerate(texts) for _ in part]
    faces = _Faces(layer.vertical)
    found = []
    start, style = 0, styles[0]
    for end, after in [*(match.span() for match in _NEWLINE.finditer(text)), (len(text), len(text))]:
        style = styles[numbers[start]] if start < end else styles[numbers[start - 1]] if start else style
        found.append(_paragraph(text[start:end], numbers[start:end], styles, faces, style))
        start = after
    ellipses = {}
    if layer.overflow == "ellipsis":
        _check_characters(layer.ellipsis, f"{label}, ellipsis")
        ellipses = {id(style): _joined(_pieces(layer.ellipsis, style, faces)) for style in styles}
    return StyledText(found, faces.all, ellipses)


class _Faces:
    """The faces of a layer, each once."""

    def __init__(self, vertical: bool) -> None:
        self.all: list[Face] = []
        self._vertical = vertical
        self._numbers: dict[tuple[int, int, bool, bool], int] = {}

    def of(
        self, text: str, style: Style, font: LoadedFont, *, small: bool = False
    ) -> Iterator[tuple[str, int]]:
        """A text in a font of its style, in pieces of one face each. small: as small capitals that the font
        does not have."""
        if not self._vertical:
            yield text, self._number(style, font, small, upright=False)
            return
        start = 0
        for upright, group in itertools.groupby(_uprights(text, style, font)):
            end = start + len(list(group))
            yield text[start:end], self._number(style, font, small, upright=upright)
            start = end

    def _number(self, style: Style, font: LoadedFont, small: bool, *, upright: bool) -> int:
        key = id(style), id(font), small, upright
        if key not in self._numbers:
            caps = style.small_caps and font.has_feature("smcp")
            features = (("smcp", 1), *style.features) if caps else style.features
            size = style.size * _SMALL if small else style.size
            self._numbers[key] = len(self.all)
            self.all.append(Face(font, style, size, features, upright))
        return self._numbers[key]


def _uprights(text: str, style: Style, font: LoadedFont) -> Iterator[bool]:
    """Which characters stand upright in vertical text, by UAX #50; a mark does as its letter. Brackets and
    the like are turned, but where a font has forms of theirs for vertical text."""
    allowed = ("U", "Tu", "Tr") if font.has_feature("vert") else ("U", "Tu")
    before = False
    for character in text:
        if unicodedata.category(character)[0] != "M":
            before = style.combined or unicodedataplus.vertical_orientation(character) in allowed
        yield before


def _styles(written: Sequence[TextStyle], chains: Chains) -> list[Style]:
    """The styles of runs: what is written alike, in the same fonts, is one."""
    known: dict[tuple[object, ...], Style] = {}
    found = []
    for style, fonts in zip(written, chains, strict=True):
        own = (value for name, value in vars(style).items() if name not in ("fonts", "features", "axes"))
        key = *map(id, fonts), *own, *sorted(style.features.items())
        if key not in known:
            known[key] = _style(style, fonts)
        found.append(known[key])
    return found


def _style(written: TextStyle, fonts: tuple[LoadedFont, ...]) -> Style:
    """Spaced letters have no optional ligatures, as in CSS, but where they are asked for."""
    spaced: Features = dict.fromkeys(("liga", "clig", "calt"), 0) if written.letter_spacing else {}
    return Style(
        fonts,
        Fraction(written.size),
        tuple(sorted({**spaced, **written.features}.items())),
        written.language or "und",
        Fraction(written.letter_spacing),
        Fraction(written.word_spacing),
        Fraction(written.baseline_shift),
        written.case == "small-caps",
        written.decoration,
        written.background,
        written.combine_upright,
        written.painted_by,
    )


def _paragraph(text: str, numbers: list[int], styles: list[Style], faces: _Faces, style: Style) -> Styled:
    start = 0
    pieces: list[tuple[str, int]] = []
    for number, group in itertools.groupby(numbers):
        end = start + len(list(group))
        pieces += _pieces(text[start:end].replace("\t", _TAB), styles[number], faces)
        start = end
    return Styled(*_joined(pieces), style)


def _joined(pieces: Iterable[tuple[str, int]]) -> tuple[str, list[int]]:
    """Pieces of text as one, and the face of each of its characters."""
    texts, faces = [], []
    for text, face in pieces:
        texts.append(text)
        faces += [face] * len(text)
    return "".join(texts), faces


def _pieces(text: str, style: Style, faces: _Faces) -> Iterator[tuple[str, int]]:
    """A run's text with the faces that it is drawn in, piece by piece."""
    if len(style.fonts) == 1 and not style.small_caps:
        yield from faces.of(text, style, style.fonts[0])
        return
    chosen = font_of_each(text, style.fonts)
    if not style.small_caps:
        start = 0
        for font, group in itertools.groupby(chosen):
            end = start + len(list(group))
            yield from faces.of(text[start:end], style, style.fonts[font])
            start = end
        return
    for start, end in itertools.pairwise((0, *clusters(text))):
        piece, face_font = text[start:end], style.fonts[chosen[start]]
        small = piece != piece.upper() and not face_font.has_feature("smcp")
        yield from faces.of(piece.upper() if small else piece, style, face_font, small=small)


def _check_characters(text: str, label: str) -> None:
    for character in sorted(set(_NEWLINE.sub("", text))):
        if unicodedata.category(character) in ("Cc", "Cs") and character != "\t":
            raise CompositionError(
                f"{label}: U+{ord(character):04X} is not allowed: "
                "of control characters, line breaks and tabs are"
            )
