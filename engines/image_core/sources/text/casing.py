"""Letter case: the text of runs in capitals, small letters or title case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from engines.image_core.composition.type import Case

__all__ = ["cased"]

_DOTLESS = ("tr", "az")  # languages; the rows of SpecialCasing.txt that are for them
_TO_CAPITALS, _TO_SMALL = {ord("i"): "\u0130"}, {ord("I"): "\u0131", ord("\u0130"): "i"}


def cased(texts: Sequence[str], cases: Sequence[Case], languages: Sequence[str | None]) -> list[str]:
    """The text of each run in its letter case, by Unicode's own mappings, and those of Turkish and Azeri with
    their dotless i.

    Whether a word begins with a letter is told by the run before it too. Small capitals are a matter of the
    font: text that has them stays as it is.
    """
    return list(_cased(texts, cases, languages))


def _cased(texts: Sequence[str], cases: Sequence[Case], languages: Sequence[str | None]) -> Iterator[str]:
    before = ""
    for text, case, language in zip(texts, cases, languages, strict=True):
        dotless = (language or "").split("-")[0] in _DOTLESS
        match case:
            case "upper":
                yield _upper(text, dotless=dotless)
            case "lower":
                yield (text.translate(_TO_SMALL) if dotless else text).lower()
            case "title":
                pairs = zip((before, *text), text, strict=False)
                yield "".join(
                    one if _within_word(last) else _title(one, dotless=dotless) for last, one in pairs
                )
            case _:
                yield text
        before = text[-1]


def _upper(text: str, *, dotless: bool) -> str:
    return (text.translate(_TO_CAPITALS) if dotless else text).upper()


def _title(letter: str, *, dotless: bool) -> str:
    return _TO_CAPITALS[ord("i")] if dotless and letter == "i" else letter.title()


def _within_word(character: str) -> bool:
    """Whether a letter after this one is not the first of a word."""
    return bool(character) and (character in "'\u2019\u00ad" or unicodedata.category(character)[0] in "LMN")
