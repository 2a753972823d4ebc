"""What text is set in: styles, the faces that their fonts are at a size, and the units that all share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from engines.image_core.composition.type import RunBackground
from engines.image_core.sources.text.fonts import LoadedFont

__all__ = ["Chains", "Face", "Grid", "Style", "Styled", "StyledText"]

Chains: TypeAlias = "Sequence[tuple[LoadedFont, ...]]"
"""For each run of a layer, its fonts in order."""


@dataclass(frozen=True, eq=False)
class Style:
    """How a run is drawn.

    Attributes:
        fonts: In order.
        size: The em in pixels, at the layer's own size.
        line_height: Of lines that it is on, in its ems.
        features: OpenType features that are on or off against the font's defaults.
        language: A BCP 47 tag; "und" for none.
        letter_spacing, word_spacing: In pixels.
        shift: How far it is raised, in its ems.
        small_caps: Small letters are drawn as small capitals.
        decoration: The names of lines along it.
        background: What lies behind it.
        combined: Stands upright as one letter in vertical text.
        painted_by: The number of the run whose colour it has; None for the layer's.
    """

    fonts: tuple[LoadedFont, ...]
    size: Fraction
    line_height: Fraction = Fraction(6, 5)
    features: tuple[tuple[str, int], ...] = ()
    language: str = "und"
    letter_spacing: Fraction = Fraction(0)
    word_spacing: Fraction = Fraction(0)
    shift: Fraction = Fraction(0)
    small_caps: bool = False
    decoration: tuple[str, ...] = ()
    background: RunBackground | None = None
    combined: bool = False
    painted_by: int | None = None


@dataclass(frozen=True, eq=False)
class Face:
    """One font of a style's, at a size of it.

    Attributes:
        font: The font.
        style: The style.
        size: As the style's; smaller for small capitals that the font does not have.
        features: As the style's, with what small capitals take.
        upright: Stands upright in vertical text, where other letters lie on their side.
    """

    font: LoadedFont
    style: Style
    size: Fraction
    features: tuple[tuple[str, int], ...]
    upright: bool = False

    @property
    def shaped_by(self) -> tuple[object, ...]:
        """All that decides how it is shaped: faces that are alike here are shaped as one."""
        style = self.style
        return (
            id(self.font),
            self.size,
            self.features,
            style.language,
            bool(style.letter_spacing),
            style.shift,
            self.upright,
            self.upright and style.combined,
        )


@dataclass(frozen=True)
class Styled:
    """A paragraph.

    Attributes:
        text: Its characters in logical order.
        faces: For each character, the number of its face.
        style: That of an empty paragraph.
    """

    text: str
    faces: list[int]
    style: Style


@dataclass(frozen=True)
class Grid:
    """The units that advances and spacings are counted in, so that all are whole numbers.

    Attributes:
        per_em: Units in an em of the layer's size.
        per_pixel: Units of spacing in a pixel.
        scales: For each face, the units that one of its font units is.
        raises: For each face, how far it is raised, in units of an em.
    """

    per_em: int
    per_pixel: int
    scales: list[int]
    raises: list[int]

    def of(self, face: int) -> tuple[int, int]:
        """The scale and the raise of a face."""
        return self.scales[face], self.raises[face]


@dataclass(frozen=True)
class StyledText:
    """A layer's paragraphs and the faces that they are drawn in.

    ellipses: For each style, by its identity, the layer's ellipsis and the faces of its characters; empty
        where the layer needs none.
    """

    paragraphs: list[Styled]
    faces: list[Face]
    ellipses: dict[int, tuple[str, list[int]]] = field(default_factory=dict)

    def grid(self, size: Fraction, *, vertical: bool = False) -> Grid:
        """The units for a layer of this size."""
        ratios = [face.size / size / face.font.units_per_em for face in self.faces]
        shifts = [face.style.shift * face.style.size / size for face in self.faces]
        if vertical:  # lines stand on their middle, and what is upright in them has its own there
            shifts = [
                shift - (0 if face.upright else ratio * (face.font.ascent - face.font.descent) / 2)
                for face, ratio, shift in zip(self.faces, ratios, shifts, strict=True)
            ]
        per_em = math.lcm(*(number.denominator for number in (*ratios, *shifts)))
        spacings = ((face.style.letter_spacing, face.style.word_spacing) for face in self.faces)
        per_pixel = math.lcm(*(spacing.denominator for pair in spacings for spacing in pair))
        scales, raises = ([int(number * per_em) for number in numbers] for numbers in (ratios, shifts))
        return Grid(per_em, per_pixel, scales, raises)
