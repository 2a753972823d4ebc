"""Line breaking: where a shaped paragraph may be cut, and into which lines it is (UAX #14).

Lines are cut from a paragraph that was shaped whole, so what was measured is what is drawn. A width is a
number of font units and a number of letter spacings, both exact.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable
from typing import NamedTuple

from engines.image_core.sources.text.opportunities import opportunities
from engines.image_core.sources.text.shaping import SOFT_HYPHEN, Paragraph

__all__ = ["Fits", "Measured", "Span"]

Fits = Callable[[int, int], bool]
"""Whether a line of so many font units and letter spacings fits."""

# Spaces that may hang over the end of a line: U+0020 and the breaking ones of Unicode's space separators.
_SPACES = frozenset(" \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f\u3000")


class Span(NamedTuple):
    """The clusters first..last-1 of a paragraph as a line, without the spaces that hang over its end.

    hyphen: whether the last is a soft hyphen that is seen.
    """

    first: int
    last: int
    hyphen: bool = False


class Measured:
    """A paragraph with sums that give the width of any span at once."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        self._units = list(itertools.accumulate(paragraph.advances, initial=0))
        # What takes no room (marks of direction, joiners) is not spaced, nor a letter joined to another.
        spaced = [bool(advance) for advance in paragraph.advances]
        apart = (some and to < 0 for some, to in zip(spaced, paragraph.joined_to, strict=True))
        self._apart = list(itertools.accumulate(apart, initial=0))
        self._next = _next_true(spaced)
        clusters = {start: index for index, start in enumerate(paragraph.starts)}
        # For each possible end of a line, where the last cluster before it ends that is no space.
        ends = (0 if paragraph.text[start] in _SPACES else index + 1 for start, index in clusters.items())
        self._solid = list(itertools.accumulate(ends, max, initial=0))
        clusters[len(paragraph.text)] = len(paragraph.starts)
        self._breaks = [clusters[place] for place in opportunities(paragraph.text) if place in clusters]

    def units(self, span: Span) -> int:
        """The advances of a span, in font units."""
        hyphen = self.paragraph.hyphen
        shown = hyphen.advance if hyphen and span.hyphen else 0
        return self._units[span.last] - self._units[span.first] + shown

    def gaps(self, span: Span) -> int:
        """How many letter spacings lie within a span."""
        second = min(self._next[span.first] + 1, span.last)
        before_hyphen = span.hyphen and self._next[span.first] < span.last
        return self._apart[span.last] - self._apart[second] + before_hyphen

    def lines(self, fits: Fits | None) -> list[Span]:
        """The paragraph as lines that fit, by `fits(units, gaps)`; as one line without it.

        Lines end at the last opportunity that fits (UAX #14), or, where a single word is wider than that, at
        the last cluster that fits; a line holds one cluster at least.
        """
        end = len(self.paragraph.starts)
        if fits is None:
            return [self._trimmed(0, end)]
        spans, first, number = [], 0, 0
        while first < end:
            last = self._line_end(first, number, fits)
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
            elif not self._fits(
                first, place, fits, bare=True
            ):  # else only a hyphen is too much: the line goes on
                return best if best > first else self._emergency(first, place, fits)
        return best

    def unbroken(self, fits: Fits) -> bool:
        """Whether each piece between two opportunities fits by itself."""
        return all(self._fits(first, last, fits) for first, last in itertools.pairwise([0, *self._breaks]))

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
