"""Where a text may be cut: the ends of lines (UAX #14) and of grapheme clusters (UAX #29), by ICU.

ICU's dictionaries find the words of Thai, Lao, Khmer and Burmese, which are written without spaces. Its root
locale is asked, so that the host's language and country decide nothing.
"""

from __future__ import annotations

import importlib.metadata
import itertools
from typing import Literal

import icu4py
from icu4py.breakers import BaseBreaker, CharacterBreaker, LineBreaker

__all__ = ["ICU_VERSIONS", "Strictness", "clusters", "opportunities", "segment_ends"]

ICU_VERSIONS = f"icu4py {importlib.metadata.version('icu4py')}, ICU {icu4py.icu_version}"
"""What decides where lines may end: its rules, its dictionaries and its version of Unicode."""

Strictness = Literal["normal", "strict", "loose"]
"""How free lines are to begin with small kana and the like, as CSS's `line-break` has it."""

_ROOT = "root"


def opportunities(text: str, *, strictness: Strictness = "strict") -> list[int]:
    """Where lines may end, ascending, the end of the text included; none for an empty text.

    Args:
        text: Without lone surrogates.
        strictness: "strict" is UAX #14 as it stands: no line begins with a small kana or a prolonged sound
            mark. With "normal" one may, and with "loose" with an iteration mark too.

    Returns:
        Indices of characters, 1 to the length of the text, never within a grapheme cluster: UAX #14 itself
        lets a line end between a space and a mark upon it.
    """
    ends = segment_ends(LineBreaker(text, f"{_ROOT}@lb={strictness}"), text)
    if text.isascii():
        return ends  # no cluster that a line could end in
    whole = set(clusters(text))
    return [place for place in ends if place in whole]


def clusters(text: str) -> list[int]:
    """Where the grapheme clusters of a text end, as `opportunities` counts: what people take for letters."""
    return segment_ends(CharacterBreaker(text, _ROOT), text)


def segment_ends(breaker: BaseBreaker, text: str) -> list[int]:
    """Where the segments of a breaker on a text end, in indices of characters.

    ICU counts units of UTF-16, of which characters beyond U+FFFF have two.
    """
    ends = [end for _, end in breaker.segments()]
    if not text or max(text) <= "\uffff":
        return ends
    units = itertools.accumulate((1 + (character > "\uffff") for character in text), initial=0)
    index = {unit: place for place, unit in enumerate(units)}
    return [index[end] for end in ends]
