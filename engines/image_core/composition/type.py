"""What text layers say of type: the style of their runs, and how lines are broken, placed and bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from engines.image_core.composition.fields import Flag, Model, between, finite
from engines.image_core.composition.shapes import Paint
from engines.image_core.composition.sources import Font
from engines.image_core.runtime.limits import MAX_TEXT

__all__ = [
    "DEFAULT_LANGUAGE",
    "SHARED_FIELDS",
    "Alignment",
    "Case",
    "Characters",
    "Decorations",
    "Direction",
    "FontAxes",
    "FontFeatures",
    "FontSize",
    "Fonts",
    "GradientBox",
    "Language",
    "Leading",
    "LineHeight",
    "Overflow",
    "Raise",
    "RunBackground",
    "Spacing",
    "TextBackground",
    "TextRun",
    "TextStyle",
    "VerticalAlignment",
    "Weight",
    "WritingMode",
]

Direction = Literal["auto", "ltr", "rtl"]
"""Of paragraphs: that of the first letter that has one, or as told."""

Alignment = Literal["left", "center", "right", "justify", "start", "end"]
"""Where lines lie: start is left where a paragraph runs from left to right, and right where it does not.
Justify stretches the spaces of all lines but a paragraph's last, which lies at its start."""

VerticalAlignment = Literal["top", "middle", "bottom", "baseline"]
"""Where the lines lie in the box; with baseline, the first line's is the top of the box."""

Leading = Literal["around", "above"]
"""Where the room between lines lies: half above and half below the letters, as in CSS; or all above them, so
that a line's baseline lies its own line height below the one before it, and the first line is as high as the
letter d, as in Photoshop."""

Overflow = Literal["visible", "clip", "ellipsis", "shrink", "error"]
"""What becomes of text that does not fit."""

WritingMode = Literal["horizontal", "vertical-rl"]
"""How text is written: in lines from top to bottom, or in columns from right to left, as Chinese and Japanese
may be."""

GradientBox = Literal["ink", "box", "line", "glyph"]
"""What a gradient of a text's colour spans, and a pattern begins at the corner of."""

Case = Literal["none", "upper", "lower", "title", "small-caps"]


def _tag(value: str) -> str:
    if not re.fullmatch("[!-~]{4}", value):
        raise ValueError("allowed is a tag of four characters, such as 'tnum'")
    return value


def _as_number(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _language(value: str) -> str:
    if not re.fullmatch("[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", value):
        raise ValueError("allowed is a tag such as 'tr', 'zh-Hant' or 'pt-BR'")
    return value


_Tag = Annotated[str, Strict(), AfterValidator(_tag)]
_Value = Annotated[int, BeforeValidator(_as_number), Strict(), AfterValidator(between(0, 65535))]

FontFeatures = Annotated[dict[_Tag, _Value], Field(max_length=100)]
"""OpenType features by tag: 0 or false is off, 1 or true on, more a choice among alternates."""

FontAxes = Annotated[dict[_Tag, Annotated[float, Strict(), AfterValidator(finite)]], Field(max_length=64)]
"""Values of a variable font's axes by their tags, such as {"wdth": 85}."""

Fonts = Annotated[tuple[Font, ...], Field(min_length=1, max_length=32)]
"""Fonts in order: each cluster of letters is drawn in the first that has it."""

Characters = Annotated[str, Strict(), Field(min_length=1, max_length=MAX_TEXT)]
Weight = Annotated[int, Strict(), AfterValidator(between(1, 1000))]
FontSize = Annotated[float, Strict(), AfterValidator(between(1, 4096))]
Spacing = Annotated[float, Strict(), AfterValidator(between(-1000, 1000))]
LineHeight = Annotated[float, Strict(), AfterValidator(between(0.1, 10))]
Raise = Annotated[float, Strict(), AfterValidator(between(-10, 10))]
Padding = Annotated[float, Strict(), AfterValidator(between(0, 1000))]
DEFAULT_LANGUAGE = "en"
"""That of drawings which do not say theirs."""

Language = Annotated[str, Strict(), AfterValidator(_language)]
Decorations = Annotated[
    tuple[Literal["underline", "strikethrough", "overline"], ...],
    BeforeValidator(_as_list),
    Field(max_length=3),
]
"""Lines along text, one by its name or several in a list."""


class RunBackground(Model):
    """A fill behind a run, `padding` pixels larger on each side, with round corners: behind what of it is on
    each line, from the font's ascent to its descent."""

    fill: Paint
    padding: Padding = 0.0
    radius: Padding = 0.0


class TextBackground(RunBackground):
    """A fill behind a text: behind each line, from its first letter to its last, or behind the box."""

    per: Literal["line", "box"] = "line"


class TextRun(Model):
    """A part of a text in a style of its own; what it does not say is the layer's.

    With `combine_upright` a few letters or digits stand upright side by side in vertical text, as wide as a
    letter (tate-chu-yoko); horizontal text is as it is without.
    """

    text: Characters
    font: Font | None = None
    fonts: Fonts | None = None
    weight: Weight | None = None
    italic: Flag | None = None
    axes: FontAxes | None = None
    size: FontSize | None = None
    line_height: LineHeight | None = None
    color: Paint | None = None
    features: FontFeatures | None = None
    language: Language | None = None
    letter_spacing: Spacing | None = None
    word_spacing: Spacing | None = None
    case: Case | None = None
    decoration: Decorations | None = None
    baseline_shift: Raise | None = None
    combine_upright: Flag | None = None
    background: RunBackground | None = None


@dataclass(frozen=True)
class TextStyle:
    """How a run is written: its own fields, and the layer's where it has none.

    combine_upright: set upright and side by side in vertical text, as one letter.
    background: the run's own; the layer's lies behind all of its lines.
    painted_by: the number of the run whose colour it is; None where it is the layer's.
    """

    fonts: tuple[Font, ...]
    weight: int
    italic: bool
    axes: dict[str, float]
    size: float
    line_height: float
    color: Paint
    features: dict[str, int]
    language: str | None
    letter_spacing: float
    word_spacing: float
    case: Case
    decoration: tuple[str, ...]
    baseline_shift: float
    combine_upright: bool = False
    background: RunBackground | None = None
    painted_by: int | None = None

    def of(self, run: TextRun, number: int) -> TextStyle:
        """The style of a run, where this is the layer's."""
        fonts = run.fonts or ((run.font,) if run.font is not None else self.fonts)
        own = {name: getattr(run, name) for name in SHARED_FIELDS}
        given = {name: value for name, value in own.items() if value is not None}
        own_paint = None if run.color is None else number
        given |= {"combine_upright": bool(run.combine_upright), "background": run.background}
        return replace(self, fonts=fonts, painted_by=own_paint, **given)


_APART = {"text", "font", "fonts", "combine_upright", "background"}
SHARED_FIELDS = tuple(name for name in TextRun.model_fields if name not in _APART)
"""What a layer says of all its text and a run of its own, beside the fonts."""
