"""Parts of Photoshop files as sources of layers, masks, patterns and tables of colours."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.fields import Identifier, Model, exactly_one

__all__ = ["PsdPart"]

_PART = re.compile(
    r"merged|profile|layers\[\d{1,5}\](\.(mask|real_mask|lookup))?|patterns\[\d{1,5}\]|files\[\d{1,5}\]"
)


def _part(value: str) -> str:
    if not _PART.fullmatch(value):
        raise ValueError(
            "allowed is merged, profile, layers[N], layers[N].mask, layers[N].real_mask, layers[N].lookup,"
            f" patterns[N] or files[N] (given: {value!r})"
        )
    return value


class PsdPart(Model):
    """A part of a Photoshop file (PSD or PSB), which is exactly one of a local path or an asset of the same
    tenant and env.

    `part` is the `merged` picture; the pixels of a layer, `layers[3]`, by its place among all records of the
    file, the lowest first, counted from 0; a layer's `layers[3].mask` or, where it has a vector mask too and
    the first is both, `layers[3].real_mask`; a layer's table of colours, `layers[3].lookup`; a pattern,
    `patterns[0]`; the file in a smart object, `files[0]`; the file's colour `profile`. Values are those of
    the file, in its own colour space: samples of 16 and 32 bits are brought to 8, colours of four inks and of
    Lab to sRGB.
    """

    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Identifier | None = None
    part: Annotated[str, Strict(), AfterValidator(_part)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id")
        return self
