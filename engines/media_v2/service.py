"""The store: bytes in a blob store, rows in a database, and only one tenant and env visible to each call.

Bytes are stored first and the row after, so a process that dies between the two leaves a blob nobody refers
to, never a row without its bytes. Both are on the disk, or acknowledged by the server, when a call returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from os import PathLike
from typing import Any, Self, TypeVar

from pydantic import JsonValue

from engines.media_v2 import upkeep
from engines.media_v2.configuration import locate
from engines.media_v2.database import Database
from engines.media_v2.errors import (
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
    BlobKey,
    DerivedArtifact,
    ImageRenderMeta,
    MaskMeta,
    MediaAsset,
    OfKind,
    Page,
    Scope,
)
from engines.media_v2.reading import read_checked
from engines.media_v2.repository import MediaRepository
from engines.media_v2.storage import Blob, BlobStore
from engines.media_v2.upkeep import Finding

__all__ = ["MediaService"]


class MediaService:
    """The store of a host's media. Safe to share between threads; open one per process, also after a fork.

    Every call names the tenant and env it acts for (each 1 to 64 letters, digits, '-', '_' and '.', but not
    '.' or '..'). What belongs to another tenant or env is not found, as if it did not exist.

    All methods raise `InvalidRequestError` for arguments that are not allowed and `StorageError` when the
    database or the blob store fails.
    """

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._repository = MediaRepository(database)
        self._blobs = blobs
        self._closed = False

    @classmethod
    def open(
        cls,
        data_dir: str | PathLike[str] | None = None,
        *,
        database_url: str | None = None,
        blob_url: str | None = None,
    ) -> MediaService:
        """Open a store, making it when it is not there; a database of an older version is upgraded. Several
        processes and hosts may have the same store open.

        Args:
            data_dir: a folder with an SQLite file and a folder of blobs; takes the place of both URLs.
            database_url: `sqlite:///FILE` or `postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE`.
            blob_url: `file:///FOLDER` or `s3://BUCKET/PREFIX`, with S3's endpoint and credentials in the
                AWS_ variables of the environment.

        With no arguments, IMAGE_CORE_DATABASE_URL and IMAGE_CORE_BLOB_URL of the environment say both.

        Raises:
            InvalidRequestError: no store, half a store or two are given, or a URL is not allowed.
            StorageError: the store cannot be opened, or a newer version made it.
        """
        stores = locate(data_dir, database_url, blob_url)
        database = Database.open(stores.database)
        try:
            return cls(database, BlobStore.open(stores.blobs))
        except StorageError:
            database.close()
            raise

    def close(self) -> None:
        """Close the database's connections; the service takes no further calls."""
        self._closed = True
        self._database.close()

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

    def register_blob(
        self,
        uri: str,
        *,
        tenant_id: str,
        env: str,
        filename: str | None = None,
        kind: AssetKind | str = AssetKind.IMAGE,
        mime_type: str | None = None,
        meta: Mapping[str, JsonValue] | None = None,
    ) -> MediaAsset:
        """Keep a copy of a blob that is in the blob store already, put there by the host.

        Args:
            uri: the blob's key, `tenants/{tenant_id}/{env}/...`.
            filename: as for `register_asset`; None takes the last part of the key.
            tenant_id, env, kind, mime_type, meta: as for `register_asset`.

        Raises:
            NotFoundError: no blob has this key.
        """
        given = parse(BlobKey, {"uri": uri, "scope": self._scope(tenant_id, env)}).uri
        data = self._blobs.get(given)
        if data is None:
            raise NotFoundError(f"blob {given!r} not found")
        return self.register_asset(
            data,
            tenant_id=tenant_id,
            env=env,
            filename=given.rpartition("/")[2] if filename is None else filename,
            kind=kind,
            mime_type=mime_type,
            meta=meta,
        )

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
        return read_checked(self._blobs, "asset", self.get_asset(asset_id, tenant_id=tenant_id, env=env))

    def list_assets(
        self,
        *,
        tenant_id: str,
        env: str,
        kind: AssetKind | str | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[MediaAsset]:
        """A page of assets, newest first. What is None does not narrow.

        Args:
            tenant_id, env: whose.
            kind: of this kind.
            created_after: at this moment or later, an aware datetime.
            created_before: before this moment.
            limit: at most as many, 1 to 1000.
            cursor: where to go on, the `next_cursor` of the page before.
        """
        wanted = {"kind": kind, "created_after": created_after, "created_before": created_before}
        query = parse(AssetQuery, wanted | {"limit": limit, "cursor": cursor})
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

    def verify(self) -> Iterator[Finding]:
        """Read everything back, for an operator: across tenants and envs, each row and its bytes.

        Returns:
            A finding for each asset and artifact as it is read, those that are well included.
        """
        self._check_open()
        return upkeep.verify(self._database, self._blobs)

    def collect_garbage(
        self, *, delete: bool = False, older_than: timedelta = timedelta(days=1)
    ) -> tuple[Blob, ...]:
        """The blobs that no row refers to, for an operator: across tenants and envs. A registration that died
        between bytes and row leaves one, and an interrupted upload to a folder.

        Args:
            delete: remove them.
            older_than: leave younger ones alone: their row may be on the way.

        Raises:
            StorageError: a store failed; or `delete` is set and no blob at all has a row, as when the
                database and the blobs are those of two stores: nothing is removed.
        """
        self._check_open()
        return upkeep.collect_garbage(self._database, self._blobs, delete=delete, older_than=older_than)

    def _check_open(self) -> None:
        if self._closed:
            raise MediaError("this media service is closed")

    def _scope(self, tenant_id: str, env: str) -> Scope:
        self._check_open()
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
