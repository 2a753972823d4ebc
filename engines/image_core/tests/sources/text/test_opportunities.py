"""Where lines may end: Unicode's own tests, languages without spaces, and what never breaks."""

from __future__ import annotations

import itertools
import os
import random
import re
import subprocess
import sys
import time

import pytest

from engines.image_core.sources.text import drawing
from engines.image_core.sources.text.opportunities import ICU_VERSIONS, Strictness, clusters, opportunities
from engines.image_core.tests.sources.text.unicode_rows import unicode_rows

# Where ICU 78, of Unicode 17, differs from the file of an older Unicode: what is before a place and after it.
LATER_RULES = {
    "LB15a and LB15b of Unicode 15.1: spaces within quotes": [
        (r'["«]\u0308? +$', ""),
        (r"[ \u0308]$", "»"),
    ],
    "LB15c of Unicode 16: a line may end before a number that starts with its separator": [(" $", r"[.,]\d")],
    "LB20a of Unicode 16: a hyphen that starts a word stays with it": [
        (r"^[-\u2010]\u0308?$", r"[\w#§\U00050005]")
    ],
    "LB21a of Unicode 16: a line may end at a hyphen between Hebrew letters": [("\u05d0-$", "\u05d0")],
    "LB25 of Unicode 16: a separator stays with the digits after it": [(r"[.,]\u0308?$", r"\d")],
}
STRICTNESSES: tuple[Strictness, ...] = ("strict", "normal", "loose")


def pieces(text: str, strictness: Strictness = "strict") -> str:
    """A text with a bar wherever a line may end within it."""
    places = [0, *opportunities(text, strictness=strictness)]
    return "|".join(text[start:end] for start, end in itertools.pairwise(places))


def later_rule(text: str, place: int) -> str | None:
    """The rule that is younger than the file by which a place differs, or None."""
    for rule, contexts in LATER_RULES.items():
        if any(
            re.search(before, text[:place]) and re.match(after, text[place:]) for before, after in contexts
        ):
            return rule
    return None


def test_lines_end_where_unicode_says() -> None:
    """Every row of LineBreakTest.txt, but for places within clusters and for rules younger than the file."""
    rows = differing = 0
    for text, ends in unicode_rows("LineBreakTest.txt"):
        found, expected = opportunities(text), set(ends) & set(clusters(text))
        apart = expected ^ set(found)
        assert all(later_rule(text, place) for place in apart), (ascii(text), sorted(apart))
        rows, differing = rows + 1, differing + bool(apart)
    assert rows > 7000
    assert differing < 50


def test_clusters_are_those_of_unicode() -> None:
    """Every row of GraphemeBreakTest.txt; but to ICU 78 U+2701, scissors, is no picture that joiners join."""
    rows = 0
    for text, ends in unicode_rows("GraphemeBreakTest.txt"):
        assert clusters(text) == ([2, 3] if text == "\u2701\u200d\u2701" else ends), ascii(text)
        rows += 1
    assert rows > 600


@pytest.mark.parametrize(
    "words",
    [
        "นโยบาย|สาธารณะ|มี|ความ|สำคัญ",
        "ຂ້ອຍ|ຮັກ|ພາສາ|ລາວ",
        "ខ្ញុំ|ស្រលាញ់|ភាសាខ្មែរ",
        "ကျွန်တော်|မြန်မာ|စာ|ကို|ချစ်|တယ်",
    ],
    ids=["Thai", "Lao", "Khmer", "Burmese"],
)
def test_languages_without_spaces_break_between_words(words: str) -> None:
    """ICU's dictionaries know the words."""
    assert pieces(words.replace("|", "")) == words


