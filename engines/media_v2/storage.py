"""Blobs: named bytes in a folder or in S3. The only importer of obstore.

A blob appears whole or not at all: a folder's put writes a temporary file and renames it, an object store's
put is atomic by itself. So a process that dies half-way leaves no half blob.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from engines.media_v2.errors import StorageError

__all__ = ["Blob", "BlobStore"]

_RETRY_TIMEOUT = timedelta(seconds=30)  # how long a request that fails is tried again


@dataclass(frozen=True, slots=True)
class Blob:
    """What a listing says of a blob. `modified_at` is by the store's clock."""

    key: str
    size_bytes: int
    modified_at: datetime


class BlobStore:
    """Bytes by key. Safe to share between threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def open(cls, url: str) -> BlobStore:
        """Open `file:///FOLDER` (made if it is not there) or `s3://BUCKET/PREFIX`.

        S3 is configured by the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,
        AWS_ENDPOINT_URL, AWS_ALLOW_HTTP and the others obstore knows.

        Raises:
            StorageError: the URL names no store that can be opened.
        """
        with _reporting(f"blob store {url}"):
            if url.startswith("file:"):
                return _Folder(from_url(url, mkdir=True), Path(url2pathname(urlsplit(url).path)))
            return cls(from_url(url, retry_config={"retry_timeout": _RETRY_TIMEOUT}))

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key. When this returns they can be read, also after a power cut."""
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
        """Remove the bytes of a key, if there are any."""
        with _reporting(f"blob {key}"), suppress(FileNotFoundError):
            obstore.delete(self._store, key)

    def list(self) -> Iterator[Blob]:
        """Every blob there is, in no order."""
        with _reporting("the list of blobs"):
            for batch in obstore.list(self._store, chunk_size=1000):
                for found in batch:
                    yield Blob(found["path"], found["size"], found["last_modified"].astimezone(UTC))


class _Folder(BlobStore):
    """Blobs that are files: written through to the disk, listed with what interrupted uploads left."""

    def __init__(self, store: ObjectStore, folder: Path) -> None:
        super().__init__(store)
        self._folder = folder

    def put(self, key: str, data: bytes) -> None:
        super().put(key, data)
        path = self._folder / key
        with _reporting(f"blob {key}"):
            _sync(path)
            for folder in path.parents:  # a new name is on the disk when its folder is
                _sync(folder)
                if folder == self._folder:
                    break

    def delete(self, key: str) -> None:
        path = self._folder / key
        with _reporting(f"blob {key}"):
            path.unlink(missing_ok=True)
            with suppress(OSError):  # something else is in it
                path.parent.rmdir()

    def list(self) -> Iterator[Blob]:
        """Unlike obstore's own, this sees the temporary files that a process which died had begun."""
        with _reporting("the list of blobs"):
            for folder, _, names in os.walk(self._folder, onerror=_raise):
                for path in (Path(folder, name) for name in names):
                    with suppress(FileNotFoundError):  # removed since, or an upload that has its name now
                        status = path.stat()
                        modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
                        yield Blob(path.relative_to(self._folder).as_posix(), status.st_size, modified_at)


def _raise(error: OSError) -> None:
    raise error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reporting(subject: str) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        # After the first line comes a dump of obstore's state, at its end may come a server's answer in XML.
        reason = str(error).strip().partition("\n")[0].partition(": <?xml")[0]
        raise StorageError(f"{subject}: {reason}") from error
