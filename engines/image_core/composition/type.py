"""What text layers say of type: OpenType features, direction, alignment."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from engines.image_core.composition.fields import between

__all__ = ["Alignment", "Direction", "FontFeatures"]

Direction = Literal["auto", "ltr", "rtl"]
"""Of paragraphs: that of the first letter that has one, or as told."""

Alignment = Literal["left", "center", "right", "start", "end"]
"""Where lines lie: start is left where a paragraph runs from left to right, and right where it does not."""


def _tag(value: str) -> str:
    if not re.fullmatch("[!-~]{4}", value):
        raise ValueError("allowed is a tag of four characters, such as 'tnum'")
    return value


def _as_number(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


_Tag = Annotated[str, Strict(), AfterValidator(_tag)]
_Value = Annotated[int, BeforeValidator(_as_number), Strict(), AfterValidator(between(0, 65535))]

FontFeatures = Annotated[dict[_Tag, _Value], Field(max_length=100)]
"""OpenType features by tag: 0 or false is off, 1 or true on, more a choice among alternates."""
