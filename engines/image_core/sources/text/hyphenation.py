"""Where words may be hyphenated: Hunspell's patterns of some forty languages, by pyphen.

Patterns know no words: they say between which letters a hyphen may stand, after Liang. This is what CSS calls
`hyphens: auto`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import pyphen
from icu4py.breakers import WordBreaker

from engines.image_core.errors import CompositionError
from engines.image_core.sources.text.opportunities import segment_ends

__all__ = ["HYPHENATION_VERSION", "SOFT_HYPHEN", "hyphen_places", "languages", "with_soft_hyphens"]

SOFT_HYPHEN = "\u00ad"

HYPHENATION_VERSION = f"pyphen {pyphen.VERSION}"
"""What decides where words are hyphenated, with `ICU_VERSIONS`, which decides what is a word."""

# The least letters of a word, before its hyphen and after it. Where `hyphenate-limit-chars` is `auto`, CSS
# Text 4 suggests 5, 2 and 2, and Chromium leaves 2 and 2. After it there are 3 here, as the English patterns
# ask: parting two letters wins little. Patterns that ask for more get it.
_WORD, _BEFORE, _AFTER = 5, 2, 3
_LONGEST = 100  # letters of a word: longer ones are no words, and would fill the memory of words
_PART = re.compile("[^'’]+")
# What a bare language stands for by CLDR's likely countries, where pyphen takes the first of the alphabet.
_LIKELY = {"de": "de_DE", "en": "en_US"}


def languages() -> tuple[str, ...]:
    """The languages that can be hyphenated, as tags of BCP 47 in order: "de", "de-AT", ..., "en", "en-GB".

    A bare language stands for its most likely country: "de" for "de-DE", "en" for "en-US", "pt" for "pt-BR".
    """
    return tuple(sorted(name.replace("_", "-") for name in pyphen.LANGUAGES))


def hyphen_places(text: str, language: str) -> list[int]:
    """Where words of a text may be hyphenated, ascending: before which characters, 1 to the last.

    Words are runs of letters and the marks upon them, of 5 to 100, and keep 2 before a hyphen and 3 after it.
    Those with digits or soft hyphens in them are left whole, as CSS has it, and those in Unicode's decomposed
    form. Places where the spelling would change (Hungarian "asszony" as "asz-szony") are left out.

    Args:
        text: A word or many, without lone surrogates.
        language: A tag of BCP 47 in either case; a country without patterns of its own has those of
            another where its language is spoken.

    Raises:
        CompositionError: there are no patterns of this language.
    """
    patterns = _patterns(language)
    return [start + place for start, word in _words(text) for place in _word_places(patterns, word)]


class _Patterns(NamedTuple):
    name: str  # as pyphen has it
    before: int
    after: int


@lru_cache(maxsize=256)
def _patterns(language: str) -> _Patterns:
    name = _LIKELY.get(language.lower()) or pyphen.language_fallback(language)
    if name is None:
        bare = ", ".join(tag for tag in languages() if "-" not in tag)
        raise CompositionError(f"language: {language!r} has no hyphenation patterns: allowed are {bare}")
    least = {"LEFT": _BEFORE, "RIGHT": _AFTER}
    stated = re.findall(rb"^(LEFT|RIGHT)HYPHENMIN (\d+)", pyphen.LANGUAGES[name].read_bytes(), re.MULTILINE)
    for side, letters in stated:
        least[side.decode()] = max(least[side.decode()], int(letters))
    return _Patterns(name, least["LEFT"], least["RIGHT"])


@cache
def _hyphenator(patterns: _Patterns) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=patterns.name, left=patterns.before, right=patterns.after)


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Each word of letters and marks with its start; an apostrophe parts words, as in "l'enfant"."""
    start = 0
    for end in segment_ends(WordBreaker(text, "root"), text):
        if end - start >= _WORD:
            for part in _PART.finditer(text, start, end):
                if _WORD <= len(part[0]) <= _LONGEST and all(map(_is_letter, part[0])):
                    yield part.start(), part[0]
        start = end


@lru_cache(maxsize=4096)
def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


@lru_cache(maxsize=16384)
def _word_places(patterns: _Patterns, word: str) -> tuple[int, ...]:
    if len(word.lower()) != len(word) or not unicodedata.is_normalized("NFC", word):
        return ()
    hyphenator = _hyphenator(patterns)
    places = tuple(
        int(place)
        for place in hyphenator.positions(word)
        if not place.data and not unicodedata.category(word[place]).startswith("M")
    )
    hyphenator.hd.cache.clear()  # it would hold every word there ever was
    return places


def with_soft_hyphens(texts: Sequence[str], languages: Sequence[str | None], label: str) -> list[str]:
    """The texts of runs with soft hyphens where words may be parted, those that go across runs too; a text
    without a language stays as it is.

    Raises:
        CompositionError: a language has no patterns; the message begins with the label.
    """
    found: list[str] = []
    for language, group in itertools.groupby(zip(languages, texts, strict=True), lambda pair: pair[0]):
        parts = [text for _, text in group]
        places = _places("".join(parts), language, label) if language else []
        start = 0
        for part in parts:
            own = [place - start for place in places if start < place <= start + len(part)]
            cuts = itertools.pairwise((0, *own, len(part)))
            found.append(SOFT_HYPHEN.join(part[first:last] for first, last in cuts))
            start += len(part)
    return found


def _places(text: str, language: str, label: str) -> list[int]:
    try:
        return hyphen_places(text, language)
    except CompositionError as error:
        raise CompositionError(f"{label}, {error}") from error
