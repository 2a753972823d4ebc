"""Masks of layers, as they are written."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from engines.image_core.composition.fields import Flag, Identifier, Model, exactly_one
from engines.image_core.composition.shapes import Selection

__all__ = ["Mask"]


class Mask(Model):
    """What of a layer is visible: exactly one of a selection, a `mask` artifact, or a grey image file of the
    canvas's size (255 = visible)."""

    selection: Selection | None = None
    mask_artifact_id: Identifier | None = None
    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    inverted: Flag = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "selection", "mask_artifact_id", "path")
        return self
