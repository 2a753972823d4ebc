"""Assets and artifacts, as they were before the schema had revisions.

A database of that time has these tables and no revision. Everything here is made only if it is missing, so
such a database takes this revision unchanged, and one whose making was cut short is completed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from engines.media_v2.migrating import UnknownSchemaError

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    _check("media_v2_assets", _stored_columns())
    op.create_table(
        "media_v2_assets",
        *_stored_columns(),
        sa.UniqueConstraint("id", "tenant_id", "env", name="media_v2_assets_scope"),
        if_not_exists=True,
    )
    _create_index("media_v2_assets_newest", "media_v2_assets", ["tenant_id", "env", "created_at", "id"])
    _check("media_v2_artifacts", (*_stored_columns(), *_artifact_columns()))
    op.create_table(
        "media_v2_artifacts",
        *_stored_columns(),
        *_artifact_columns(),
        sa.UniqueConstraint("tenant_id", "env", "kind", "dedupe_key", name="media_v2_artifacts_dedupe"),
        sa.ForeignKeyConstraint(
            ["parent_asset_id", "tenant_id", "env"],
            ["media_v2_assets.id", "media_v2_assets.tenant_id", "media_v2_assets.env"],
            name="media_v2_artifacts_parent_in_scope",
        ),
        if_not_exists=True,
    )
    _create_index("media_v2_artifacts_newest", "media_v2_artifacts", ["tenant_id", "env", "created_at", "id"])
    _create_index("media_v2_artifacts_parent", "media_v2_artifacts", ["parent_asset_id"])


def _stored_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("env", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("mime_type", sa.String(127), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uri", sa.String(1024), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meta", sa.JSON, nullable=False),
    )


def _artifact_columns() -> tuple[sa.Column[Any], ...]:
    return (sa.Column("parent_asset_id", sa.String(32)), sa.Column("dedupe_key", sa.String(255)))


def _create_index(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, if_not_exists=True)


def _check(table: str, columns: tuple[sa.Column[Any], ...]) -> None:
    """Refuse a table of this name that somebody else made."""
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table(table):
        found = {column["name"] for column in inspector.get_columns(table)}
        if found != {column.name for column in columns}:
            raise UnknownSchemaError(f"the table {table} has other columns than media_v2 ever gave it")
