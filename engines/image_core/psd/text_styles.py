"""The styles of Photoshop's characters as fields of runs: fonts, sizes, colours, OpenType features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engines.image_core.composition.sources import DEFAULT_FONT
from engines.image_core.psd.engine_data import EngineData, Sheet, numbers

__all__ = ["Note", "Scale", "rounded", "run_fields"]

Note = Callable[[str], None]
"""Takes what of a layer is approximated: a short sentence without its end."""

_FEATURES = {
    "DLigatures": "dlig",
    "ContextualLigatures": "calt",
    "Fractions": "frac",
    "Ordinals": "ordn",
    "Swash": "swsh",
    "Titling": "titl",
    "StylisticAlternates": "salt",
    "Ornaments": "ornm",
}
"""OpenType features that are off unless they are asked for."""

_CASES = ("none", "small-caps", "upper")

# Adobe's text engine numbers languages in this order (`Language` in the headers of Illustrator's SDK).
_LANGUAGES = (
    "en-US", "fi", "fr", "fr-CA", "de", "de", "de-CH", "it", "nb", "nn", "pt", "pt-BR", "es", "sv", "en-GB",
    "nl", "da", "ca", "ru", "uk", "bg", "sr", "cs", "pl", "ro", "el", "tr", "is", "hu", "zh", "ja", "hr",
    "he", "sl", "be", "sq", "lt", "lv", "sk", "ar", "et",
)  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How many pixels of a layer's own coordinates a unit of the text's is.

    Attributes:
        across, down: of lengths.
        letters: of sizes, which letters' own scale is part of.
        own: whether letters have scales of their own, run by run.
    """

    across: float
    down: float
    letters: float
    own: bool


def rounded(value: float) -> float:
    """A length to a millionth of a pixel, without the noise of floats."""
    return round(value, 6) + 0.0


def run_fields(data: EngineData, style: Sheet, paragraph: Sheet, scale: Scale, note: Note) -> dict[str, Any]:
    """The fields of a run, all of them.

    Args:
        data: the layer's.
        style: the run's.
        paragraph: that which it is in.
        scale: of the layer.
        note: takes what is approximated.
    """
    size, baseline = _size(data, style, scale)
    return {
        "font": _font(data, style, note),
        "size": rounded(size),
        "line_height": _line_height(style, paragraph, scale, size, note),
        "color": _color(style, note),
        "letter_spacing": rounded(style.number("Tracking", 0) / 1000 * size),
        "features": _features(data, style, note),
        "case": _case(style, note),
        "decoration": _decoration(style, note),
        "baseline_shift": rounded(baseline),
        "language": _language(style, note),
    }


def _font(data: EngineData, style: Sheet, note: Note) -> str:
    place = int(style.number("Font", 0))
    name = data.fonts[place] if 0 <= place < len(data.fonts) else ""
    for key, told in (("FauxBold", "bold"), ("FauxItalic", "italic")):
        if style.flag(key):
            note(f"its faux {told} is not drawn")
    if style.flag("StrokeFlag"):
        note("the strokes of its letters are not drawn")
    if style.number("Tsume", 0):
        note("its tsume is not kept")
    if style.flag("NoBreak") and data.box is not None:
        note("words that must not break may")
    if not name:
        note(f"its font is not told and taken for {DEFAULT_FONT}")
    return name or DEFAULT_FONT


def _size(data: EngineData, style: Sheet, scale: Scale) -> tuple[float, float]:
    """The size in pixels, and how far it is raised, as a part of it."""
    size = style.length("FontSize", 12) * scale.letters
    raised = style.length("BaselineShift") * scale.down
    if scale.own:
        size *= style.number("VerticalScale", 1)
    part, position = data.script.get(int(style.number("FontBaseline", 0)), (1.0, 0.0))
    raised += position * size
    size *= part
    return size, raised / size if size else 0.0


def _line_height(style: Sheet, paragraph: Sheet, scale: Scale, size: float, note: Note) -> float:
    """Photoshop's leading, from baseline to baseline, as a multiple of the size."""
    leading = style.length("Leading")
    if style.flag("AutoLeading", True):
        leading = paragraph.number("AutoLeading", 1.2) * style.length("FontSize", 12)
    height = leading * scale.down / size if size else 1.2
    if not 0.1 <= height <= 10:
        note("its leading is taken as a tenth or ten times the size")
    return round(min(max(height, 0.1), 10.0), 6)


def _color(style: Sheet, note: Note) -> str:
    if not style.flag("FillFlag", True):
        return "#00000000"
    fill = style.raw("FillColor")
    values = numbers(fill.get("Values"), f"{style.label}, text: FillColor") if fill is not None else ()
    alpha, *channels = [min(max(value, 0.0), 1.0) for value in values] or [1.0, 0.0, 0.0, 0.0]
    if len(channels) == 4:
        note("its CMYK colour is taken as that of plain inks")
        channels = [(1 - ink) * (1 - channels[3]) for ink in channels[:3]]
    if len(channels) not in (1, 3):
        note("its colour is not known and black")
        channels = [0.0]
    if len(channels) == 1:
        channels *= 3
    seen = [*channels, alpha] if alpha < 1 else channels
    return "#" + "".join(f"{round(255 * value):02x}" for value in seen)


def _features(data: EngineData, style: Sheet, note: Note) -> dict[str, int]:
    found = {tag: 1 for name, tag in _FEATURES.items() if style.flag(name)}
    if not style.flag("Ligatures", True):
        found |= {"liga": 0, "clig": 0}
    if not style.flag("AutoKerning", True):
        if data.kerned or style.number("Kerning", 0):  # of pairs of letters, which other words have not
            note("its kerning by hand is not kept")
        if not data.kerned:
            found["kern"] = 0
    return found


def _case(style: Sheet, note: Note) -> str:
    caps = int(style.number("FontCaps", 0))
    if not 0 <= caps < len(_CASES):
        note("its letter case is not kept")
        return "none"
    return _CASES[caps]


def _decoration(style: Sheet, note: Note) -> list[str]:
    names = {"underline": "Underline", "strikethrough": "Strikethrough"}
    found = [name for name, key in names.items() if style.flag(key)]
    if found:
        note("lines under or through its letters lie where the fonts have them")
    return found


def _language(style: Sheet, note: Note) -> str:
    place = int(style.number("Language", 0))
    if not 0 <= place < len(_LANGUAGES):
        note(f"its language, number {place} of Photoshop's, is taken for English")
        return _LANGUAGES[0]
    return _LANGUAGES[place]
