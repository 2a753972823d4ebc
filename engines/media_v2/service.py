"""The store: bytes in a blob store, rows in a database, and only one tenant and env visible to each call.

Bytes are stored first and the row after, so a process that dies between the two leaves a blob nobody refers
to, never a row without its bytes. Both are on the disk, or acknowledged by the server, when a call returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from os import PathLike
from typing import Self

from engines.media_v2 import upkeep
from engines.media_v2.artifact_calls import ArtifactCalls
from engines.media_v2.configuration import locate
from engines.media_v2.database import Database
from engines.media_v2.errors import StorageError
from engines.media_v2.storage import Blob, BlobStore
from engines.media_v2.upkeep import Finding

__all__ = ["MediaService"]


class MediaService(ArtifactCalls):
    """The store of a host's media. Safe to share between threads; open one per process, also after a fork.

    Every call on assets (`AssetCalls`) and artifacts (`ArtifactCalls`) names the tenant and env it acts for
    (each 1 to 64 letters, digits, '-', '_' and '.', but not '.' or '..'). What belongs to another tenant or
    env is not found, as if it did not exist. Only `verify` and `collect_garbage`, an operator's, see all.

    All methods raise `InvalidRequestError` for arguments that are not allowed and `StorageError` when the
    database or the blob store fails.
    """

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
