"""Content hashes of what is described rather than encoded: paints, shapes, selections."""

from __future__ import annotations

import hashlib
import json

__all__ = ["content_hash"]


def content_hash(kind: str, description: object, *libraries: str) -> str:
    """SHA-256 hex digest of a kind of source, its JSON-able description and what drew it.

    JSON with sorted keys and no spaces, in ASCII: the same description gives the same bytes everywhere.
    """
    record = [kind, description, *libraries]
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
