"""Shaping in many scripts: the glyphs that HarfBuzz's own program makes of the same texts."""

from __future__ import annotations

import itertools
import random
import re
from fractions import Fraction

import pytest
import uharfbuzz as hb

from engines.image_core.sources.text.faces import Face, Style, Styled, StyledText
from engines.image_core.sources.text.shaping import Paragraph, Setting, shape
from engines.image_core.tests.sources.text.hb_shape import Shaped, hb_shape, version
from engines.image_core.tests.sources.text.paragraphs import shaped_with
from engines.image_core.tests.sources.text.script_texts import SCRIPTS, font_path, loaded, texts

OURS = tuple(int(number) for number in hb.version_string().split("."))
# Where HarfBuzz 6 differs from 15, by what is in the cluster. Marks on a character that the font makes
# several glyphs of were attached to the first of these, and are now to the nearest. Where tones of Burmese
# follow one another without a letter, each had a dotted circle, and now all have one.
LATER = {
    "where marks are attached": re.compile("[\u0675-\u0678]|\u1039"),
    "tones without a letter": re.compile("[\u1063\u1069-\u106d]"),
}


def as_told(paragraph: Paragraph) -> list[Shaped]:
    """As `hb_shape` tells them."""
    starts = paragraph.starts
    return [
        Shaped(glyph.id, starts[glyph.cluster], glyph.advance, glyph.dx, glyph.dy)
        for glyph in paragraph.glyphs
    ]


def same(text: str, ours: list[Shaped], theirs: list[Shaped]) -> bool:
    """Whether they are; where the program is older, each cluster that differs must have a reason."""
    if ours == theirs:
        return True
    assert version() < OURS, ascii(text)
    starts = {glyph.cluster for glyph in ours}
    assert starts == {glyph.cluster for glyph in theirs}, ascii(text)
    for start, end in itertools.pairwise((*sorted(starts), len(text))):
        found, expected = ([one for one in glyphs if one.cluster == start] for glyphs in (ours, theirs))
        known = any(pattern.search(text[start:end]) for pattern in LATER.values())
        assert found == expected or known, ascii(text[start:end])
    return False


@pytest.mark.parametrize("name", SCRIPTS)
def test_glyphs_are_those_of_harfbuzz(name: str) -> None:
    """Glyphs, clusters, advances and offsets of made-up texts, of one run each, in two weights; where the
    program is older than ours, but for what has changed since."""
    script = SCRIPTS[name]
    written = texts(script, 20)
    for weight in (400, 700) if "wght" in script.font else (None,):
        made = hb_shape(
            font_path(script.font), written, script=script.tag, direction=script.direction, weight=weight
        )
        font = loaded(script.font, weight or 400)
        equal = [
            same(text, as_told(shaped_with(font, text)), theirs)
            for text, theirs in zip(written, made, strict=True)
        ]
        assert equal.count(False) < 5


def test_letters_join_across_a_change_of_weight() -> None:
    """What stands beside a run gives its letters their forms, as HarfBuzz's program has it too."""
    script, chance = SCRIPTS["Arabic"], random.Random(7)
    path = font_path(script.font)
    fonts = [loaded(script.font, weight) for weight in (400, 700)]
    styles = [Style((font,), Fraction(1)) for font in fonts]
    faces = [Face(font, style, style.size, ()) for font, style in zip(fonts, styles, strict=True)]
    setting = Setting(faces, StyledText([], faces).grid(Fraction(1)), "test")
    equal = []
    for text in texts(script, 20):
        cut = chance.randint(1, len(text) - 1)
        first, second = text[:cut], text[cut:]
        styled = Styled(text, [0] * len(first) + [1] * len(second), styles[0])
        (left,) = hb_shape(path, [second], script="Arab", direction="rtl", weight=700, before=first)
        (right,) = hb_shape(path, [first], script="Arab", direction="rtl", weight=400, after=second)
        theirs = [glyph._replace(cluster=glyph.cluster + cut) for glyph in left] + right
        equal.append(same(text, as_told(shape(styled, setting)), theirs))
    assert equal.count(False) < 5
