"""The rows of assets and artifacts, in any database SQLAlchemy knows.

Every query is bound to one tenant and env: there is no way to ask for a row without saying whose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from engines.media_v2.database import Database
from engines.media_v2.errors import InvalidRequestError, StorageError
from engines.media_v2.fields import parse
from engines.media_v2.models import (
    META_OF_KIND,
    ArtifactKey,
    ArtifactQuery,
    AssetQuery,
    DerivedArtifact,
    ImageRenderMeta,
    MediaAsset,
    Page,
    Scope,
)
from engines.media_v2.tables import artifacts, assets

__all__ = ["MediaRepository", "artifact_of_row", "asset_of_row"]

_NOT_FIELDS = {"dedupe_key", "pipeline_hash"}
_NOT_COLUMNS = {"limit", "cursor", "created_after", "created_before"}


class MediaRepository:
    """Rows by tenant and env."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_asset(self, asset: MediaAsset) -> None:
        """Insert an asset's row."""
        with self._database.reporting(), self._database.writing() as connection:
            connection.execute(insert(assets).values(asset.model_dump()))

    def add_artifact(self, artifact: DerivedArtifact, key: ArtifactKey | None) -> DerivedArtifact:
        """Insert an artifact's row, unless another artifact holds its key.

        Returns:
            The artifact that holds the key now: the given one, or the one that came first.
        """
        with self._database.reporting():
            try:
                with self._database.writing() as connection:
                    connection.execute(insert(artifacts).values(_row(artifact, key)))
            except IntegrityError:
                holder = self.find_artifact(_scope(artifact), key) if key else None
                if holder is None:
                    raise
                return holder
        return artifact

    def supersede_artifact(self, artifact: DerivedArtifact, key: ArtifactKey) -> None:
        """Insert an artifact's row and give it a key, taken from the artifact that holds it, if any does.

        Where rows are locked one by one (PostgreSQL), another can take the key between this taking it away
        and this giving it on. Then it is taken from that one: of several, the last to come has it.
        """
        beaten_by = None
        with self._database.reporting():
            while True:
                try:
                    return self._take_key(artifact, key)
                except IntegrityError:
                    holder = self.find_artifact(_scope(artifact), key)
                    if holder is None or holder.id == beaten_by:  # then it is not the key that is refused
                        raise
                    beaten_by = holder.id

    def _take_key(self, artifact: DerivedArtifact, key: ArtifactKey) -> None:
        with self._database.writing() as connection:
            held = _has_key(_scope(artifact), key)
            connection.execute(update(artifacts).where(held).values(dedupe_key=None))
            connection.execute(insert(artifacts).values(_row(artifact, key)))

    def get_asset(self, scope: Scope, asset_id: str) -> MediaAsset | None:
        """The asset of that id, or None."""
        row = self._first(assets, _has_id(assets, scope, asset_id))
        return asset_of_row(row) if row else None

    def get_artifact(self, scope: Scope, artifact_id: str) -> DerivedArtifact | None:
        """The artifact of that id, or None."""
        row = self._first(artifacts, _has_id(artifacts, scope, artifact_id))
        return artifact_of_row(row) if row else None

    def find_artifact(self, scope: Scope, key: ArtifactKey) -> DerivedArtifact | None:
        """The artifact that holds a key, or None."""
        row = self._first(artifacts, _has_key(scope, key))
        return artifact_of_row(row) if row else None

    def list_assets(self, scope: Scope, query: AssetQuery) -> Page[MediaAsset]:
        """A page of assets, newest first."""
        rows, next_cursor = self._page(assets, scope, query)
        return Page(tuple(map(asset_of_row, rows)), next_cursor)

    def list_artifacts(self, scope: Scope, query: ArtifactQuery) -> Page[DerivedArtifact]:
        """A page of artifacts, newest first."""
        rows, next_cursor = self._page(artifacts, scope, query)
        return Page(tuple(map(artifact_of_row, rows)), next_cursor)

    def _first(self, table: Table, where: ColumnElement[bool]) -> RowMapping | None:
        with self._database.reporting(), self._database.reading() as connection:
            return connection.execute(select(table).where(where)).mappings().first()

    def _page(
        self, table: Table, scope: Scope, query: AssetQuery | ArtifactQuery
    ) -> tuple[Sequence[RowMapping], str | None]:
        """One page by keyset: the cursor is the last id of the page before, so rows that are added while
        someone pages neither shift nor repeat what follows."""
        equal = query.model_dump(exclude=_NOT_COLUMNS, exclude_none=True)
        statement = select(table).where(_in_scope(table, scope), *_within(table, query)).filter_by(**equal)
        if query.cursor is not None:
            last = self._first(table, _has_id(table, scope, query.cursor))
            if last is None:
                raise InvalidRequestError(f"cursor: {query.cursor!r} is not one this listing gave")
            statement = statement.where(_older(table, last))
        newest_first = statement.order_by(table.c.created_at.desc(), table.c.id.desc())
        with self._database.reporting(), self._database.reading() as connection:
            rows = connection.execute(newest_first.limit(query.limit + 1)).mappings().all()
        return rows[: query.limit], rows[query.limit - 1]["id"] if len(rows) > query.limit else None


def _scope(artifact: DerivedArtifact) -> Scope:
    return Scope(tenant_id=artifact.tenant_id, env=artifact.env)


def _row(artifact: DerivedArtifact, key: ArtifactKey | None) -> dict[str, Any]:
    meta = artifact.meta
    return artifact.model_dump() | {
        "meta": meta.model_dump(mode="json", exclude_none=True),
        "dedupe_key": key.dedupe_key if key else None,
        "pipeline_hash": meta.pipeline_hash if isinstance(meta, ImageRenderMeta) else None,
    }


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


def _within(table: Table, query: AssetQuery | ArtifactQuery) -> list[ColumnElement[bool]]:
    after, before = query.created_after, query.created_before
    first = [table.c.created_at >= after] if after else []
    return first + ([table.c.created_at < before] if before else [])


def asset_of_row(row: RowMapping) -> MediaAsset:
    """The asset a row describes.

    Raises:
        StorageError: the row is damaged.
    """
    return parse(MediaAsset, dict(row), subject=f"database row of asset {row['id']}", raises=StorageError)


def artifact_of_row(row: RowMapping) -> DerivedArtifact:
    """The artifact a row describes.

    Raises:
        StorageError: the row is damaged.
    """
    fields = {name: value for name, value in row.items() if name not in _NOT_FIELDS}
    subject = f"database row of artifact {row['id']}"
    if meta_model := META_OF_KIND.get(row["kind"]):
        fields["meta"] = parse(meta_model, row["meta"], subject=subject, at="meta", raises=StorageError)
    return parse(DerivedArtifact, fields, subject=subject, raises=StorageError)
