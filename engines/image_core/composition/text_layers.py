"""Text layers, as they are written."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.fields import Flag, Side, between, exactly_one, pixels, tag
from engines.image_core.composition.layer_base import PlacedLayer
from engines.image_core.composition.shapes import Paint
from engines.image_core.composition.sources import DEFAULT_FONT, Font
from engines.image_core.composition.text_paths import AnyTextPath, check_path
from engines.image_core.composition.type import (
    SHARED_FIELDS,
    Alignment,
    Case,
    Characters,
    Decorations,
    Direction,
    FontAxes,
    FontFeatures,
    Fonts,
    FontSize,
    GradientBox,
    Language,
    Leading,
    LineHeight,
    Overflow,
    Raise,
    Spacing,
    TextBackground,
    TextRun,
    TextStyle,
    VerticalAlignment,
    Weight,
    WritingMode,
)
from engines.image_core.runtime.limits import MAX_TEXT

__all__ = ["TextLayer"]


class TextLayer(PlacedLayer):
    """Text in one style, or in runs with styles of their own, each a change of the layer's.

    `fonts` are tried in order for each cluster of letters. `line_height` is in multiples of the size, a line
    being as high as its tallest run, and `leading` says where its room lies; `baseline_shift` raises a run by
    multiples of its size; spacings and the `indent` of paragraphs' first lines are in pixels.

    A gradient spans the box of the ink of all that is painted with it: a run's own that of the run. Or it
    spans the layer's box, or that of the ink of each line or each glyph alone. A pattern begins at that box's
    corner.

    With writing_mode "vertical-rl" lines are columns from right to left; of the box, the height wraps them.
    Left and top are where they begin.

    `box_width` wraps lines, `hyphenate` parts words of the text's language and `balance` makes lines of even
    length. What does not fit `box_height` or
    `max_lines` is seen all the same, is clipped at the box, gives way to an ellipsis, or is an error; with
    `auto_fit` all sizes are first made smaller alike, down to `min_size`. `overflow` "shrink" is `auto_fit`
    with an error for what does not fit even then.

    Along a `path` the text is one line, each cluster of letters turned as the path runs at its middle. The
    layer's box is that of the path, `size` larger on each side. What is longer than the path is an error, if
    it is not clipped (clusters whose middles lie beyond its ends are left out) or made to fit.
    """

    type: Literal["text"] = tag("text")
    blend_mode: BlendMode = BlendMode.NORMAL
    text: Characters | None = None
    runs: Annotated[tuple[TextRun, ...], Field(min_length=1)] | None = None
    font: Font = DEFAULT_FONT
    fonts: Fonts | None = None
    weight: Weight = 400
    italic: Flag = False
    axes: FontAxes = Field(default_factory=dict)
    size: FontSize = 48.0
    color: Paint = "#000000"
    align: Alignment = "left"
    direction: Direction = "auto"
    writing_mode: WritingMode = "horizontal"
    language: Language | None = None
    box_width: Side | None = None
    box_height: Side | None = None
    line_height: LineHeight = 1.2
    leading: Leading = "around"
    letter_spacing: Spacing = 0.0
    word_spacing: Spacing = 0.0
    features: FontFeatures = Field(default_factory=dict)
    case: Case = "none"
    decoration: Decorations = ()
    baseline_shift: Raise = 0.0
    paragraph_spacing: Spacing = 0.0
    indent: Spacing = 0.0
    vertical_align: VerticalAlignment = "top"
    balance: Flag = False
    hyphenate: Flag = False
    overflow: Overflow = "visible"
    max_lines: Annotated[int, Strict(), AfterValidator(between(1, MAX_TEXT))] | None = None
    ellipsis: Annotated[str, Strict(), Field(min_length=1, max_length=32)] = "…"
    auto_fit: Flag = False
    min_size: FontSize | None = None
    background: TextBackground | None = None
    gradient_box: GradientBox = "ink"
    path: AnyTextPath | None = None
    missing_glyphs: Literal["error", "box"] = "error"

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "text", "runs")
        if self.fonts is not None and self.font != DEFAULT_FONT:
            raise ValueError("give font or fonts, not both")
        if len(self.characters) > MAX_TEXT:
            raise ValueError(f"the runs have {len(self.characters):,} characters: allowed are {MAX_TEXT:,}")
        if self.hyphenate and all(style.language is None for _, style in self.styled):
            raise ValueError("hyphenate needs a language")
        check_path(self)
        check_overflow(self)
        return self

    def _without_outline(self) -> str | None:
        clipped = "whose overflow is 'clip'" if self.overflow == "clip" and self.path is None else None
        return super()._without_outline() or clipped

    @property
    def vertical(self) -> bool:
        """Whether it is written in columns."""
        return self.writing_mode == "vertical-rl"

    @property
    def inline_size(self) -> float | None:
        """How long lines may be: the width of the box, of vertical text its height."""
        side = self.box_height if self.vertical else self.box_width
        return None if side is None else pixels(side)

    @property
    def block_size(self) -> float | None:
        """How much room there is for lines beside each other: the height of the box, or its width."""
        side = self.box_width if self.vertical else self.box_height
        return None if side is None else pixels(side)

    @property
    def shrinks(self) -> bool:
        """Whether its size is made smaller until it fits."""
        return self.auto_fit or self.overflow == "shrink"

    @property
    def characters(self) -> str:
        """All of the text."""
        return "".join(run.text for run in self.runs) if self.runs else self.text or ""

    @property
    def styled(self) -> list[tuple[str, TextStyle]]:
        """The runs and their styles; one where the layer has no runs."""
        own = {name: getattr(self, name) for name in SHARED_FIELDS}
        style = TextStyle(fonts=self.fonts or (self.font,), **own)
        if self.runs is None:
            return [(self.text or "", style)]
        return [(run.text, style.of(run, number)) for number, run in enumerate(self.runs)]


def check_overflow(layer: TextLayer) -> None:
    """Refuse what says what is to become of too much text without saying what is too much."""
    sides = any(side is not None for side in (layer.box_width, layer.box_height, layer.path))
    if layer.shrinks and not sides:
        raise ValueError("auto_fit and overflow 'shrink' need box_width, box_height or path")
    if layer.min_size is not None and not layer.shrinks:
        raise ValueError("min_size needs auto_fit or overflow 'shrink'")
    if layer.min_size is not None and layer.min_size > layer.size:
        raise ValueError(f"min_size must not be above size (given: {layer.min_size:g} and {layer.size:g})")
    side = "box_width" if layer.vertical else "box_height"
    ends = any(end is not None for end in (getattr(layer, side), layer.max_lines, layer.path))
    if layer.overflow == "ellipsis" and not ends:
        raise ValueError(f"overflow 'ellipsis' needs {side}, max_lines or path")
    if layer.overflow in ("clip", "error") and not sides and layer.max_lines is None:
        raise ValueError(f"overflow {layer.overflow!r} needs box_width, box_height, max_lines or path")
    if layer.overflow == "visible" and layer.max_lines is not None and not layer.auto_fit:
        raise ValueError(
            "max_lines needs an overflow other than 'visible': allowed is clip, ellipsis, shrink or error"
        )
