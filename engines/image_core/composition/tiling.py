"""Pictures repeated, as it is written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Strict, Tag

from engines.image_core.composition.fields import CanvasSide, Model, Unit, Whole, between
from engines.image_core.runtime.limits import MAX_CANVAS

__all__ = ["Tiling"]

_Gap = Annotated[int, Strict(), AfterValidator(between(0, MAX_CANVAS))]


def _gap_tag(value: Any) -> str:
    return "two gaps" if isinstance(value, list | tuple) else "one gap"


_Gaps = Annotated[
    Annotated[_Gap, Tag("one gap")] | Annotated[tuple[_Gap, _Gap], Tag("two gaps")], Discriminator(_gap_tag)
]


class Tiling(Model):
    """Copies of a picture side by side, all alike, in whole pixels of the layer's box.

    A copy is `width` x `height`: a missing side follows the picture's proportions, rounded, both missing is
    the picture's own size. `gap` lies between copies, across and down. One copy's top-left corner lies at
    `offset`. Every second row is moved to the right by `stagger` of a copy with its gap: 0.5 lays bricks.
    """

    width: CanvasSide | None = None
    height: CanvasSide | None = None
    gap: _Gaps = 0
    offset: tuple[Whole, Whole] = (0, 0)
    stagger: Unit = 0.0

    @property
    def gaps(self) -> tuple[int, int]:
        """Between copies beside each other, and below each other."""
        return self.gap if isinstance(self.gap, tuple) else (self.gap, self.gap)
