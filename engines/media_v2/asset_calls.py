"""The calls of `MediaService` on assets, and what all its calls begin with: whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from engines.media_v2.database import Database
from engines.media_v2.errors import MediaError, NotFoundError
from engines.media_v2.fields import parse, short
from engines.media_v2.intake import describe
from engines.media_v2.models import (
    AssetKind,
    AssetQuery,
    BlobKey,
    DerivedArtifact,
    MediaAsset,
    Page,
    Scope,
)
from engines.media_v2.reading import read_checked
from engines.media_v2.repository import MediaRepository
from engines.media_v2.storage import BlobStore

__all__ = ["AssetCalls", "found", "is_id"]


class AssetCalls:
    """Assets of one tenant and env, in a database and a blob store."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._repository = MediaRepository(database)
        self._blobs = blobs
        self._closed = False

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
        asset = self._repository.get_asset(scope, asset_id) if is_id(asset_id) else None
        return found(asset, "asset", asset_id)

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

    def _check_open(self) -> None:
        if self._closed:
            raise MediaError("this media service is closed")

    def _scope(self, tenant_id: str, env: str) -> Scope:
        self._check_open()
        return parse(Scope, {"tenant_id": tenant_id, "env": env})


_FoundT = TypeVar("_FoundT", MediaAsset, DerivedArtifact)


def found(stored: _FoundT | None, what: str, object_id: str) -> _FoundT:
    """What was looked for, or the one answer there is for all that a tenant and env do not have."""
    if stored is None:
        raise NotFoundError(f"{what} {short(object_id)} not found")
    return stored


def is_id(value: str) -> bool:
    """Whether this can be the id of anything."""
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value) is not None
