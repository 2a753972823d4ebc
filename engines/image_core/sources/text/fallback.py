"""Font fallback: in which of several fonts each cluster of letters is drawn.

It is the first in the order of the list that has all of the cluster, as CSS Fonts Module Level 4 has it. A
cluster that is shown as an emoji is drawn in the first colour font that has it before any other; one that
asks for text (U+FE0E) in the first that is none.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence

import unicodedataplus

from engines.image_core.sources.text.fonts import LoadedFont
from engines.image_core.sources.text.opportunities import clusters

__all__ = ["font_of_each"]

# UTS #51: characters of Emoji_Presentation are emoji unless the latter follows, others where the first does.
_AS_EMOJI, _AS_TEXT = "\ufe0f", "\ufe0e"
_UNSEEN = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def font_of_each(text: str, fonts: Sequence[LoadedFont]) -> list[int]:
    """For each character, the number of the font that its cluster is drawn in."""
    if len(fonts) == 1 or (text.isascii() and all(_draws(fonts[0], character) for character in set(text))):
        return [0] * len(text)
    known: dict[str, int] = {}
    chosen: list[int] = []
    for start, end in itertools.pairwise((0, *clusters(text))):
        cluster = text[start:end]
        if cluster not in known:
            known[cluster] = _font_of(cluster, fonts)
        chosen += [known[cluster]] * (end - start)
    return chosen


def _font_of(cluster: str, fonts: Sequence[LoadedFont]) -> int:
    order = list(range(len(fonts)))
    if _AS_TEXT in cluster:
        order.sort(key=lambda number: fonts[number].colored)
    elif _AS_EMOJI in cluster or any(map(unicodedataplus.is_emoji_presentation, cluster)):
        order.sort(key=lambda number: not fonts[number].colored)
    for form, _ in itertools.groupby(_forms(cluster)):
        for number in order:
            if _has(fonts[number], form):
                return number
    # Else the first that has its base: what is missing is told of that.
    return next((number for number in order if fonts[number].has(cluster[0])), 0)


def _has(font: LoadedFont, form: str) -> bool:
    return _draws(font, form) if len(form) == 1 else all(font.has(character) for character in form)


def _draws(font: LoadedFont, character: str) -> bool:
    """Whether a font has a character by itself: fonts of emoji have digits, # and * that are nothing, not
    even an advance, for keycaps to be made of."""
    if not font.colored or unicodedata.category(character).startswith("M"):
        return font.has(character)
    return bool(font.advance(character))


def _forms(cluster: str) -> list[str]:
    """What has to be in a font, as it is written, composed and decomposed: HarfBuzz tries these too."""
    seen = "".join(one for one in cluster if one not in _UNSEEN and unicodedata.category(one) != "Cf")
    return [seen, unicodedata.normalize("NFC", seen), unicodedata.normalize("NFD", seen)]
