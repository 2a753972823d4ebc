"""Masks of layers, as they are written."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from engines.image_core.composition.fields import (
    BlurRadius,
    Flag,
    Identifier,
    Model,
    Unit,
    Whole,
    exactly_one,
)
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.composition.shapes import Selection, Shape

__all__ = ["Mask"]


class Mask(Model):
    """What of a layer is visible: exactly one of a selection, `vector` shapes, whose alpha counts, a `mask`
    artifact, a grey image file (255 = visible) or a mask of a Photoshop file.

    All are in the pixels of the layer's parent. An artifact or a file has the canvas's size, or any size
    where `position` says where its top-left pixel lies; `outside` is what is then seen around it.

    A `linked` one is in the pixels of the layer's own box, from its top-left corner, and goes the way of the
    layer's transform. An artifact or a file without a position has the box's size then, parts of a pixel
    rounded up, and goes on beyond the box as it is at its border. The box of what has no size of its own is
    the canvas; an adjustment layer has no transform to go by. A feather is always in the parent's pixels.
    """

    selection: Selection | None = None
    mask_artifact_id: Identifier | None = None
    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    psd: PsdPart | None = None
    vector: Annotated[tuple[Shape, ...], Field(min_length=1)] | None = None
    position: tuple[Whole, Whole] | None = None
    outside: Literal["hidden", "visible"] = "hidden"
    linked: Flag = False
    inverted: Flag = False
    density: Unit = 1.0
    feather_radius: BlurRadius = 0.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "selection", "vector", "mask_artifact_id", "path", "psd")
        if self.position is not None and not self.pictured:
            raise ValueError("position is for a mask_artifact_id or a path; move the points of the others")
        if self.outside == "visible" and self.position is None:
            covered = "all of its layer" if self.linked else "the canvas"
            raise ValueError(f"outside needs a position: every other mask covers {covered}")
        if self.selection is not None and self.selection.feather_radius > 0 and self.feather_radius > 0:
            raise ValueError("feather_radius is given twice, here and in the selection")
        return self

    @property
    def pictured(self) -> bool:
        """Whether it is a picture, and not drawn from an outline."""
        return self.selection is None and self.vector is None

    @property
    def feather(self) -> float:
        """The feather's radius, wherever it is written."""
        return self.feather_radius or (self.selection.feather_radius if self.selection else 0.0)

    @property
    def flipped(self) -> bool:
        """Whether what is enclosed is hidden."""
        return self.inverted != (self.selection is not None and self.selection.inverted)
