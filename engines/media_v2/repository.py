"""The rows of assets and artifacts, in any database SQLAlchemy knows. The only importer of sqlalchemy.

Every query is bound to one tenant and env: there is no way to ask for a row without saying whose. The tables
hold it as well, an artifact's parent can only be an asset of its own tenant and env.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    ForeignKeyConstraint,
    Index,
    MetaData,
    RowMapping,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
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

__all__ = ["MediaRepository"]

_BUSY_TIMEOUT_S = 30


class _UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, also in databases that keep no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


def _stored_columns() -> tuple[Column[Any], ...]:
    return (
        Column("id", String(32), primary_key=True),
        Column("tenant_id", String(64), nullable=False),
        Column("env", String(64), nullable=False),
        Column("kind", String(32), nullable=False),
        Column("filename", String(255), nullable=False),
        Column("mime_type", String(127), nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("uri", String(1024), nullable=False),
        Column("created_at", _UtcDateTime, nullable=False),
        Column("meta", JSON, nullable=False),
    )


_metadata = MetaData()

_assets = Table(
    "media_v2_assets",
    _metadata,
    *_stored_columns(),
    UniqueConstraint("id", "tenant_id", "env"),  # what an artifact's parent refers to
    Index("media_v2_assets_newest", "tenant_id", "env", "created_at", "id"),
)

_artifacts = Table(
    "media_v2_artifacts",
    _metadata,
    *_stored_columns(),
    Column("parent_asset_id", String(32)),
    Column("dedupe_key", String(255)),
    UniqueConstraint("tenant_id", "env", "kind", "dedupe_key"),  # NULLs are distinct: no key, no limit
    ForeignKeyConstraint(
        ["parent_asset_id", "tenant_id", "env"],
        ["media_v2_assets.id", "media_v2_assets.tenant_id", "media_v2_assets.env"],
    ),
    Index("media_v2_artifacts_newest", "tenant_id", "env", "created_at", "id"),
    Index("media_v2_artifacts_parent", "parent_asset_id"),
)


class MediaRepository:
    """Rows by tenant and env. Safe to share between threads; open one per process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open_sqlite(cls, path: Path) -> MediaRepository:
        """Open an SQLite file, making it and the tables that are not there.

        Raises:
            StorageError: the file cannot be opened or is no database.
        """
        url = URL.create("sqlite", database=str(path))
        engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _prepare_sqlite)
        with _reporting():
            try:
                _create_schema(engine)
            except SQLAlchemyError:
                engine.dispose()
                raise
        return cls(engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def add_asset(self, asset: MediaAsset) -> None:
        """Insert an asset's row."""
        with _reporting(), self._engine.begin() as connection:
            connection.execute(insert(_assets).values(asset.model_dump()))

    def add_artifact(
        self, artifact: DerivedArtifact, key: ArtifactKey | None, *, supersede: bool
    ) -> DerivedArtifact:
        """Insert an artifact's row, unless another artifact holds its key.

        With supersede, the key is first taken from the artifact that holds it.

        Returns:
            The artifact that holds the key now: the given one, or the one that came first. (With supersede
            as well, if another process gave the key away at the same moment.)
        """
        row = artifact.model_dump() | {
            "meta": artifact.meta.model_dump(mode="json", exclude_none=True),
            "dedupe_key": key.dedupe_key if key else None,
        }
        scope = Scope(tenant_id=artifact.tenant_id, env=artifact.env)
        with _reporting():
            try:
                with self._engine.begin() as connection:
                    if key and supersede:
                        connection.execute(
                            update(_artifacts).where(_has_key(scope, key)).values(dedupe_key=None)
                        )
                    connection.execute(insert(_artifacts).values(row))
            except IntegrityError:
                holder = self.find_artifact(scope, key) if key else None
                if holder is None:
                    raise
                return holder
        return artifact

    def get_asset(self, scope: Scope, asset_id: str) -> MediaAsset | None:
        """The asset of that id, or None."""
        row = self._first(_assets, _has_id(_assets, scope, asset_id))
        return _asset(row) if row else None

    def get_artifact(self, scope: Scope, artifact_id: str) -> DerivedArtifact | None:
        """The artifact of that id, or None."""
        row = self._first(_artifacts, _has_id(_artifacts, scope, artifact_id))
        return _artifact(row) if row else None

    def find_artifact(self, scope: Scope, key: ArtifactKey) -> DerivedArtifact | None:
        """The artifact that holds a key, or None."""
        row = self._first(_artifacts, _has_key(scope, key))
        return _artifact(row) if row else None

    def list_assets(self, scope: Scope, query: AssetQuery) -> Page[MediaAsset]:
        """A page of assets, newest first."""
        rows, next_cursor = self._page(_assets, scope, query)
        return Page(tuple(map(_asset, rows)), next_cursor)

    def list_artifacts(self, scope: Scope, query: ArtifactQuery) -> Page[DerivedArtifact]:
        """A page of artifacts, newest first."""
        rows, next_cursor = self._page(_artifacts, scope, query)
        return Page(tuple(map(_artifact, rows)), next_cursor)

    def _first(self, table: Table, where: ColumnElement[bool]) -> RowMapping | None:
        with _reporting(), self._engine.connect() as connection:
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
        with _reporting(), self._engine.connect() as connection:
            rows = connection.execute(newest_first.limit(query.limit + 1)).mappings().all()
        return rows[: query.limit], rows[query.limit - 1]["id"] if len(rows) > query.limit else None


def _in_scope(table: Table, scope: Scope) -> ColumnElement[bool]:
    return and_(table.c.tenant_id == scope.tenant_id, table.c.env == scope.env)


def _has_id(table: Table, scope: Scope, object_id: str) -> ColumnElement[bool]:
    return and_(_in_scope(table, scope), table.c.id == object_id)


def _has_key(scope: Scope, key: ArtifactKey) -> ColumnElement[bool]:
    held = and_(_artifacts.c.kind == key.kind, _artifacts.c.dedupe_key == key.dedupe_key)
    return and_(_in_scope(_artifacts, scope), held)


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
        for table in _metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    """Readers that do not block the writer, and foreign keys that are checked."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # The driver's own words; SQLAlchemy appends the statement and its parameters on further lines.
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StorageError(f"database: {reason}") from error
