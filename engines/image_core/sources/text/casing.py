"""Letter case: the text of runs in capitals, small letters or title case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from engines.image_core.composition.type import Case

__all__ = ["cased"]


def cased(texts: Sequence[str], cases: Sequence[Case]) -> list[str]:
    """The text of each run in its letter case, by Unicode's own mappings, whatever the language.

    Whether a word begins with a letter is told by the run before it too. Small capitals are a matter of the
    font: text that has them stays as it is.
    """
    return list(_cased(texts, cases))


def _cased(texts: Sequence[str], cases: Sequence[Case]) -> Iterator[str]:
    before = ""
    for text, case in zip(texts, cases, strict=True):
        match case:
            case "upper":
                yield text.upper()
            case "lower":
                yield text.lower()
            case "title":
                pairs = zip((before, *text), text, strict=False)
                yield "".join(one if _within_word(last) else one.title() for last, one in pairs)
            case _:
                yield text
        before = text[-1]


def _within_word(character: str) -> bool:
    """Whether a letter after this one is not the first of a word."""
    return bool(character) and (character in "'\u2019\u00ad" or unicodedata.category(character)[0] in "LMN")
