"""Stored bytes, read back and never believed: only the registered ones of the right tenant come out."""

from __future__ import annotations

import hashlib

from engines.media_v2.errors import DamagedBlobError
from engines.media_v2.models import DerivedArtifact, MediaAsset, Scope
from engines.media_v2.storage import BlobStore

__all__ = ["read_checked"]


def read_checked(blobs: BlobStore, what: str, stored: MediaAsset | DerivedArtifact) -> bytes:
    """The bytes of an asset or artifact.

    Args:
        blobs: where they lie.
        what: what messages call it, "asset" or "artifact".
        stored: its row.

    Raises:
        DamagedBlobError: they are missing, they have another SHA-256, or the row names a place that is
            not its own.
    """
    scope = Scope(tenant_id=stored.tenant_id, env=stored.env)
    if stored.uri != scope.blob_key(stored.id, stored.filename):
        raise DamagedBlobError(f"{what} {stored.id}: its uri {stored.uri!r} is not its own blob; refused")
    data = blobs.get(stored.uri)
    if data is None:
        raise DamagedBlobError(f"{what} {stored.id}: its bytes are missing ({stored.uri})")
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise DamagedBlobError(
            f"{what} {stored.id}: its bytes are damaged ({stored.uri}): "
            f"{len(data)} bytes, not the {stored.size_bytes} of SHA-256 {stored.sha256}"
        )
    return data
