"""The tables of media_v2, as the newest script in `migrations` leaves them.

The tenancy of an artifact's parent is held here: it can only be an asset of the artifact's own tenant and
env. So is the uniqueness of dedupe keys: of two hosts registering the same thing at once, one gets an error.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

__all__ = ["REVISION", "VERSION_TABLE", "artifacts", "assets", "metadata"]

REVISION = "0002"
"""The revision of the newest script, the schema these tables describe."""

VERSION_TABLE = "media_v2_version"
"""The table that says which revision a database has."""


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


metadata = MetaData()

assets = Table(
    "media_v2_assets",
    metadata,
    *_stored_columns(),
    # What an artifact's parent refers to.
    UniqueConstraint("id", "tenant_id", "env", name="media_v2_assets_scope"),
    Index("media_v2_assets_newest", "tenant_id", "env", "created_at", "id"),
)

artifacts = Table(
    "media_v2_artifacts",
    metadata,
    *_stored_columns(),
    Column("parent_asset_id", String(32)),
    Column("dedupe_key", String(255)),
    # Of an image_render's meta, to be listed by.
    Column("pipeline_hash", String(64)),
    # NULLs are distinct: any number of artifacts have no key.
    UniqueConstraint("tenant_id", "env", "kind", "dedupe_key", name="media_v2_artifacts_dedupe"),
    ForeignKeyConstraint(
        ["parent_asset_id", "tenant_id", "env"],
        ["media_v2_assets.id", "media_v2_assets.tenant_id", "media_v2_assets.env"],
        name="media_v2_artifacts_parent_in_scope",
    ),
    Index("media_v2_artifacts_newest", "tenant_id", "env", "created_at", "id"),
    Index("media_v2_artifacts_parent", "parent_asset_id"),
    Index("media_v2_artifacts_pipeline", "tenant_id", "env", "pipeline_hash", "created_at", "id"),
    Index("media_v2_artifacts_kind", "tenant_id", "env", "kind", "created_at", "id"),
)
