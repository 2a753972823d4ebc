"""The calls of `MediaService` on derived artifacts."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from engines.media_v2.asset_calls import AssetCalls, found, is_id
from engines.media_v2.errors import InvalidArtifactError, StorageError
from engines.media_v2.fields import parse
from engines.media_v2.intake import describe
from engines.media_v2.models import (
    META_OF_KIND,
    ArtifactKey,
    ArtifactKind,
    ArtifactQuery,
    DerivedArtifact,
    ImageRenderMeta,
    MaskMeta,
    OfKind,
    Page,
)
from engines.media_v2.reading import read_checked

__all__ = ["ArtifactCalls"]


class ArtifactCalls(AssetCalls):
    """Artifacts of one tenant and env, beside the assets they may be made from."""

    def register_artifact(
        self,
        data: bytes,
        *,
        tenant_id: str,
        env: str,
        kind: ArtifactKind | str,
        meta: dict[str, Any] | ImageRenderMeta | MaskMeta,
        filename: str,
        mime_type: str | None = None,
        parent_asset_id: str | None = None,
        dedupe_key: str | None = None,
        supersede: bool = False,
    ) -> DerivedArtifact:
        """Keep something that was made, once per dedupe key.

        When an artifact of the same tenant, env, kind and dedupe key is there, that one is returned and
        nothing is stored, also when several processes register it at the same moment.

        Args:
            data: the file's bytes, at least one.
            tenant_id: whose it is.
            env: the tenant's environment.
            kind: image_render or mask.
            meta: what `META_OF_KIND` asks for, as a dict or as that model.
            filename: as for `register_asset`.
            mime_type: as for `register_asset`.
            parent_asset_id: the asset it was made from, of the same tenant and env.
            dedupe_key: what it is the answer to, 1 to 255 characters; None always makes a new artifact.
            supersede: make a new artifact although one holds the dedupe key, and give the key to it. The
                older one keeps its id and bytes and is no longer found by the key.

        Raises:
            InvalidArtifactError: the artifact breaks the contract of its kind.
            NotFoundError: the tenant and env have no such parent asset.
        """
        scope = self._scope(tenant_id, env)
        kind = parse(OfKind, {"kind": kind}, raises=InvalidArtifactError).kind
        key = _key(kind, dedupe_key, supersede)
        if parent_asset_id is not None:
            self.get_asset(parent_asset_id, tenant_id=tenant_id, env=env)
        subject = f"{kind} artifact"
        fields = describe(data, scope, filename, mime_type) | {
            "kind": kind,
            "parent_asset_id": parent_asset_id,
            "meta": parse(META_OF_KIND[kind], meta, subject=subject, at="meta", raises=InvalidArtifactError),
        }
        artifact = parse(DerivedArtifact, fields, subject=subject, raises=InvalidArtifactError)
        held = self._repository.find_artifact(scope, key) if key and not supersede else None
        return held or self._add(artifact, data, key, supersede)

    def find_artifact(
        self, *, tenant_id: str, env: str, kind: ArtifactKind | str, dedupe_key: str
    ) -> DerivedArtifact | None:
        """The artifact that holds a dedupe key, or None."""
        key = parse(ArtifactKey, {"kind": kind, "dedupe_key": dedupe_key})
        return self._repository.find_artifact(self._scope(tenant_id, env), key)

    def get_artifact(self, artifact_id: str, *, tenant_id: str, env: str) -> DerivedArtifact:
        """The artifact of an id.

        Raises:
            NotFoundError: the tenant and env have no such artifact.
        """
        scope = self._scope(tenant_id, env)
        artifact = self._repository.get_artifact(scope, artifact_id) if is_id(artifact_id) else None
        return found(artifact, "artifact", artifact_id)

    def read_artifact(self, artifact_id: str, *, tenant_id: str, env: str) -> bytes:
        """The bytes of an artifact, checked against its SHA-256.

        Raises:
            NotFoundError: the tenant and env have no such artifact.
            DamagedBlobError: its bytes are missing or not those that were registered.
        """
        return read_checked(
            self._blobs, "artifact", self.get_artifact(artifact_id, tenant_id=tenant_id, env=env)
        )

    def list_artifacts(
        self,
        *,
        tenant_id: str,
        env: str,
        kind: ArtifactKind | str | None = None,
        parent_asset_id: str | None = None,
        pipeline_hash: str | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[DerivedArtifact]:
        """A page of artifacts, newest first. What is None does not narrow.

        Args:
            tenant_id, env, kind, created_after, created_before, limit, cursor: as for `list_assets`.
            parent_asset_id: made from this asset.
            pipeline_hash: renders of this plan, in any format.

        Raises:
            NotFoundError: the tenant and env have no such parent asset.
        """
        if parent_asset_id is not None:
            self.get_asset(parent_asset_id, tenant_id=tenant_id, env=env)
        wanted = {
            "kind": kind,
            "parent_asset_id": parent_asset_id,
            "pipeline_hash": pipeline_hash,
            "created_after": created_after,
            "created_before": created_before,
        }
        query = parse(ArtifactQuery, wanted | {"limit": limit, "cursor": cursor})
        return self._repository.list_artifacts(self._scope(tenant_id, env), query)

    def _add(
        self, artifact: DerivedArtifact, data: bytes, key: ArtifactKey | None, supersede: bool
    ) -> DerivedArtifact:
        self._blobs.put(artifact.uri, data)
        if key and supersede:
            self._repository.supersede_artifact(artifact, key)
            return artifact
        kept = self._repository.add_artifact(artifact, key)
        if kept is not artifact:
            with suppress(StorageError):  # a blob left over costs room, nothing else
                self._blobs.delete(artifact.uri)
        return kept


def _key(kind: ArtifactKind, dedupe_key: str | None, supersede: bool) -> ArtifactKey | None:
    if dedupe_key is not None:
        return parse(ArtifactKey, {"kind": kind, "dedupe_key": dedupe_key}, raises=InvalidArtifactError)
    if supersede:
        raise InvalidArtifactError("supersede: this needs a dedupe_key")
    return None
