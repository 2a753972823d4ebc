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

__all__ = ["BlendFacts", "BlendMode", "Family", "Fill"]

Family: TypeAlias = Literal["normal", "darken", "lighten", "contrast", "inversion", "component"]
"""What modes have in common, as menus of image editors group them."""


Fill: TypeAlias = Literal["opacity", "from black", "from white", "from gray", "own"]
"""What a layer's fill does in a mode: it is opacity; or it moves the source's colour away from the one that
changes nothing; or it enters the mode's formula."""


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
        fill: what fill does in it.
    """

    family: Family
    psd_key: bytes
    result: str
    rule: str
    source: str
    suite: int
    separable: bool = True
    fill: Fill = "opacity"


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
        "lighten", b"lddg", "cb + cs, at most 1", "min(ONE, cb + cs)", "linear dodge, Adobe", suite=1,
        fill="from black")
    # Those of the second suite, in the order of an image editor's menu.
    DISSOLVE = "dissolve", BlendFacts(
        "normal", b"diss", "cs, at some pixels whole and at the others not at all",
        "cs; as is made ONE or 0, see [below](#dissolve)", "Adobe", suite=2)
    COLOR_BURN = "color-burn", BlendFacts(
        "darken", b"idiv", "1 − (1 − cb) / cs, at least 0; 1 where cb is 1",
        "ONE - ratio(ONE - cb, cs)", "W3C 10.1.8", suite=2, fill="from white")
    LINEAR_BURN = "linear-burn", BlendFacts(
        "darken", b"lbrn", "cb + cs − 1, at least 0", "max(0, cb + cs - ONE)", "Adobe", suite=2,
        fill="from white")
    DARKER_COLOR = "darker-color", BlendFacts(
        "darken", b"dkCl", "the one of cb and cs that has the smaller luminosity",
        "lum100(cs) < lum100(cb): cs; else cb", "Adobe", suite=2, separable=False)
    COLOR_DODGE = "color-dodge", BlendFacts(
        "lighten", b"div ", "cb / (1 − cs), at most 1; 0 where cb is 0",
        "ratio(cb, ONE - cs)", "W3C 10.1.7", suite=2, fill="from black")
    LIGHTER_COLOR = "lighter-color", BlendFacts(
        "lighten", b"lgCl", "the one of cb and cs that has the larger luminosity",
        "lum100(cs) > lum100(cb): cs; else cb", "Adobe", suite=2, separable=False)
    SOFT_LIGHT = "soft-light", BlendFacts(
        "contrast", b"sLit", "cb, darker where cs is below 1/2 and lighter where it is above",
        "cb + mul(2 cs - ONE, w), w below", "W3C 10.1.10", suite=2)
    HARD_LIGHT = "hard-light", BlendFacts(
        "contrast", b"hLit", "overlay with cb and cs exchanged", "overlay of cs, cb", "W3C 10.1.9", suite=2)
    VIVID_LIGHT = "vivid-light", BlendFacts(
        "contrast", b"vLit", "color-burn with 2 cs where cs is below 1/2, else color-dodge with 2 cs − 1",
        "cs is 0 or ONE: cs; cs < HALF: ONE - ratio(ONE - cb, 2 cs); else ratio(cb, 2 ONE - 2 cs)",
        "Adobe", suite=2, fill="from gray")
    LINEAR_LIGHT = "linear-light", BlendFacts(
        "contrast", b"lLit", "cb + 2 cs − 1, from 0 to 1", "clamp(cb + 2 cs - ONE)", "Adobe", suite=2,
        fill="from gray")
    PIN_LIGHT = "pin-light", BlendFacts(
        "contrast", b"pLit", "cb, but at most 2 cs and at least 2 cs − 1",
        "max(min(cb, 2 cs), 2 cs - ONE)", "Adobe", suite=2)
    HARD_MIX = "hard-mix", BlendFacts(
        "contrast", b"hMix", "1 where cb + cs is 1 or more and cb is not 0, else 0",
        "cb + cs >= ONE and cb > 0: ONE; else 0", "Adobe", suite=2, fill="own")
    DIFFERENCE = "difference", BlendFacts(
        "inversion", b"diff", "the difference of cb and cs, without its sign",
        "|cb - cs|", "W3C 10.1.11", suite=2, fill="from black")
    EXCLUSION = "exclusion", BlendFacts(
        "inversion", b"smud", "cb + cs − 2 cb × cs",
        "cb + cs - ((cb * cs + 2^13) >> 14)", "W3C 10.1.12", suite=2)
    SUBTRACT = "subtract", BlendFacts(
        "inversion", b"fsub", "cb − cs, at least 0", "max(0, cb - cs)", "Adobe", suite=2)
    DIVIDE = "divide", BlendFacts(
        "inversion", b"fdiv", "cb / cs, at most 1; 0 where cb is 0", "ratio(cb, cs)", "Adobe", suite=2)
    HUE = "hue", BlendFacts(
        "component", b"hue ", "the hue of cs with the saturation and the luminosity of cb",
        "set_lum(set_sat(cs, sat(cb)), lum(cb))", "W3C 10.2.1", suite=2, separable=False)
    SATURATION = "saturation", BlendFacts(
        "component", b"sat ", "the saturation of cs with the hue and the luminosity of cb",
        "set_lum(set_sat(cb, sat(cs)), lum(cb))", "W3C 10.2.2", suite=2, separable=False)
    COLOR = "color", BlendFacts(
        "component", b"colr", "the hue and the saturation of cs with the luminosity of cb",
        "set_lum(cs, lum(cb))", "W3C 10.2.3", suite=2, separable=False)
    LUMINOSITY = "luminosity", BlendFacts(
        "component", b"lum ", "the luminosity of cs with the hue and the saturation of cb",
        "set_lum(cb, lum(cs))", "W3C 10.2.4", suite=2, separable=False)
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
