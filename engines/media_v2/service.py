"""The store: bytes in a blob store, rows in a database, and only one tenant and env visible to each call.

Bytes are stored first and the row after, so a process that dies between the two leaves a blob nobody refers
to, never a row without its bytes. (A machine that loses power may still lose bytes it had not written to its
disk; reading them says that they are damaged.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import JsonValue

from engines.media_v2.errors import (
    DamagedBlobError,
    InvalidArtifactError,
    MediaError,
    NotFoundError,
    StorageError,
)
from engines.media_v2.fields import parse, short
from engines.media_v2.intake import describe
from engines.media_v2.models import (
    META_OF_KIND,
    ArtifactKey,
    ArtifactKind,
    ArtifactQuery,
    AssetKind,
    AssetQuery,
    DerivedArtifact,
    ImageRenderMeta,
    MaskMeta,
    MediaAsset,
    OfKind,
    Page,
    Scope,
)
from engines.media_v2.repository import MediaRepository
from engines.media_v2.storage import BlobStore

__all__ = ["MediaService"]


class MediaService:
    """The store of a host's media. Safe to share between threads; open one per process, also after a fork.

    Every call names the tenant and env it acts for (each 1 to 64 letters, digits, '-', '_' and '.', but not
    '.' or '..'). What belongs to another tenant or env is not found, as if it did not exist.

    All methods raise `InvalidRequestError` for arguments that are not allowed and `StorageError` when the
    database or the blob store fails.
    """

    def __init__(self, repository: MediaRepository, blobs: BlobStore) -> None:
        self._repository = repository
        self._blobs = blobs
        self._closed = False

    @classmethod
    def open(cls, data_dir: str | PathLike[str]) -> MediaService:
        """Open the store in a folder: an SQLite file and a folder of blobs, made when they are not there.
        Several processes may have the same folder open."""
        folder = Path(data_dir).absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"data folder {folder}: {error.strerror or error}") from error
        blobs = BlobStore.open((folder / "blobs").as_uri())
        return cls(MediaRepository.open_sqlite(folder / "media_v2.sqlite3"), blobs)

    def close(self) -> None:
        """Close the database's connections; the service takes no further calls."""
        self._closed = True
        self._repository.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def register_asset(
        self,
        data: bytes,
        *,
        tenant_id: str,
        env: str,
        filename: str,
        kind: AssetKind | str = AssetKind.IMAGE,
        mime_type: str | None = None,
        meta: Mapping[str, JsonValue] | None = None,
    ) -> MediaAsset:
        """Keep a file.

        Args:
            data: the file's bytes, at least one.
            tenant_id: whose it is.
            env: the tenant's environment.
            filename: its name, up to 200 bytes of UTF-8, without separators and control characters.
            kind: image, font or other.
            mime_type: lower case, without parameters; by default what the name's extension says.
            meta: any JSON object.
        """
        scope = self._scope(tenant_id, env)
        fields = describe(data, scope, filename, mime_type)
        fields |= {"kind": kind, "meta": {} if meta is None else meta}
        asset = parse(MediaAsset, fields, subject="asset")
        self._blobs.put(asset.uri, data)
        self._repository.add_asset(asset)
        return asset

    def get_asset(self, asset_id: str, *, tenant_id: str, env: str) -> MediaAsset:
        """The asset of an id.

        Raises:
            NotFoundError: the tenant and env have no such asset.
        """
        scope = self._scope(tenant_id, env)
        asset = self._repository.get_asset(scope, asset_id) if _is_id(asset_id) else None
        return _found(asset, "asset", asset_id)

    def read_asset(self, asset_id: str, *, tenant_id: str, env: str) -> bytes:
        """The bytes of an asset, checked against its SHA-256.

        Raises:
            NotFoundError: the tenant and env have no such asset.
            DamagedBlobError: its bytes are missing or not those that were registered.
        """
        return self._read("asset", self.get_asset(asset_id, tenant_id=tenant_id, env=env))

    def list_assets(
        self,
        *,
        tenant_id: str,
        env: str,
        kind: AssetKind | str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[MediaAsset]:
        """A page of assets of a kind (None: of all), newest first: at most `limit`, 1 to 1000, from `cursor`
        on, the `next_cursor` of the page before (None: from the first)."""
        query = parse(AssetQuery, {"kind": kind, "limit": limit, "cursor": cursor})
        return self._repository.list_assets(self._scope(tenant_id, env), query)

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
        artifact = self._repository.get_artifact(scope, artifact_id) if _is_id(artifact_id) else None
        return _found(artifact, "artifact", artifact_id)

    def read_artifact(self, artifact_id: str, *, tenant_id: str, env: str) -> bytes:
        """The bytes of an artifact, checked against its SHA-256.

        Raises:
            NotFoundError: the tenant and env have no such artifact.
            DamagedBlobError: its bytes are missing or not those that were registered.
        """
        return self._read("artifact", self.get_artifact(artifact_id, tenant_id=tenant_id, env=env))

    def list_artifacts(
        self,
        *,
        tenant_id: str,
        env: str,
        kind: ArtifactKind | str | None = None,
        parent_asset_id: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[DerivedArtifact]:
        """A page of artifacts of a kind and of a parent (None: of all), as `list_assets` pages.

        Raises:
            NotFoundError: the tenant and env have no such parent asset.
        """
        if parent_asset_id is not None:
            self.get_asset(parent_asset_id, tenant_id=tenant_id, env=env)
        wanted = {"kind": kind, "parent_asset_id": parent_asset_id, "limit": limit, "cursor": cursor}
        return self._repository.list_artifacts(self._scope(tenant_id, env), parse(ArtifactQuery, wanted))

    def _scope(self, tenant_id: str, env: str) -> Scope:
        if self._closed:
            raise MediaError("this media service is closed")
        return parse(Scope, {"tenant_id": tenant_id, "env": env})

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

    def _read(self, what: str, stored: MediaAsset | DerivedArtifact) -> bytes:
        scope = Scope(tenant_id=stored.tenant_id, env=stored.env)
        if stored.uri != scope.blob_key(stored.id, stored.filename):
            raise DamagedBlobError(f"{what} {stored.id}: its uri {stored.uri!r} is not its own blob; refused")
        data = self._blobs.get(stored.uri)
        if data is None:
            raise DamagedBlobError(f"{what} {stored.id}: its bytes are missing ({stored.uri})")
        if hashlib.sha256(data).hexdigest() != stored.sha256:
            raise DamagedBlobError(
                f"{what} {stored.id}: its bytes are damaged ({stored.uri}): "
                f"{len(data)} bytes, not the {stored.size_bytes} of SHA-256 {stored.sha256}"
            )
        return data


def _key(kind: ArtifactKind, dedupe_key: str | None, supersede: bool) -> ArtifactKey | None:
    if dedupe_key is not None:
        return parse(ArtifactKey, {"kind": kind, "dedupe_key": dedupe_key}, raises=InvalidArtifactError)
    if supersede:
        raise InvalidArtifactError("supersede: this needs a dedupe_key")
    return None


_FoundT = TypeVar("_FoundT", MediaAsset, DerivedArtifact)


def _found(stored: _FoundT | None, what: str, object_id: str) -> _FoundT:
    if stored is None:
        raise NotFoundError(f"{what} {short(object_id)} not found")
    return stored


def _is_id(value: str) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value) is not None