@pytest.mark.parametrize(
    "shown",
    [
        "don't |stop",
        "1,000.50 |€ |-5 |50% |$5 |(3)",
        "«\u00a0Voilà\u00a0!\u00a0» |dit-|il",
        "« Voilà ! » |dit",
        "l’été",
        "http://|example.org/|a/|b?|c=d&e",
        "zero\u200b|width",
        "no\u00a0break |and\u202fnone",
        "word\u2060joiner",
        "soft\u00ad|hyphen",
        "well-|known",
        "東|京|「日|本」、|東|京。",
        "한|국|어 |글",
        "中|文|（中）|文！",
    ],
)
def test_punctuation_and_spaces(shown: str) -> None:
    """A line may end where a bar is, and nowhere else."""
    assert pieces(shown.replace("|", "")) == shown.removesuffix("|！") + (
        "！" if shown.endswith("|！") else ""
    )


def test_strictness_says_what_japanese_lines_may_begin_with() -> None:
    """Small kana and ー where it isn't strict, as CSS says; iteration marks where it is loose; 、 never."""
    shown = {strictness: pieces("ちょっとコーヒー、人々", strictness) for strictness in STRICTNESSES}
    assert shown == {
        "strict": "ちょっ|と|コー|ヒー、|人々",
        "normal": "ち|ょ|っ|と|コ|ー|ヒ|ー、|人々",
        "loose": "ち|ょ|っ|と|コ|ー|ヒ|ー、|人|々",
    }


@pytest.mark.parametrize(
    "one", ["👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "☝🏽", "e\u0301", "각", "🏴\U000e0067\U000e0062\U000e007f"]
)
def test_what_is_seen_as_one_is_never_broken(one: str) -> None:
    """Families, flags, keycaps, skin tones, marks and syllables; what follows is counted in characters."""
    for strictness in STRICTNESSES:
        assert opportunities(f"a {one}", strictness=strictness) == [2, 2 + len(one)]
        assert opportunities(f"{one} b c", strictness=strictness)[-2:] == [len(one) + 3, len(one) + 4]


def test_opportunities_are_ends_of_clusters_in_order_up_to_the_end() -> None:
    """For random texts of letters, marks, joiners, spaces, pictures and flags."""
    chance = random.Random(3)
    alphabet = 'a 1,."«»)-—\u0301\u200d\u200b\u00ad\u00a0\r\nกำ\u0e34က်中あ、ー한ᄀ👨🏽🇩𝐀\u0600\u1161क्ष\ufffc'
    for _ in range(3000):
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 14)))
        for strictness in STRICTNESSES:
            places = opportunities(text, strictness=strictness)
            assert places == sorted(set(places))
            assert places[-1] == len(text)
            assert set(places) <= set(clusters(text)), ascii(text)


def test_an_empty_text_has_none() -> None:
    """Nor has it clusters."""
    assert opportunities("") == clusters("") == []


def test_the_version_of_icu_is_in_the_hash_of_texts() -> None:
    """It decides where lines end, and so pixels."""
    assert re.fullmatch(r"icu4py [0-9.]+, ICU [0-9.]+", ICU_VERSIONS)
    assert ICU_VERSIONS in drawing._libraries()


@pytest.mark.parametrize("locale", ["C", "ja_JP.UTF-8", "th_TH.UTF-8"])
def test_the_host_decides_nothing(locale: str) -> None:
    """Neither its language nor its country: Japanese would let small kana begin a line."""
    code = (
        "from engines.image_core.sources.text.opportunities import opportunities\n"
        f"print([opportunities('ちょっと人々', strictness=s) for s in {STRICTNESSES}])"
    )
    env = {**os.environ, "LC_ALL": locale, "LANG": locale, "LANGUAGE": locale}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    here = [opportunities("ちょっと人々", strictness=strictness) for strictness in STRICTNESSES]
    assert told.stdout.strip() == str(here)


@pytest.mark.parametrize(
    "unit",
    [
        "a\u00ad", "\u0301", "ก", "กำ", "ក\u17d2", "က", "ລາວ", " ", "1,", '" ', "« ", "(", "🇩", "👨\u200d",
        "中", "ー", "\u1100", "क्", "-", "\u200b", "𠀀", "\u0600", "\u2060", "— ",
    ],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    """Of any kind: twenty times as much takes nothing like four hundred times as long."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        opportunities(text)
        return time.process_time() - start

    short = min(seconds(10_000) for _ in range(3))
    assert seconds(200_000) < 100 * short + 0.1
