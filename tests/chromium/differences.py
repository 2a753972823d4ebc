"""Which paragraphs come out otherwise, and why: all others break alike and lie within half a pixel."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["WHY"]

_AFTER = "Chromium spaces a line's last letter too, in Hebrew its first"
_SLASH = "Chromium has a table of its own for ASCII: no line ends after a slash"

WHY: Mapping[str, str] = {
    "letter and word spacing, centred": _AFTER,
    "justified with word spacing and indent": _AFTER,
    "Hebrew with points, letters spaced": _AFTER,
    "Arabic, letters spaced, at the end": "Chromium spaces only spaces of Arabic, we unjoined letters too",
    "small capitals made smaller": "Chromium rounds 0.7 of the size to whole pixels: 16.8 is 17",
    "soft hyphens": "Chromium keeps ligatures across a soft hyphen within a line; we part them",
    "addresses, slashes and hyphens": _SLASH,
    "quotes, dashes, ellipses and currencies": _SLASH,
    "balanced": "we take the narrowest box, Chromium the most even lines; CSS leaves that open",
    "Ethiopic, justified": "we stretch Ethiopic word spaces too, which CSS calls word separators",
    "sizes and weights in one line": "Chromium's metrics are whole pixels, each style's rounded by itself",
    "raised above the line": "in CSS a raised run makes its line higher; ours keeps the distance of lines",
    "runs smaller than the layer": "in CSS no line is lower than one of the paragraph's own size",
    "underlined and struck through": "Chromium's lines are whole pixels thick, all as an underline is",
}
"""Why, by the paragraph's name."""
