"""Paragraphs in one font, shaped for tests."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engines.image_core.composition.type import Direction
from engines.image_core.sources.text.faces import Face, Style, Styled, StyledText
from engines.image_core.sources.text.fonts import LoadedFont
from engines.image_core.sources.text.shaping import Paragraph, Setting, shape

__all__ = ["setting", "shaped_with"]


def setting(font: LoadedFont, *, direction: Direction = "auto", boxes: bool = False, **style: Any) -> Setting:
    """What a text is shaped with, in one font; a unit is a font unit."""
    own = Style((font,), Fraction(1), **style)
    face = Face(font, own, own.size, own.features)
    return Setting([face], StyledText([], [face]).grid(own.size), "test", direction, boxes)


def shaped_with(font: LoadedFont, text: str, **style: Any) -> Paragraph:
    """A paragraph in one font."""
    whole = setting(font, **style)
    return shape(Styled(text, [0] * len(text), whole.faces[0].style), whole)
