"""The table of blend modes: a row a mode, from which everything follows that only repeats a fact.

The names that a composition may write, the error that lists them, the shader's file and function, the tables
in the documents, the golden scene, the gallery's tile and the conformance cases are made of these rows. What
a mode does to a pixel is not here: it is written three times, apart, so that each can prove the others wrong,
in `reference/blend.py`, in `shaders/blend/` and in `tests/oracle.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self, TypeAlias

__all__ = ["BlendFacts", "BlendMode", "Family"]

Family: TypeAlias = Literal["normal", "darken", "lighten", "contrast", "inversion", "component"]
"""What modes have in common, as menus of image editors group them."""


@dataclass(frozen=True)
class BlendFacts:
    """What is known of a blend mode, beside its name.

    Attributes:
        family: its group in a menu.
        psd_key: the four bytes that stand for it in a PSD file.
        result: what it gives, for the reader of the manual; cb is the backdrop, cs the source, 0 to 1.
        rule: B(cb, cs) in integers, for the reader of the pixel rules.
        source: where its formula is published; W3C is Compositing and Blending Level 1.
        suite: the version of the conformance suite that first draws it.
        separable: each channel of the result depends on that channel alone, as all but hue and its like do.
    """

    family: Family
    psd_key: bytes
    result: str
    rule: str
    source: str
    suite: int
    separable: bool = True


class BlendMode(StrEnum):
    """How a layer's colour meets its backdrop."""

    facts: BlendFacts

    # fmt: off
    NORMAL = "normal", BlendFacts("normal", b"norm", "cs", "cs", "W3C 10.1.1", suite=1)
    MULTIPLY = "multiply", BlendFacts("darken", b"mul ", "cb × cs", "mul(cb, cs)", "W3C 10.1.2", suite=1)
    SCREEN = "screen", BlendFacts(
        "lighten", b"scrn", "cb + cs − cb × cs", "cb + cs - mul(cb, cs)", "W3C 10.1.3", suite=1)
    OVERLAY = "overlay", BlendFacts(
        "contrast", b"over", "multiply where cb is at most 1/2, else screen, both at twice the contrast",
        "cb <= HALF: mul(2 cb, cs); else screen(2 cb - ONE, cs)", "W3C 10.1.4", suite=1)
    DARKEN = "darken", BlendFacts(
        "darken", b"dark", "the smaller of cb and cs, by channel", "min(cb, cs)", "W3C 10.1.5", suite=1)
    LIGHTEN = "lighten", BlendFacts(
        "lighten", b"lite", "the larger of cb and cs, by channel", "max(cb, cs)", "W3C 10.1.6", suite=1)
    ADD = "add", BlendFacts(
        "lighten", b"lddg", "cb + cs, at most 1", "min(ONE, cb + cs)", "linear dodge, Adobe", suite=1)
    # fmt: on

    def __new__(cls, name: str, facts: BlendFacts | None = None) -> Self:
        """A member of a row. `BlendMode("add")` looks a member up by its name and does not come here."""
        if facts is None:
            raise TypeError(f"the blend mode {name!r} needs its facts")
        member = str.__new__(cls, name)
        member._value_ = name
        member.facts = facts
        return member

    @property
    def identifier(self) -> str:
        """The name as Python, GLSL and files have it: soft_light of soft-light."""
        return self.value.replace("-", "_")
