"""The rows of assets and artifacts, in any database SQLAlchemy knows.

Every query is bound to one tenant and env: there is no way to ask for a row without saying whose.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Engine,
    RowMapping,
    Table,
    and_,
    create_engine,
    event,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex, CreateTable

from engines.media_v2.errors import InvalidRequestError, StorageError
from engines.media_v2.fields import parse
from engines.media_v2.models import (
    META_OF_KIND,
    ArtifactKey,
    ArtifactQuery,
    AssetQuery,
    DerivedArtifact,
    MediaAsset,
    Page,
    Scope,
)
from engines.media_v2.tables import artifacts, assets, metadata

__all__ = ["MediaRepository"]

_BUSY_TIMEOUT_S = 30


class MediaRepository:
    """Rows by tenant and env. Safe to share between threads; open one per process."""

    def __init__(self, engine: Engine) -> None:
        """Use an engine's database, making the tables that are not there.

        Raises:
            StorageError: the database cannot be opened.
        """
        self._engine = engine
        try:
            with self._reporting():
                _create_schema(engine)
        except StorageError:
            engine.dispose()
            raise

    @classmethod
    def open_sqlite(cls, path: Path) -> MediaRepository:
        """Open an SQLite file, making it when it is not there."""
        url = URL.create("sqlite", database=str(path))
        engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _prepare_sqlite)
        return cls(engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def add_asset(self, asset: MediaAsset) -> None:
        """Insert an asset's row."""
        with self._reporting(), self._engine.begin() as connection:
            connection.execute(insert(assets).values(asset.model_dump()))

    def add_artifact(self, artifact: DerivedArtifact, key: ArtifactKey | None) -> DerivedArtifact:
        """Insert an artifact's row, unless another artifact holds its key.

        Returns:
            The artifact that holds the key now: the given one, or the one that came first.
        """
        with self._reporting():
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(artifacts).values(_row(artifact, key)))
            except IntegrityError:
                holder = self.find_artifact(_scope(artifact), key) if key else None
                if holder is None:
                    raise
                return holder
        return artifact

    def supersede_artifact(self, artifact: DerivedArtifact, key: ArtifactKey) -> None:
        """Insert an artifact's row and give it a key, taken from the artifact that holds it, if any does."""
        held = _has_key(_scope(artifact), key)
        with self._reporting(), self._engine.begin() as connection:
            connection.execute(update(artifacts).where(held).values(dedupe_key=None))
            connection.execute(insert(artifacts).values(_row(artifact, key)))

    def get_asset(self, scope: Scope, asset_id: str) -> MediaAsset | None:
        """The asset of that id, or None."""
        row = self._first(assets, _has_id(assets, scope, asset_id))
        return _asset(row) if row else None

    def get_artifact(self, scope: Scope, artifact_id: str) -> DerivedArtifact | None:
        """The artifact of that id, or None."""
        row = self._first(artifacts, _has_id(artifacts, scope, artifact_id))
        return _artifact(row) if row else None

    def find_artifact(self, scope: Scope, key: ArtifactKey) -> DerivedArtifact | None:
        """The artifact that holds a key, or None."""
        row = self._first(artifacts, _has_key(scope, key))
        return _artifact(row) if row else None

    def list_assets(self, scope: Scope, query: AssetQuery) -> Page[MediaAsset]:
        """A page of assets, newest first."""
        rows, next_cursor = self._page(assets, scope, query)
        return Page(tuple(map(_asset, rows)), next_cursor)

    def list_artifacts(self, scope: Scope, query: ArtifactQuery) -> Page[DerivedArtifact]:
        """A page of artifacts, newest first."""
        rows, next_cursor = self._page(artifacts, scope, query)
        return Page(tuple(map(_artifact, rows)), next_cursor)

    def _first(self, table: Table, where: ColumnElement[bool]) -> RowMapping | None:
        with self._reporting(), self._engine.connect() as connection:
            return connection.execute(select(table).where(where)).mappings().first()

    def _page(
        self, table: Table, scope: Scope, query: AssetQuery | ArtifactQuery
    ) -> tuple[Sequence[RowMapping], str | None]:
        """One page by keyset: the cursor is the last id of the page before, so rows that are added while
        someone pages neither shift nor repeat what follows."""
        wanted = query.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
        statement = select(table).where(_in_scope(table, scope)).filter_by(**wanted)
        if query.cursor is not None:
            last = self._first(table, _has_id(table, scope, query.cursor))
            if last is None:
                raise InvalidRequestError(f"cursor: {query.cursor!r} is not one this listing gave")
            statement = statement.where(_older(table, last))
        newest_first = statement.order_by(table.c.created_at.desc(), table.c.id.desc())
        with self._reporting(), self._engine.connect() as connection:
            rows = connection.execute(newest_first.limit(query.limit + 1)).mappings().all()
        return rows[: query.limit], rows[query.limit - 1]["id"] if len(rows) > query.limit else None

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, ValueError) as error:  # ValueError: a column's text is no JSON, no time
            # The driver's own words; SQLAlchemy appends the statement and its parameters on further lines.
            reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            name = self._engine.url.render_as_string(hide_password=True)
            raise StorageError(f"database {name}: {reason}") from error


def _scope(artifact: DerivedArtifact) -> Scope:
    return Scope(tenant_id=artifact.tenant_id, env=artifact.env)


def _row(artifact: DerivedArtifact, key: ArtifactKey | None) -> dict[str, Any]:
    meta = artifact.meta.model_dump(mode="json", exclude_none=True)
    return artifact.model_dump() | {"meta": meta, "dedupe_key": key.dedupe_key if key else None}


def _in_scope(table: Table, scope: Scope) -> ColumnElement[bool]:
    return and_(table.c.tenant_id == scope.tenant_id, table.c.env == scope.env)


def _has_id(table: Table, scope: Scope, object_id: str) -> ColumnElement[bool]:
    return and_(_in_scope(table, scope), table.c.id == object_id)


def _has_key(scope: Scope, key: ArtifactKey) -> ColumnElement[bool]:
    held = and_(artifacts.c.kind == key.kind, artifacts.c.dedupe_key == key.dedupe_key)
    return and_(_in_scope(artifacts, scope), held)


def _older(table: Table, row: RowMapping) -> ColumnElement[bool]:
    created_at, object_id = table.c.created_at, table.c.id
    same_moment = and_(created_at == row["created_at"], object_id < row["id"])
    return or_(created_at < row["created_at"], same_moment)


def _asset(row: RowMapping) -> MediaAsset:
    return parse(MediaAsset, dict(row), subject=f"database row of asset {row['id']}", raises=StorageError)


def _artifact(row: RowMapping) -> DerivedArtifact:
    fields = {name: value for name, value in row.items() if name != "dedupe_key"}
    subject = f"database row of artifact {row['id']}"
    if meta_model := META_OF_KIND.get(row["kind"]):
        fields["meta"] = parse(meta_model, row["meta"], subject=subject, at="meta", raises=StorageError)
    return parse(DerivedArtifact, fields, subject=subject, raises=StorageError)


def _create_schema(engine: Engine) -> None:
    """Make what is missing. `IF NOT EXISTS`, because another process may be making it right now."""
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Readers that do not block the writer, and foreign keys that are checked."""
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA foreign_keys = ON")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch a new file over; on any other this changes nothing. SQLite's own busy timeout does not cover the
    switch: of several processes opening a new file at once, some are told at once that it is locked."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.005)
