"""From a text layer to paragraphs of characters, each with the face that it is drawn in.

runs -> letter case -> paragraphs -> a font of the run's for each cluster -> faces
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import unicodedataplus

from engines.image_core.composition.type import TextStyle
from engines.image_core.errors import CompositionError
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.casing import cased
from engines.image_core.sources.text.faces import Chains, Face, Style, Styled, StyledText
from engines.image_core.sources.text.fallback import font_of_each
from engines.image_core.sources.text.fonts import Features, LoadedFont
from engines.image_core.sources.text.hyphenation import with_soft_hyphens
from engines.image_core.sources.text.opportunities import clusters

__all__ = ["styled_text"]

_NEWLINE = re.compile("\r\n|[\n\r\u2028\u2029]")
_TAB = "    "
_SMALL = Fraction(7, 10)
"""Of the size, small capitals where a font has none; what browsers take."""


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
        Fraction(written.line_height),
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
