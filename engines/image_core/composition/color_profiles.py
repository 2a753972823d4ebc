"""The colour space of a composition, where it has one of its own."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, Strict, model_validator

from engines.image_core.composition.fields import Identifier, Model, exactly_one
from engines.image_core.composition.psd_parts import PsdPart

__all__ = ["OutputProfile", "ProfileSource"]

OutputProfile: TypeAlias = Literal["srgb", "keep"]
"""The space of the finished picture: sRGB, or the composition's own."""


class ProfileSource(Model):
    """An ICC profile of red, green and blue or of grey: exactly one of a local path, an asset of the same
    tenant and env, or the `profile` of a Photoshop file."""

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    psd: PsdPart | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "psd")
        if self.psd is not None and self.psd.part != "profile":
            raise ValueError(f"psd.part: allowed is profile (given: {self.psd.part!r})")
        return self
