"""Emoji: every one that Unicode lists, in the font that comes with the library."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterator

import pytest

from engines.image_core.sources.text.builtin_fonts import emoji_font, family_font
from engines.image_core.sources.text.fallback import font_of_each
from engines.image_core.sources.text.fonts import LoadedFont
from engines.image_core.sources.text.opportunities import clusters
from engines.image_core.tests.sources.text.paragraphs import shaped_with
from engines.image_core.tests.sources.text.unicode_rows import unicode_lines

SANS, EMOJI = family_font("Source Sans Pro", "test"), emoji_font("test")
KEYCAPS = "0123456789#*"
WHOLE = ("fully-qualified", "component")
KINDS = {
    "keycaps": "\u20e3",
    "flags": "[\U0001f1e6-\U0001f1ff]",
    "flags by tags": "\U000e007f",
    "skin tones": "[\U0001f3fb-\U0001f3ff]",
    "joined": "\u200d",
}


def listed(name: str) -> Iterator[tuple[str, str]]:
    """Each sequence of a file of emoji, and what the file calls it."""
    for line in unicode_lines(f"emoji/{name}"):
        codes, what = line.split(";")[:2]
        yield "".join(chr(int(code, 16)) for code in codes.split()), what.strip()


def test_every_emoji_is_one_cluster() -> None:
    """However fully it says that it is one."""
    rows = list(listed("emoji-test.txt"))
    assert len(rows) > 4700
    for emoji, _ in rows:
        assert clusters(emoji) == [len(emoji)], ascii(emoji)


def test_every_emoji_is_one_picture_of_the_emoji_font() -> None:
    """Beside a text font too: flags, keycaps, skin tones, families. OpenMoji joins what is fully qualified.

    Some 200 of one character and U+FE0F have a second glyph, for it: no ink, no advance, the same cluster.
    """
    counts: collections.Counter[str] = collections.Counter()
    for emoji, what in listed("emoji-test.txt"):
        if what not in WHOLE:
            continue
        counts.update(["all", *(kind for kind, part in KINDS.items() if re.search(part, emoji))])
        assert font_of_each(emoji, (SANS, EMOJI)) == [1] * len(emoji), ascii(emoji)
        paragraph = shaped_with(EMOJI, emoji)
        picture, *rest = paragraph.glyphs
        assert paragraph.starts == [0], ascii(emoji)
        assert EMOJI.color_glyph(picture.id, "#000000"), ascii(emoji)
        if rest:
            assert emoji[1:] == "\ufe0f", ascii(emoji)
            assert [(glyph.advance, EMOJI.color_glyph(glyph.id, "#000000")) for glyph in rest] == [(0, None)]
            assert not EMOJI.glyph(rest[0].id).points.size
            counts["with a selector"] += 1
    assert counts.pop("with a selector") < 210
    few = {"all": 3600, "keycaps": 12, "flags": 250, "flags by tags": 3, "skin tones": 1700, "joined": 1300}
    assert all(counts[kind] >= number for kind, number in few.items()), counts


@pytest.mark.parametrize("fonts", [(SANS, EMOJI), (EMOJI, SANS)], ids=["text first", "emoji first"])
def test_a_selector_says_whether_a_picture_or_text_is_drawn(fonts: tuple[LoadedFont, LoadedFont]) -> None:
    """Each of Unicode's sequences with one, in either order of fonts: U+FE0E asks for text, where the text
    font has it, and U+FE0F for a picture, where there is one: OpenMoji has none of digits, # and *."""
    rows = list(listed("emoji-variation-sequences.txt"))
    assert len(rows) > 700
    for sequence, what in rows:
        character = sequence[0]
        pictured = character not in KEYCAPS and (what == "emoji style" or not SANS.has(character))
        drawn = {fonts[number] for number in font_of_each(sequence, fonts)}
        assert drawn == {EMOJI if pictured else SANS}, ascii(sequence)


def test_what_a_colour_font_has_for_keycaps_alone_is_drawn_in_another() -> None:
    """OpenMoji's digits, # and * are nothing, not even an advance: they are there to be parts of keycaps."""
    for character in KEYCAPS:
        assert EMOJI.has(character)
        assert shaped_with(EMOJI, character).advances == [0]
        assert font_of_each(character, (EMOJI, SANS)) == [1]
    assert font_of_each("1 km 🏆", (EMOJI, SANS)) == [1, 0, 1, 1, 0, 0]
    assert font_of_each("1\ufe0f\u20e31", (EMOJI, SANS)) == [0, 0, 0, 1]
    assert font_of_each("1", (EMOJI,)) == [0]
