"""Blobs: named bytes in a folder, S3 or any other store obstore can open. The only importer of obstore.

A blob appears whole or not at all: a folder's put writes a temporary file and renames it, an object store's
put is atomic by itself. So a process that dies half-way leaves no half blob.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from engines.media_v2.errors import StorageError

__all__ = ["BlobStore"]


class BlobStore:
    """Bytes by key. Safe to share between threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def open(cls, url: str) -> BlobStore:
        """Open `file:///folder` (made if it is not there) or another URL obstore knows.

        Raises:
            StorageError: the URL names no store that can be opened.
        """
        with _reporting(f"blob store {url}"):
            return cls(from_url(url, mkdir=True) if url.startswith("file:") else from_url(url))

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key; when this returns they can be read."""
        with _reporting(f"blob {key}"):
            obstore.put(self._store, key, data)

    def get(self, key: str) -> bytes | None:
        """The bytes of a key, or None where there are none."""
        with _reporting(f"blob {key}"):
            try:
                return obstore.get(self._store, key).bytes().to_bytes()
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        """Remove the bytes of a key."""
        with _reporting(f"blob {key}"):
            obstore.delete(self._store, key)


@contextmanager
def _reporting(subject: str) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        # obstore appends a dump of its own state after the first line.
        reason = str(error).strip().partition("\n")[0]
        raise StorageError(f"{subject}: {reason}") from error
