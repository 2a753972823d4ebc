"""Where words may be hyphenated, in which languages, and what is left whole."""

from __future__ import annotations

import itertools
import time

import pyphen
import pytest

from engines.image_core.errors import CompositionError
from engines.image_core.sources.text import hyphenation
from engines.image_core.sources.text.hyphenation import hyphen_places, languages


def hyphenated(text: str, language: str) -> str:
    """A text with a hyphen wherever there may be one."""
    places = [0, *hyphen_places(text, language), len(text)]
    return "-".join(text[start:end] for start, end in itertools.pairwise(places))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-US", "hy-phen-ation of ex-tra-or-di-nary let-ters"),
        ("de", "Do-nau-dampf-schiff-fahrts-ge-sell-schaft"),
        ("fr", "l’en-fant ex-tra-or-di-naire"),
        ("ru", "до-сто-при-ме-ча-тель-ность"),
        ("mr", "हिन्दु-स्तान"),
    ],
)
def test_words_are_hyphenated_by_the_patterns_of_their_language(language: str, words: str) -> None:
    """In any case of letters, and whatever stands around them."""
    assert hyphenated(words.replace("-", ""), language) == words
    assert hyphenated(words.replace("-", "").upper(), language) == words.upper()
    assert hyphenated(f"😀 ({words.replace('-', '')})!", language) == f"😀 ({words})!"


def test_a_place_is_that_of_the_character_after_the_hyphen() -> None:
    """Counted in characters of the text, those beyond U+FFFF too."""
    assert hyphen_places("letters", "en") == [3]
    assert hyphen_places("𝐀 letters", "en") == [5]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "word", "also", "don't couldn't", "MP3player", "snake_letters", "example.com",
        "extra\u00adordinary", "let\u2060ters", "123456789", "نصوص", "İstanbulluları", "e\u0301tablissement",
    ],
)  # fmt: skip
def test_what_is_left_whole(text: str) -> None:
    """Short words, words with digits, joiners or hyphens of their own, other scripts, decomposed letters."""
    assert hyphen_places(text, "en") == []


def test_places_that_would_change_the_spelling_are_left_out() -> None:
    """Hungarian's asz-szony has a letter more, and Catalan's il-lusió loses its dot."""
    assert hyphen_places("asszony", "hu") == []
    assert pyphen.Pyphen(lang="hu").inserted("asszony") == "asz-szony"
    assert hyphen_places("il·lusió", "ca") == []


def test_two_letters_stay_before_a_hyphen_and_three_after_it() -> None:
    """Or as many as the patterns ask: those of Sanskrit ask for three and four."""
    for language in languages():
        least = (3, 4) if language[:2] in ("mr", "sa") else (2, 3)
        for word in ("aeroplane", "identity", "Straße", "достопримечательность", "महाराष्ट्राच्या", "ιδέα"):
            for place in hyphen_places(word, language):
                assert least[0] <= place <= len(word) - least[1], (language, word)


def test_languages_are_tags_that_can_be_asked_for() -> None:
    """In order, in either case; one that is bare stands for its likely country."""
    assert {"de", "de-AT", "en", "en-GB", "en-US", "hu", "sr-Latn", "th"} <= set(languages())
    assert list(languages()) == sorted(set(languages()))
    assert all(hyphen_places("", language) == [] for language in languages())
    assert hyphenated("hyphenation", "EN-us") == hyphenated("hyphenation", "en") == "hy-phen-ation"
    assert hyphenated("hyphenation", "en-AU") == hyphenated("hyphenation", "en-GB")


@pytest.mark.parametrize("language", ["zh", "english", "", "x" * 5000])
def test_a_language_without_patterns_is_an_error(language: str) -> None:
    """It names the language and those that there are."""
    with pytest.raises(CompositionError, match=r"^language: '.* has no hyphenation patterns: ") as error:
        hyphen_places("word", language)
    assert "allowed are af, as, be, " in str(error.value)
    assert str(error.value).endswith(", uk, zu")


def test_words_are_not_kept_without_end() -> None:
    """pyphen itself would keep each word that was ever asked for."""
    for number in range(100):
        hyphen_places("abcde" + chr(ord("a") + number % 26) * (number % 7), "en")
    assert not hyphenation._hyphenator(hyphenation._patterns("en")).hd.cache


@pytest.mark.parametrize("unit", ["a", "letters ", "abcde'", "\u0301", "ก", "\u00ada", "é"])
def test_no_text_takes_long(unit: str) -> None:
    """As much as a text layer may hold."""
    start = time.process_time()
    hyphen_places(unit * (100_000 // len(unit)), "en")
    assert time.process_time() - start < 2
