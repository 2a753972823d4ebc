"""Fonts that stand in for one another, in texts of many scripts."""

from __future__ import annotations

import random
import unicodedata
from fractions import Fraction
from functools import cache

import pytest
from fontTools.ttLib import TTFont

from engines.image_core.composition.fields import parse
from engines.image_core.models import TextLayer
from engines.image_core.sources.text.builtin_fonts import emoji_font
from engines.image_core.sources.text.fallback import font_of_each
from engines.image_core.sources.text.opportunities import clusters
from engines.image_core.sources.text.shaping import Setting, shape
from engines.image_core.sources.text.styling import styled_text
from engines.image_core.tests.sources.text.paragraphs import shaped_with
from engines.image_core.tests.sources.text.script_texts import SCRIPTS, font_path, loaded, texts

FILES = list(dict.fromkeys(script.font for script in SCRIPTS.values()))
FONTS = (*map(loaded, FILES), emoji_font("test"))
EMOJI = len(FILES)
PICTURES = ["😀", "🏆", "👩🏽\u200d🚀", "🇩🇪", "1\ufe0f\u20e3", "❤\ufe0f"]


@cache
def characters(file: str) -> frozenset[str]:
    """What is in a font, as fontTools reads it."""
    with TTFont(font_path(file), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def mixed(chance: random.Random) -> str:
    """A text of three to eight words, numbers and emoji, with a space between some."""
    words = [word for script in SCRIPTS.values() for word in " ".join(texts(script, 5)).split()]
    chosen = chance.choices([*words, *PICTURES * 8, "2027", "(50%)"], k=chance.randint(3, 8))
    return "".join(word + chance.choice((" ", " ", "")) for word in chosen).strip()


def expected(cluster: str) -> int:
    """The number of the first font that has what is seen of a cluster, in one of Unicode's forms of it."""
    if any(cluster in picture for picture in PICTURES) and not cluster.isascii():
        return EMOJI
    seen = "".join(one for one in cluster if unicodedata.category(one) != "Cf")
    for form in (seen, unicodedata.normalize("NFC", seen), unicodedata.normalize("NFD", seen)):
        for number, file in enumerate(FILES):
            if set(form) <= characters(file):
                return number
    # No font has all of it: the base decides.
    return next(number for number, file in enumerate(FILES) if cluster[0] in characters(file))


@pytest.mark.parametrize("seed", range(100))
def test_each_cluster_is_drawn_in_the_first_font_that_has_it(seed: int) -> None:
    """In a chain of twenty fonts and one of emoji, in which nothing is missing."""
    text = mixed(random.Random(seed))
    layer = parse(TextLayer, {"type": "text", "text": text}, "layers[0]")
    styled = styled_text(layer, [FONTS], "layers[0]")
    (part,) = styled.paragraphs
    start = 0
    for end in clusters(text):
        fonts = {FONTS.index(styled.faces[face].font) for face in part.faces[start:end]}
        assert fonts == {expected(text[start:end])}, ascii(text[start:end])
        start = end
    setting = Setting(styled.faces, styled.grid(Fraction(layer.size)), "test")
    paragraph = shape(part, setting)
    assert all(glyph.id for glyph in paragraph.glyphs)
    assert [glyph.face for glyph in paragraph.glyphs] == [
        part.faces[paragraph.starts[glyph.cluster]] for glyph in paragraph.glyphs
    ]


def test_letters_with_marks_are_drawn_where_a_font_has_another_form_of_them() -> None:
    """Letters that no font has as they are written, but one has decomposed, or composed; none is missing.
    The fonts that have most of them come last, so that it is not by chance."""
    files, fonts = FILES[::-1], FONTS[EMOJI - 1 :: -1]
    count = 0
    for composed in map(chr, range(0x80, 0x30000)):
        decomposed = unicodedata.normalize("NFD", composed)
        if decomposed == composed:
            continue
        for written, other in ((composed, decomposed), (decomposed, unicodedata.normalize("NFC", composed))):
            having = [[set(form) <= characters(file) for file in files] for form in (written, other)]
            if any(having[0]) or not any(having[1]):
                continue
            number = having[1].index(True)
            assert font_of_each(written, fonts) == [number] * len(written), ascii(written)
            assert all(glyph.id for glyph in shaped_with(fonts[number], written).glyphs), ascii(written)
            count += 1
    assert count > 200
