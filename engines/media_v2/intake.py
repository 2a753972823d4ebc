"""What is known of bytes the moment they are handed in: id, name, type, size, hash, place and time."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from mimetypes import MimeTypes
from typing import Any

from engines.media_v2.errors import InvalidRequestError
from engines.media_v2.models import Scope

__all__ = ["describe"]

# Python's own table and not the host's files: the same name has the same type everywhere.
_MIME_TYPES = MimeTypes(filenames=())


def describe(data: bytes, scope: Scope, filename: str, mime_type: str | None) -> dict[str, Any]:
    """The fields assets and artifacts share, under a new id. All but data is left to the models to check.

    Raises:
        InvalidRequestError: data is empty or not bytes.
    """
    if not isinstance(data, bytes) or not data:
        given = "an empty file" if isinstance(data, bytes) else type(data).__name__
        raise InvalidRequestError(f"data: {given} is not allowed: allowed are 1 or more bytes")
    object_id = uuid.uuid4().hex
    return {
        "id": object_id,
        "tenant_id": scope.tenant_id,
        "env": scope.env,
        "filename": filename,
        "mime_type": _guess_mime_type(filename) if mime_type is None else mime_type,
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "uri": scope.blob_key(object_id, filename),
        "created_at": datetime.now(UTC),
    }


def _guess_mime_type(filename: str) -> str:
    guess, encoding = _MIME_TYPES.guess_type(str(filename), strict=False)
    return guess if guess and not encoding else "application/octet-stream"
