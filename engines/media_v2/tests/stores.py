"""A store of a test: its two URLs, and eyes and hands behind the service's back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import obstore
from obstore.store import ObjectStore, from_url
from sqlalchemy import NullPool, create_engine, text

from engines.media_v2 import MediaService

__all__ = ["Store"]


@dataclass(frozen=True)
class Store:
    """Where the rows and the bytes of one test lie. Small enough to hand to another process."""

    database_url: str
    blob_url: str

    def open(self) -> MediaService:
        """Open the store, as any host would."""
        return MediaService.open(database_url=self.database_url, blob_url=self.blob_url)

    def blobs(self) -> list[bytes]:
        """The contents of all blobs there are."""
        return [self.read(key) for key in self.all_keys()]

    def all_keys(self) -> list[str]:
        """The keys of all blobs there are."""
        return [found["path"] for batch in obstore.list(self._blobs) for found in batch]

    def read(self, key: str) -> bytes:
        """The bytes of a blob."""
        return obstore.get(self._blobs, key).bytes().to_bytes()

    def write(self, key: str, data: bytes) -> None:
        """Put other bytes in the place of a blob."""
        obstore.put(self._blobs, key, data)

    def remove(self, key: str) -> None:
        """Take a blob away."""
        obstore.delete(self._blobs, key)

    def execute(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Run SQL on the database; `:name` stands for a value. The rows it gives, if it gives any."""
        engine = create_engine(self.database_url, poolclass=NullPool)
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    @contextmanager
    def refusing_rows(self) -> Iterator[None]:
        """While this lasts, no artifact's row can be added."""
        if self.database_url.startswith("sqlite"):
            event = "BEFORE INSERT ON media_v2_artifacts"
            self.execute(f"CREATE TRIGGER full {event} BEGIN SELECT RAISE(FAIL, 'full'); END")
            undo = "DROP TRIGGER full"
        else:
            self.execute("ALTER TABLE media_v2_artifacts ADD CONSTRAINT full_ CHECK (false) NOT VALID")
            undo = "ALTER TABLE media_v2_artifacts DROP CONSTRAINT full_"
        try:
            yield
        finally:
            self.execute(undo)

    @property
    def _blobs(self) -> ObjectStore:
        return from_url(self.blob_url)
