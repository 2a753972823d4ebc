"""Made-up texts in many scripts: syllables by chance out of a script's letters and marks, and some names."""

from __future__ import annotations

import importlib.resources
import random
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from engines.image_core.sources.text.fonts import LoadedFont, load_font

__all__ = ["SCRIPTS", "Script", "font_path", "loaded", "texts"]

_JOINERS = "\u200c\u200d"
_STACKING = 9  # the combining class of viramas: what follows is stacked or joined
_OF_ALPHABETS = [chr(code) for code in range(0x300, 0x30D)]


@dataclass(frozen=True)
class Script:
    """A script.

    Attributes:
        tag: That of ISO 15924.
        name: What Unicode's names of its characters begin with.
        font: The file of a font that has it.
        words: What languages and countries call themselves in it.
    """

    tag: str
    name: str
    font: str
    words: str

    @property
    def direction(self) -> str:
        """As HarfBuzz calls it."""
        return "rtl" if self.tag in ("Arab", "Hebr") else "ltr"


def _noto(tag: str, name: str, words: str) -> Script:
    return Script(tag, name.upper(), f"NotoSans{name}[wght].ttf", words)


_SANS = "SourceSansPro-Regular.otf"
SCRIPTS = {
    script.name.capitalize(): script
    for script in (
        Script("Latn", "LATIN", _SANS, "Français Türkiye Việt Österreich Česko Þýskaland"),
        Script("Grek", "GREEK", _SANS, "Ελληνικά Ελλάδα Κύπρος"),
        Script("Cyrl", "CYRILLIC", _SANS, "русский Україна Србија България Қазақстан"),
        _noto("Arab", "Arabic", "العربية مصر فارسی اردو الله لبنان"),
        _noto("Hebr", "Hebrew", "עברית ישראל יידיש"),
        _noto("Deva", "Devanagari", "हिन्दी नेपाल मराठी संस्कृत श्री"),
        _noto("Beng", "Bengali", "বাংলা বাংলাদেশ ভারত"),
        _noto("Taml", "Tamil", "தமிழ் இலங்கை ஸ்ரீ"),
        _noto("Telu", "Telugu", "తెలుగు భారతదేశం"),
        _noto("Knda", "Kannada", "ಕನ್ನಡ ಭಾರತ ಕರ್ನಾಟಕ"),
        _noto("Mlym", "Malayalam", "മലയാളം ഇന്ത്യ കേരളം"),
        _noto("Gujr", "Gujarati", "ગુજરાતી ભારત"),
        _noto("Guru", "Gurmukhi", "ਪੰਜਾਬੀ ਭਾਰਤ"),
        _noto("Orya", "Oriya", "ଓଡ଼ିଆ ଭାରତ"),
        _noto("Sinh", "Sinhala", "සිංහල ශ්‍රී ලංකාව"),
        _noto("Thai", "Thai", "ไทย กัมพูชา ญี่ปุ่น"),
        _noto("Laoo", "Lao", "ລາວ ໄທ ຈີນ ຍີ່ປຸ່ນ"),
        _noto("Khmr", "Khmer", "ខ្មែរ កម្ពុជា ថៃ"),
        _noto("Mymr", "Myanmar", "မြန်မာ ထိုင်း"),
        _noto("Geor", "Georgian", "ქართული საქართველო"),
        _noto("Armn", "Armenian", "հայերեն Հայաստան և"),
        _noto("Ethi", "Ethiopic", "አማርኛ ኢትዮጵያ ኤርትራ"),
    )
}
"""By name."""


class _Signs(NamedTuple):
    letters: list[str]
    marks: list[str]
    stackers: list[str]
    digits: list[str]


def font_path(name: str) -> Path:
    """Where a font's file is."""
    noto = name.startswith("Noto")
    folder = importlib.resources.files("manimgx_fonts" if noto else "font_source_sans_pro")
    return Path(str(folder / name if noto else folder / "files" / name))


@cache
def loaded(name: str, weight: int = 400) -> LoadedFont:
    """A font, by its file's name."""
    return load_font(font_path(name).read_bytes(), "test", weight=weight)


def texts(script: Script, count: int) -> list[str]:
    """So many texts of one to five words that the script's font has, the same ones each time."""
    chance = random.Random(script.name)
    signs = _signs(script)
    return [" ".join(_word(script, signs, chance) for _ in range(chance.randint(1, 5))) for _ in range(count)]


@cache
def _signs(script: Script) -> _Signs:
    font = loaded(script.font)
    named = (chr(code) for code in range(0x2000) if unicodedata.name(chr(code), "").startswith(script.name))
    signs = [one for one in named if font.has(one)]
    if script.tag in ("Latn", "Grek", "Cyrl"):
        signs += [one for one in _OF_ALPHABETS if font.has(one)]
    kinds: dict[str, list[str]] = {}
    for one in signs:
        stacking = unicodedata.combining(one) == _STACKING
        kinds.setdefault("stackers" if stacking else unicodedata.category(one)[0], []).append(one)
    return _Signs(kinds["L"], kinds.get("M", []), kinds.get("stackers", []), kinds.get("N", []))


def _word(script: Script, signs: _Signs, chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.2:
        return chance.choice(script.words.split())
    if kind < 0.25 and signs.digits and script.direction == "ltr":
        return "".join(chance.choices(signs.digits, k=3))
    word = "".join(_syllable(script, signs, chance) for _ in range(chance.randint(1, 4)))
    return word + chance.choice(["", "", "", ".", ","] if loaded(script.font).has(",") else [""])


def _syllable(script: Script, signs: _Signs, chance: random.Random) -> str:
    """A letter, with others stacked on it, and marks."""
    syllable = chance.choice(signs.letters)
    while signs.stackers and chance.random() < 0.4:
        joiner = chance.choice(_JOINERS) if chance.random() < 0.2 else ""
        syllable += chance.choice(signs.stackers) + joiner + chance.choice(signs.letters)
    if signs.marks:
        syllable += "".join(chance.choices(signs.marks, k=chance.choice((0, 0, 1, 1, 2))))
    if script.tag == "Arab" and chance.random() < 0.1:
        syllable += chance.choice(_JOINERS)
    return syllable
