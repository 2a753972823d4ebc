"""What media_v2 keeps: assets (what came in), derived artifacts (what was made), and who they belong to.

Every model is frozen and forbids unknown fields. Numbers and strings are strict (no "1" for 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field, Strict, ValidationInfo, field_validator, model_validator

from engines.media_v2.fields import (
    Count,
    Filename,
    Flag,
    GivenMoment,
    Identifier,
    JsonObject,
    MimeType,
    Model,
    Moment,
    Name,
    NonNegative,
    ObjectId,
    Sha256,
    Size,
    Uri,
    short,
)

__all__ = [
    "META_OF_KIND",
    "ArtifactKey",
    "ArtifactKind",
    "ArtifactQuery",
    "AssetKind",
    "AssetQuery",
    "BlobKey",
    "DerivedArtifact",
    "ImageRenderMeta",
    "MaskMeta",
    "MediaAsset",
    "OfKind",
    "Page",
    "Scope",
]


class AssetKind(StrEnum):
    """What an asset is."""

    IMAGE = "image"
    FONT = "font"
    OTHER = "other"


class ArtifactKind(StrEnum):
    """What an artifact is; the kind decides its meta (`META_OF_KIND`)."""

    IMAGE_RENDER = "image_render"
    MASK = "mask"


class Scope(Model):
    """The tenant and env a call acts for. Nothing outside it can be seen or written."""

    tenant_id: Identifier
    env: Identifier

    def blob_key(self, object_id: str, filename: str) -> str:
        """Where the bytes of an asset or artifact lie in the blob store."""
        return f"{self.prefix}media_v2/{object_id}/{filename}"

    @property
    def prefix(self) -> str:
        """What the keys of all blobs of the tenant and env begin with."""
        return f"tenants/{self.tenant_id}/{self.env}/"


class BlobKey(Model):
    """The key of a blob of a tenant and env."""

    scope: Scope
    uri: Uri

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.uri.startswith(self.scope.prefix):
            raise ValueError(
                f"uri: {short(self.uri)} is not allowed: allowed are keys under {self.scope.prefix}"
            )
        return self


class _Stored(Model):
    """The fields assets and artifacts share. `uri` is the key in the blob store, `size_bytes` and `sha256`
    describe the bytes there, `created_at` is in UTC."""

    id: ObjectId
    tenant_id: Identifier
    env: Identifier
    filename: Filename
    mime_type: MimeType
    size_bytes: Size
    sha256: Sha256
    uri: Annotated[str, Strict(), Field(min_length=1)]
    created_at: Moment


class MediaAsset(_Stored):
    """A file that was handed in: a picture, a font. `meta` is any JSON object."""

    kind: AssetKind
    meta: JsonObject = Field(default_factory=dict)


class ImageRenderMeta(Model):
    """Meta of an `image_render`: the plan it was rendered from, the pixels and file that came out.

    `width` and `height` in pixels; `timings` in milliseconds by stage; hashes are SHA-256 in lower-case hex.
    `sha256` and `size_bytes`, when given, must be those of the registered bytes.
    """

    width: Size
    height: Size
    layers_count: Count
    pipeline_hash: Sha256
    pixel_hash: Sha256 | None = None
    format: Name | None = None
    backend: Name | None = None
    device: Name | None = None
    sha256: Sha256 | None = None
    size_bytes: Size | None = None
    blend_modes: tuple[Name, ...] = ()
    timings: dict[Name, NonNegative] = Field(default_factory=dict)


class MaskMeta(Model):
    """Meta of a `mask`: an 8-bit single-channel picture, 255 = visible.

    `width`, `height` and `feather_radius` in pixels; `selection_hash` is SHA-256 in lower-case hex. A mask of
    a video holds from `start_ms` on, until `end_ms` where that is given: milliseconds of the video's own
    time, `end_ms` not before `start_ms` and never without it.
    """

    width: Size
    height: Size
    selection_hash: Sha256
    mask_type: Name | None = None
    points_count: Count | None = None
    strokes_count: Count | None = None
    feather_radius: NonNegative = 0.0
    inverted: Flag = False
    start_ms: Count | None = None
    end_ms: Count | None = None

    @field_validator("end_ms")
    @classmethod
    def _check_end(cls, end_ms: int | None, fields: ValidationInfo) -> int | None:
        start_ms = fields.data.get("start_ms")
        if end_ms is not None:
            if start_ms is None:
                raise ValueError("an end needs a start_ms")
            if end_ms < start_ms:
                raise ValueError(f"allowed is start_ms, {start_ms}, or more")
        return end_ms


META_OF_KIND: Mapping[ArtifactKind, type[ImageRenderMeta] | type[MaskMeta]] = {
    ArtifactKind.IMAGE_RENDER: ImageRenderMeta,
    ArtifactKind.MASK: MaskMeta,
}
"""The meta each kind of artifact has."""


class DerivedArtifact(_Stored):
    """A file that was made, from an asset (`parent_asset_id`) or from nothing stored here."""

    kind: ArtifactKind
    parent_asset_id: ObjectId | None = None
    meta: ImageRenderMeta | MaskMeta

    @model_validator(mode="after")
    def _check(self) -> Self:
        expected = META_OF_KIND[self.kind]
        if not isinstance(self.meta, expected):
            raise ValueError(f"meta of kind {self.kind} is {expected.__name__}")
        if isinstance(self.meta, ImageRenderMeta):
            self._check_agrees(self.meta)
        return self

    def _check_agrees(self, meta: ImageRenderMeta) -> None:
        """The two fields that meta repeats must not contradict the bytes."""
        for name, claimed, actual in (
            ("sha256", meta.sha256, self.sha256),
            ("size_bytes", meta.size_bytes, self.size_bytes),
        ):
            if claimed is not None and claimed != actual:
                raise ValueError(f"meta.{name}: {claimed!r} is not that of the bytes, {actual!r}")


class OfKind(Model):
    """Artifacts of one kind."""

    kind: ArtifactKind


class ArtifactKey(OfKind):
    """What an artifact is the answer to. At most one artifact of a scope holds a key."""

    dedupe_key: Name


class _Query(Model):
    """A part of a listing: at most `limit` items, from the page's `cursor` on.

    `created_after` is the first moment that counts, `created_before` the first that no longer does.
    """

    limit: Annotated[int, Strict(), Field(ge=1, le=1000)] = 100
    cursor: ObjectId | None = None
    created_after: GivenMoment | None = None
    created_before: GivenMoment | None = None

    @model_validator(mode="after")
    def _check_span(self) -> Self:
        after, before = self.created_after, self.created_before
        if after and before and before <= after:
            raise ValueError(f"created_before: {before} is not allowed: allowed is later than {after}")
        return self


class AssetQuery(_Query):
    """Which assets to list; None does not narrow."""

    kind: AssetKind | None = None


class ArtifactQuery(_Query):
    """Which artifacts to list; None does not narrow."""

    kind: ArtifactKind | None = None
    parent_asset_id: ObjectId | None = None
    pipeline_hash: Sha256 | None = None


ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """A part of a listing, newest first. `next_cursor` continues it; None says that this was the last."""

    items: tuple[ItemT, ...]
    next_cursor: str | None
