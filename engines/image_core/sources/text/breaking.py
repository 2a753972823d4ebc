"""Line breaking: where a shaped paragraph may be cut, and into which lines it is (UAX #14).

Lines are cut from a paragraph that was shaped whole, so what was measured is what is drawn. A width is a
number of units of an em and one of spacing, both exact.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable
from typing import NamedTuple

import unicodedataplus

from engines.image_core.sources.text.hyphenation import SOFT_HYPHEN
from engines.image_core.sources.text.opportunities import opportunities
from engines.image_core.sources.text.shaping import Glyph, Paragraph, Setting

__all__ = ["Fits", "Fitters", "Measured", "Span"]

Fits = Callable[[int, int], bool]
"""Whether a line of so many units, and so many units of spacing, fits."""


class Fitters(NamedTuple):
    """What the lines of a paragraph must fit: the first may have less room, or more, than the others."""

    first: Fits
    other: Fits

    def of(self, first: int) -> Fits:
        """That of a line that begins at a cluster."""
        return self.other if first else self.first


# Spaces that may hang over the end of a line: U+0020 and the breaking ones of Unicode's space separators.
_SPACES = frozenset(" \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f\u3000")


_WITHOUT_SPACES = frozenset(("Han", "Hiragana", "Katakana"))
_SEPARATORS = frozenset(" \u00a0\u1361")
"""What word spacing is added to: of CSS Text Module Level 3's word separators those in use."""


class Span(NamedTuple):
    """The clusters first..last-1 of a paragraph as a line, without the spaces that hang over its end.

    hyphen: whether the last is a soft hyphen that is seen.
    """

    first: int
    last: int
    hyphen: bool = False


class Measured:
    """A paragraph with sums that give the width of any span at once.

    Attributes:
        gaps_before: For each cluster, the letter spacing between it and the one before it, in units of
            spacing. What takes no room (marks of direction, joiners) is not spaced, nor a letter that is
            joined to another.
        spaces: For each cluster, the word spacing that is part of it.
        spaced: Whether there is any letter spacing.
    """

    def __init__(self, paragraph: Paragraph, setting: Setting) -> None:
        self.paragraph = paragraph
        self._units = list(itertools.accumulate(paragraph.advances, initial=0))
        seen = [bool(advance) for advance in paragraph.advances]
        per_pixel, styles = setting.grid.per_pixel, [face.style for face in setting.faces]
        self._letters = [int(style.letter_spacing * per_pixel) for style in styles]
        words = [int(style.word_spacing * per_pixel) for style in styles]
        self.gaps_before = [
            self._letters[face] if some and to < 0 else 0
            for face, some, to in zip(paragraph.faces, seen, paragraph.joined_to, strict=True)
        ]
        self.spaces = [
            words[face] if paragraph.text[start] in _SEPARATORS else 0
            for face, start in zip(paragraph.faces, paragraph.starts, strict=True)
        ]
        self.spaced = any(self._letters)
        self._gaps = list(itertools.accumulate(self.gaps_before, initial=0))
        self._spaces = list(itertools.accumulate(self.spaces, initial=0))
        self._next = _next_true(seen)
        clusters = {start: index for index, start in enumerate(paragraph.starts)}
        # For each possible end of a line, where the last cluster before it ends that is no space.
        ends = (0 if paragraph.text[start] in _SPACES else index + 1 for start, index in clusters.items())
        self._solid = list(itertools.accumulate(ends, max, initial=0))
        clusters[len(paragraph.text)] = len(paragraph.starts)
        self._breaks = [clusters[place] for place in opportunities(paragraph.text) if place in clusters]

    def units(self, span: Span) -> int:
        """The advances of a span, in units."""
        hyphen = self.hyphen(span)
        return self._units[span.last] - self._units[span.first] + (hyphen.advance if hyphen else 0)

    def gaps(self, span: Span) -> int:
        """The spacings within a span, in units of spacing."""
        second = min(self._next[span.first] + 1, span.last)
        letters = self._gaps[span.last] - self._gaps[second]
        if span.hyphen and self._next[span.first] < span.last:
            letters += self.hyphen_gap(span)
        return letters + self._spaces[span.last] - self._spaces[span.first]

    def hyphen(self, span: Span) -> Glyph | None:
        """What is seen of the soft hyphen at the end of a span."""
        return self.paragraph.hyphens[self.paragraph.faces[span.last - 1]] if span.hyphen else None

    def hyphen_gap(self, span: Span) -> int:
        """The letter spacing before that hyphen."""
        return self._letters[self.paragraph.faces[span.last - 1]]

    def stretchable(self, span: Span) -> frozenset[int]:
        """The clusters of a span after which a justified line is stretched: spaces, and ideographs and kana
        before others."""
        text, starts = self.paragraph.text, self.paragraph.starts
        firsts = [text[starts[cluster]] for cluster in range(span.first, span.last)]
        wide = [unicodedataplus.script(first) in _WITHOUT_SPACES for first in firsts]
        found = (first in _SEPARATORS for first in firsts)
        between = (one and other for one, other in itertools.pairwise(wide))
        return frozenset(
            span.first + place
            for place, (space, both) in enumerate(zip(found, between, strict=False))
            if space or both
        )

    def lines(self, fitters: Fitters | None) -> list[Span]:
        """The paragraph as lines that fit; as one line without it.

        Lines end at the last opportunity that fits (UAX #14), or, where a single word is wider than that, at
        the last cluster that fits; a line holds one cluster at least.
        """
        end = len(self.paragraph.starts)
        if fitters is None:
            return [self._trimmed(0, end)]
        spans: list[Span] = []
        first, number = 0, 0
        while first < end:
            last = self._line_end(first, number, fitters.of(first))
            spans.append(self._trimmed(first, last))
            first = last
            number = bisect.bisect_right(self._breaks, first, number)
        return spans or [Span(0, 0)]

    def _line_end(self, first: int, number: int, fits: Fits) -> int:
        """Where a line ends that begins at a cluster; number: of the first opportunity after that."""
        best = first
        for place in itertools.islice(self._breaks, number, None):
            if self._fits(first, place, fits):
                best = place
            elif not self._fits(first, place, fits, bare=True):  # else only a hyphen is too much
                return best if best > first else self._emergency(first, place, fits)
        return best

    def unbroken(self, fitters: Fitters) -> bool:
        """Whether each piece between two opportunities fits by itself."""
        pieces = itertools.pairwise([0, *self._breaks])
        return all(self._fits(first, last, fitters.of(first)) for first, last in pieces)

    def _emergency(self, first: int, last: int, fits: Fits) -> int:
        for place in range(first + 2, last + 1):
            if not self._fits(first, place, fits):
                return place - 1
        return last

    def _fits(self, first: int, last: int, fits: Fits, *, bare: bool = False) -> bool:
        """bare: without the hyphen that a soft one at its end is."""
        span = self._trimmed(first, last)
        span = span._replace(hyphen=span.hyphen and not bare)
        return fits(self.units(span), self.gaps(span))

    def _trimmed(self, first: int, last: int) -> Span:
        text, starts = self.paragraph.text, self.paragraph.starts
        hyphen = first < last < len(starts) and text[starts[last - 1]] == SOFT_HYPHEN
        return Span(first, max(self._solid[last], first), hyphen)


def _next_true(values: list[bool]) -> list[int]:
    """For each place, the end included, the first true value from there on, or the end."""
    found = [len(values)]
    for place in range(len(values) - 1, -1, -1):
        found.append(place if values[place] else found[-1])
    return found[::-1]
